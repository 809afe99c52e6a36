package io.paxoslog.log;

import io.paxoslog.codecs.journal.OpeningDecoder;
import io.paxoslog.codecs.journal.RecordType;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A segment that may hold records which count.
 *
 * @param file null when it is gone
 * @param head what its first record says of it
 * @param limit position from which on a later segment says what holds
 * @param rewritten its name proves that all of it was forced
 */
record Part(int number, Path file, Path directory, Head head, long limit, boolean rewritten) {
    /**
     * The first record of a file.
     *
     * @param base its position, or -1 when it cannot be read
     * @param previousChecksum checksum of the record before it
     * @param highestBefore highest slot that the files before may hold; {@link #NOT_KNOWN} in files
     *     of earlier versions
     * @param fileBytes size of the file
     */
    record Head(long base, int previousChecksum, long highestBefore, long fileBytes) {
        private static final Head NONE = new Head(-1, 0, NOT_KNOWN, 0);
    }

    /** No slot: files of earlier versions do not say. */
    static final long NOT_KNOWN = -1;

    /** The first record of a file lies right behind what Chronicle keeps at its front. */
    static final int OPENING_BEFORE_BYTES = 512 << 10;

    /** All segments that count, lowest number first. Changes nothing. */
    static List<Part> find(SegmentFiles files, List<SegmentFiles.Name> names, long incarnation)
            throws IOException {
        List<Part> found = new ArrayList<>();
        for (SegmentFiles.Name name : names) {
            if (!name.unfinished()) {
                found.add(of(files, name, incarnation));
            }
        }
        return withoutSuperseded(found, files.disk(), incarnation);
    }

    private static List<Part> withoutSuperseded(List<Part> found, Disk disk, long incarnation)
            throws IOException {
        Deque<Part> parts = new ArrayDeque<>();
        long limit = Long.MAX_VALUE;
        for (int i = found.size() - 1; i >= 0; i--) {
            boolean hasNoOpening = found.get(i).base() < 0;
            Part part = found.get(i).orWithoutOpening(disk, incarnation);
            // Of one whose opening is lost nobody knows where it began.
            if (part.base() < limit || hasNoOpening) {
                parts.addFirst(part.withLimit(limit));
            }
            // A later segment says what holds from its base on, even where older ones go further.
            limit = part.base() < 0 ? limit : Math.min(limit, part.base());
        }
        return List.copyOf(parts);
    }

    /** Where its opening is lost it begins with what is left. */
    private Part orWithoutOpening(Disk disk, long incarnation) throws IOException {
        if (base() >= 0 || file == null) {
            return this;
        }
        try (MappedSegment segment = MappedSegment.openReadable(disk, number, file)) {
            RecordCursor cursor = new RecordCursor(segment, incarnation);
            if (!cursor.next()) {
                return this;
            }
            long bytes = segment.bytes().capacity();
            Head first =
                    new Head(
                            cursor.fields().position(),
                            cursor.header().previousChecksum(),
                            NOT_KNOWN,
                            bytes);
            return new Part(number, file, directory, first, limit, rewritten);
        }
    }

    private Part withLimit(long newLimit) {
        return new Part(number, file, directory, head, newLimit, rewritten);
    }

    private static Part of(SegmentFiles files, SegmentFiles.Name name, long incarnation)
            throws IOException {
        Path file;
        try {
            file = files.fileIn(name.directory());
        } catch (NoSuchFileException e) {
            return new Part(name.number(), null, name.directory(), Head.NONE, 0, name.rewritten());
        }
        Head head = headOf(files.disk(), name.number(), file, incarnation);
        return new Part(name.number(), file, name.directory(), head, 0, name.rewritten());
    }

    private static Head headOf(Disk disk, int number, Path file, long incarnation)
            throws IOException {
        try (MappedSegment segment = MappedSegment.open(disk, number, file)) {
            segment.load(0, OPENING_BEFORE_BYTES);
            RecordCursor cursor = new RecordCursor(segment, incarnation);
            boolean isOpening =
                    cursor.nextBefore(OPENING_BEFORE_BYTES)
                            && cursor.fields().recordType() == RecordType.OPENING
                            && cursor.payloadIsValid();
            return isOpening ? headOf(cursor) : Head.NONE;
        } catch (UnreadableException e) {
            return Head.NONE;
        } catch (InternalError e) {
            throw new UnreadableException(file, e);
        }
    }

    private static Head headOf(RecordCursor cursor) {
        OpeningDecoder opening = Survey.opening(cursor);
        long highestBefore = opening.highestBefore();
        return new Head(
                cursor.fields().position(),
                cursor.header().previousChecksum(),
                highestBefore == OpeningDecoder.highestBeforeNullValue()
                        ? NOT_KNOWN
                        : highestBefore,
                cursor.segment().bytes().capacity());
    }

    /** Position of its first record, or -1 when that cannot be read. */
    long base() {
        return head.base();
    }

    /** Whether all that the files before this one hold lies at or below a slot. */
    boolean canBeginAbove(long slot) {
        return base() >= 0 && head.highestBefore() != NOT_KNOWN && head.highestBefore() <= slot;
    }

    /** Position of the first file, of these, that holds anything that a snapshot does not hold. */
    static int firstNeeded(List<Part> parts, long snapshotSlot) {
        int first = 0;
        for (int i = 0; snapshotSlot > 0 && i < parts.size(); i++) {
            first = parts.get(i).canBeginAbove(snapshotSlot) ? i : first;
        }
        return first;
    }
}
