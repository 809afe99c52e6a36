package io.paxoslog.log;

import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import io.paxoslog.codecs.journal.OpeningDecoder;
import io.paxoslog.codecs.journal.RecordDecoder;
import io.paxoslog.codecs.journal.RecordType;
import io.paxoslog.log.JournalException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads all segments by our own rules and finds what holds: the unbroken chain of valid records
 * from the start, how much of it is proven forced, and whether anything forced is missing. Changes
 * nothing.
 */
final class Survey {
    /** How the last run used the journal. */
    record LastRun(Durability durability, String bootId) {}

    private final Disk disk;
    private final Identity identity;
    private final RecordReplay replay = new RecordReplay();
    private final List<Part> parts;
    private final int highestNumber;

    /** How many of the files, from the oldest on, are not looked at. */
    private final int skipped;

    // The unbroken chain so far.
    private long end;
    private int endChecksum;
    private long lastSlot;

    private long forced;
    private int largestPayload;
    private boolean endsClean;
    private boolean endsSealed;
    private LastRun lastRun;

    // The first break, if any.
    private String breakPlace;
    private long nextSlotAfterBreak;

    private Survey(
            SegmentFiles files, List<SegmentFiles.Name> names, Identity identity, long snapshotSlot)
            throws IOException {
        this.disk = files.disk();
        this.identity = identity;
        this.parts = Part.find(files, names, identity.incarnation());
        this.highestNumber = names.stream().mapToInt(SegmentFiles.Name::number).max().orElse(0);
        this.skipped = coveredFiles(snapshotSlot);
        if (begin() != null && begin().base() > 0 && begin().canBeginAbove(Long.MAX_VALUE)) {
            end = begin().base();
            endChecksum = begin().head().previousChecksum();
            lastSlot = begin().head().highestBefore();
        }
    }

    /** How many files, from the oldest on, hold nothing that a snapshot does not hold. */
    private int coveredFiles(long snapshotSlot) {
        int covered = 0;
        for (int i = 0; snapshotSlot > 0 && i < parts.size(); i++) {
            covered = parts.get(i).canBeginAbove(snapshotSlot) ? i : covered;
        }
        return covered;
    }

    /**
     * Looks at what is not covered by a snapshot.
     *
     * @param snapshotSlot the snapshot holds everything up to it; 0 when there is none
     * @throws JournalException when something that was forced is missing or damaged, or the journal
     *     does not join the snapshot
     */
    static Survey of(SegmentFiles files, Identity identity, long snapshotSlot) throws IOException {
        Survey survey = new Survey(files, files.list(), identity, snapshotSlot);
        survey.requireJoined(files, snapshotSlot);
        for (Part part : survey.chain()) {
            survey.read(part);
        }
        survey.requireForced();
        return survey;
    }

