package io.paxoslog.log;

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
 * @param base position of its first record, or -1 when that cannot be read
 * @param limit position from which on a later segment says what holds
 * @param rewritten its name proves that all of it was forced
 */
record Part(int number, Path file, Path directory, long base, long limit, boolean rewritten) {
    /** The first record of a file lies right behind what Chronicle keeps at its front. */
    private static final int OPENING_BEFORE_BYTES = 512 << 10;

    /** All segments that count, lowest number first. Changes nothing. */
    static List<Part> find(SegmentFiles files, List<SegmentFiles.Name> names, long incarnation)
            throws IOException {
        List<Part> found = new ArrayList<>();
        for (SegmentFiles.Name name : names) {
            if (!name.unfinished()) {
                found.add(of(files, name, incarnation));
            }
        }
        return withoutSuperseded(found);
    }

    private static List<Part> withoutSuperseded(List<Part> found) {
        Deque<Part> parts = new ArrayDeque<>();
        long limit = Long.MAX_VALUE;
        for (int i = found.size() - 1; i >= 0; i--) {
            Part part = found.get(i);
            if (part.base < limit) {
                parts.addFirst(part.withLimit(limit));
            }
            // A later segment says what holds from its base on, even where older ones go further.
            limit = part.base < 0 ? limit : Math.min(limit, part.base);
        }
        return List.copyOf(parts);
    }

    private Part withLimit(long newLimit) {
        return new Part(number, file, directory, base, newLimit, rewritten);
    }

    private static Part of(SegmentFiles files, SegmentFiles.Name name, long incarnation)
            throws IOException {
        Path file;
        try {
            file = files.fileIn(name.directory());
        } catch (NoSuchFileException e) {
            return new Part(name.number(), null, name.directory(), -1, 0, name.rewritten());
        }
        long base = baseOf(files.disk(), name.number(), file, incarnation);
        return new Part(name.number(), file, name.directory(), base, 0, name.rewritten());
    }

    private static long baseOf(Disk disk, int number, Path file, long incarnation)
            throws IOException {
        try (MappedSegment segment = MappedSegment.open(disk, number, file)) {
            segment.load(0, OPENING_BEFORE_BYTES);
            RecordCursor cursor = new RecordCursor(segment, incarnation);
            boolean isOpening =
                    cursor.nextBefore(OPENING_BEFORE_BYTES)
                            && cursor.fields().recordType() == RecordType.OPENING
                            && cursor.payloadIsValid();
            return isOpening ? cursor.fields().position() : -1;
        } catch (InternalError e) {
            throw new UnreadableException(file, e);
        }
    }
}