    /** Of a journal that is being made. */
    static Survey ofNothing(SegmentFiles files, Identity identity) {
        try {
            return new Survey(files, List.of(), identity, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireJoined(SegmentFiles files, long snapshotSlot) {
        if (end > 0 && !joins(snapshotSlot)) {
            throw notJoined(files, lastSlot, snapshotSlot);
        }
    }

    /** Slots up to {@code lastGone} may have been in files that are gone. */
    static JournalException notJoined(SegmentFiles files, long lastGone, long snapshotSlot) {
        return new JournalException(
                Kind.DAMAGED,
                "the journal in "
                        + files.directory()
                        + " was compacted up to slot "
                        + lastGone
                        + ", but "
                        + (snapshotSlot == 0
                                ? "there is no snapshot that can be read"
                                : "the newest snapshot that can be read is of slot " + snapshotSlot)
                        + ": put the snapshots back from where they went, or replace the node;"
                        + " nothing was changed");
    }

    private void read(Part part) throws IOException {
        if (part.file() == null) {
            noteEndOf(part, 0);
            return;
        }
        try (MappedSegment segment = MappedSegment.open(disk, part.number(), part.file())) {
            segment.load();
            RecordCursor cursor = new RecordCursor(segment, identity.incarnation());
            int endOffset = 0;
            while (cursor.next()) {
                requireKnownVersion(part, cursor);
                if (cursor.fields().position() >= part.limit()) {
                    break;
                }
                forced = Math.max(forced, cursor.fields().forcedPosition());
                if (breakPlace != null) {
                    noteAfterBreak(cursor);
                } else if (isNext(cursor)) {
                    take(part, cursor);
                    endOffset = cursor.offset() + cursor.header().recordBytes();
                } else {
                    noteBreak(part, part.file() + " at byte " + endOffset);
                    noteAfterBreak(cursor);
                }
            }
            noteEndOf(part, endOffset);
        } catch (InternalError e) {
            throw new UnreadableException(part.file(), e);
        }
    }

    private boolean isNext(RecordCursor cursor) {
        return cursor.continues(end, endChecksum)
                && cursor.payloadIsValid()
                && replay.isWellFormed(cursor);
    }

    private void take(Part part, RecordCursor cursor) {
        end = cursor.endPosition();
        endChecksum = cursor.header().checksum();
        lastSlot = Math.max(lastSlot, cursor.header().lastSlot());
        RecordType type = cursor.fields().recordType();
        largestPayload = Math.max(largestPayload, cursor.fields().payloadBytes());
        endsSealed = type == RecordType.SEALED;
        endsClean = type == RecordType.STOPPED || endsSealed;
        if (type == RecordType.OPENING) {
            takeOpening(part, cursor);
        }
        if (endsSealed && part.rewritten()) {
            // It got its name only once all of it was forced.
            forced = Math.max(forced, end);
        }
    }

    private void takeOpening(Part part, RecordCursor cursor) {
        OpeningDecoder opening = opening(cursor);
        if (!part.rewritten()) {
            Durability durability = Durability.of(opening.durability());
            skipToRuns(opening);
            for (OpeningDecoder.RunsDecoder run : opening.runs()) {
                run.run();
                run.firstRecord();
            }
            for (OpeningDecoder.RememberedDecoder known : opening.remembered()) {
                known.member();
                known.run();
                known.records();
            }
            lastRun = new LastRun(durability, opening.bootId());
        }
    }

    /** Reads an opening, of which the fields were read, up to its runs. */
    static void skipToRuns(OpeningDecoder opening) {
        for (OpeningDecoder.MembershipsDecoder entry : opening.memberships()) {
            entry.skipEntry();
        }
        for (OpeningDecoder.DecisionsDecoder entry : opening.decisions()) {
            entry.skipEntry();
        }
        for (OpeningDecoder.HoldsDecoder hold : opening.holds()) {
            hold.slot();
            hold.decision();
        }
    }

    /** The body of an opening record. */
    static OpeningDecoder opening(RecordCursor cursor) {
        return new OpeningDecoder()
                .wrapAndApplyHeader(
                        cursor.segment().bytes(),
                        cursor.payloadOffset(),
                        new MessageHeaderDecoder());
    }

    private void requireKnownVersion(Part part, RecordCursor cursor) {
        if (cursor.header().version() > RecordDecoder.SCHEMA_VERSION) {
            throw new JournalException(
                    Kind.NEWER_FORMAT,
                    part.file()
                            + " holds records of format version "
                            + cursor.header().version()
                            + ", this program knows versions up to "
                            + RecordDecoder.SCHEMA_VERSION
                            + ": start a newer program");
        }
    }

    private void noteBreak(Part part, String place) {
        if (breakPlace == null) {
            breakPlace = place;
        }
        if (part.rewritten()) {
            forced = Math.max(forced, end + 1);
        }
    }

    private void noteAfterBreak(RecordCursor cursor) {
        boolean isDamaged = cursor.fields().position() == end;
        if (nextSlotAfterBreak == 0 && cursor.hasBatch() && !isDamaged) {
            nextSlotAfterBreak = cursor.fields().firstSlot();
        }
    }

    private void noteEndOf(Part part, int endOffset) {
        boolean isShort = part.limit() != Long.MAX_VALUE && end < part.limit();
        boolean isUnsealed = part.rewritten() && !endsSealed;
        if (isShort || isUnsealed) {
            Path place = part.file() == null ? part.directory() : part.file();
            noteBreak(part, place + " at byte " + endOffset);
        }
    }

    private void requireForced() {
        // The first record of all was forced before the directory got its identity.
        if (end == 0) {
            throw new JournalException(
                    Kind.DAMAGED,
                    "the first segment of the journal is missing or damaged: put it back from a"
                            + " copy, or replace the node; nothing was changed");
        }
        if (forced > end) {
            throw new JournalException(
                    Kind.DAMAGED,
                    breakPlace
                            + " (position "
                            + end
                            + ") is damaged, though everything up to position "
                            + forced
                            + " was forced: "
                            + lostSlots()
                            + " cannot be trusted; nothing was changed, replace the node");
        }
    }

    private String lostSlots() {
        String from = "slots " + (lastSlot + 1);
        return nextSlotAfterBreak > lastSlot + 1
                ? from + " to " + (nextSlotAfterBreak - 1)
                : from + " and above";
    }

    /** The first file that is looked at; null when there is none. */
    private Part begin() {
        return skipped == parts.size() ? null : parts.get(skipped);
    }

    /** Whether a snapshot holds all that is not looked at. */
    boolean joins(long snapshotSlot) {
        return beginPosition() == 0 || begin().canBeginAbove(snapshotSlot);
    }

    /** Files that hold nothing that the snapshot does not hold, oldest first. */
    List<Part> covered() {
        return parts.subList(0, skipped);
    }

    /** Files that were looked at, oldest first. */
    List<Part> chain() {
        return parts.subList(skipped, parts.size());
    }

    /** Position at which the chain begins. */
    long beginPosition() {
        return begin() == null ? 0 : Math.max(0, begin().base());
    }

    /** Checksum of the record before the chain. */
    int beginChecksum() {
        return begin() == null ? 0 : begin().head().previousChecksum();
    }

    int highestNumber() {
        return highestNumber;
    }

    /** Position up to which records are valid. */
    long end() {
        return end;
    }

    /** Position up to which records are proven forced. */
    long forced() {
        return forced;
    }

    int largestPayload() {
        return largestPayload;
    }

    /** Whether the last record says that all before it was forced. */
    boolean endsClean() {
        return endsClean;
    }

    /** Null when no segment was opened yet. */
    LastRun lastRun() {
        return lastRun;
    }
}
