package io.paxoslog.log;

import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import io.paxoslog.codecs.journal.OpeningDecoder;
import io.paxoslog.codecs.journal.RecordDecoder;
import io.paxoslog.codecs.journal.RecordType;
import io.paxoslog.core.Runs;
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
    /**
     * How the last run used the journal.
     *
     * @param run which one it was, see {@link Runs}; {@link Runs#NONE} where earlier versions do
     *     not say
     */
    record LastRun(long run, Durability durability, String bootId) {
        /** How that run ended must be taken to be the worst. */
        private static final LastRun NOT_KNOWN = new LastRun(Long.MAX_VALUE, Durability.ASYNC, "");

        /** The one that an opening was written in. */
        private static LastRun of(OpeningDecoder opening) {
            Durability durability = Durability.of(opening.durability());
            skipToRuns(opening);
            long run = Runs.NONE;
            for (OpeningDecoder.RunsDecoder one : opening.runs()) {
                run = one.run();
                one.firstRecord();
            }
            for (OpeningDecoder.RememberedDecoder known : opening.remembered()) {
                known.member();
                known.run();
                known.records();
            }
            return new LastRun(run, durability, opening.bootId());
        }
    }

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

    // What is damaged below all that was forced.
    private final Rot rot = new Rot();
    private final boolean hasStanding;
    private boolean isInGap;
    private boolean isTorn;
    private String unreadable;

    private Survey(
            SegmentFiles files,
            List<SegmentFiles.Name> names,
            Identity identity,
            long snapshotSlot,
            boolean hasStanding)
            throws IOException {
        this.hasStanding = hasStanding;
        this.disk = files.disk();
        this.identity = identity;
        this.parts = Part.find(files, names, identity.incarnation());
        this.highestNumber = names.stream().mapToInt(SegmentFiles.Name::number).max().orElse(0);
        this.skipped = skippedFiles(snapshotSlot);
        restart();
    }

    private void restart() {
        end = 0;
        endChecksum = 0;
        lastSlot = 0;
        if (isCompacted()) {
            end = begin().base();
            endChecksum = begin().head().previousChecksum();
            lastSlot = begin().head().highestBefore();
        }
    }

    /**
     * Files that a snapshot covers, and those after the first file that nothing says the state of.
     */
    private int skippedFiles(long snapshotSlot) {
        int covered = Part.firstNeeded(parts, snapshotSlot);
        int at = covered;
        while (at < parts.size() && parts.get(at).number() > 1 && !isBegin(parts.get(at))) {
            at++;
        }
        return at == parts.size() ? covered : at;
    }

    private static boolean isBegin(Part part) {
        return part.canBeginAbove(Long.MAX_VALUE);
    }

    /**
     * Looks at what is not covered by a snapshot.
     *
     * @param snapshotSlot the snapshot holds everything up to it; 0 when there is none
     * @param standing the second copy of what stands; null when it cannot be read
     * @throws JournalException when something that was forced is missing or damaged, and what this
     *     node promised cannot be proven
     */
    static Survey of(
            SegmentFiles files, Identity identity, long snapshotSlot, OpeningDecoder standing)
            throws IOException {
        Survey survey = new Survey(files, files.list(), identity, snapshotSlot, standing != null);
        for (Part part : survey.chain()) {
            survey.read(part);
        }
        if (survey.forced > survey.end || survey.end == 0) {
            // The first record of all was forced before the directory got its identity.
            survey.readOverRot();
        }
        if (standing != null) {
            survey.goOnFrom(LastRun.of(standing));
        }
        return survey;
    }

    /** The last opening may be gone without a trace but this: nothing says that run ended well. */
    private void goOnFrom(LastRun keptApart) {
        long known = lastRun == null ? Runs.NONE : lastRun.run();
        if (Runs.number(keptApart.run()) > Runs.number(known)) {
            lastRun = keptApart;
            endsClean = false;
        }
    }

    /** Of a journal that is being made. */
    static Survey ofNothing(SegmentFiles files, Identity identity) {
        try {
            return new Survey(files, List.of(), identity, 0, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(Part part) throws IOException {
        if (part.file() == null) {
            noteEndOf(part, 0);
            return;
        }
        try (MappedSegment segment = MappedSegment.openReadable(disk, part.number(), part.file())) {
            RecordCursor cursor = new RecordCursor(segment, identity.incarnation());
            int endOffset = 0;
            noteUnreadable(segment);
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

    private void noteUnreadable(MappedSegment segment) {
        if (segment.unreadable() != null && unreadable == null) {
            unreadable = segment.unreadable();
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
            lastRun = LastRun.of(opening);
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

    /**
     * Follows the chain again, beyond damage. Where a gap is followed by a file that says what
     * stood, the promise is proven all the same; else nobody knows what this node promised.
     */
    private void readOverRot() throws IOException {
        JournalException refusal = notProven();
        restart();
        endsClean = false;
        lastRun = null;
        for (Part part : chain()) {
            if (part.file() != null && !isTorn) {
                readOverRot(part);
            }
        }
        if (!hasStanding && (isInGap || end < forced || end == 0)) {
            throw refusal;
        }
        if (end < forced) {
            rot.gapAtEnd(refusalPlace());
        }
    }

    private void readOverRot(Part part) throws IOException {
        try (MappedSegment segment = MappedSegment.openReadable(disk, part.number(), part.file())) {
            RecordCursor cursor = new RecordCursor(segment, identity.incarnation());
            int endOffset = 0;
            while (!isTorn && cursor.next() && cursor.fields().position() < part.limit()) {
                if (cursor.continues(end, endChecksum) || isBehindGap(part, cursor, endOffset)) {
                    takeOrLose(part, cursor);
                    endOffset = cursor.offset() + cursor.header().recordBytes();
                }
            }
        } catch (InternalError e) {
            throw new UnreadableException(part.file(), e);
        }
    }

    /** Whether a record that does not follow the one before is where the chain goes on. */
    private boolean isBehindGap(Part part, RecordCursor cursor, int endOffset) {
        long position = cursor.fields().position();
        if (position < end) {
            return false;
        }
        if (end >= forced) {
            isTorn = true;
            return false;
        }
        if (position >= forced && !hasStanding) {
            // What is rewritten from here on would begin without what stood.
            isTorn = true;
            return false;
        }
        rot.gap(part.file() + " at byte " + endOffset, position);
        isInGap = true;
        return true;
    }

    private void takeOrLose(Part part, RecordCursor cursor) {
        long position = cursor.fields().position();
        boolean isWhole = cursor.payloadIsValid() && replay.isWellFormed(cursor);
        if (!isWhole && position >= forced) {
            isTorn = true;
            return;
        }
        if (isWhole) {
            isInGap = isInGap && cursor.fields().recordType() != RecordType.OPENING;
            take(part, cursor);
            return;
        }
        rot.lost(part.file() + " at byte " + cursor.offset(), position);
        end = cursor.endPosition();
        endChecksum = cursor.header().checksum();
        lastSlot = Math.max(lastSlot, cursor.header().lastSlot());
        if (cursor.fields().recordType() == RecordType.OPENING) {
            lastRun = LastRun.NOT_KNOWN;
        } else {
            isInGap = isInGap || !cursor.hasBatch();
        }
    }

    private String refusalPlace() {
        return breakPlace == null ? "the journal" : breakPlace;
    }

    private JournalException notProven() {
        if (end == 0) {
            return new JournalException(
                    Kind.DAMAGED,
                    "the first segment of the journal is missing or damaged"
                            + atPlace()
                            + ", and no later one says"
                            + " what this node promised: put it back from a copy, or replace the"
                            + " node; nothing was changed");
        }
        return new JournalException(
                Kind.DAMAGED,
                (unreadable == null ? breakPlace : unreadable)
                        + " (position "
                        + end
                        + ") is damaged, though everything up to position "
                        + forced
                        + " was forced: "
                        + lostSlots()
                        + " cannot be trusted, and no later file says what this node promised, so"
                        + " that it counts as one whose directory was emptied; nothing was"
                        + " changed, replace the node");
    }

    private String atPlace() {
        String place = unreadable == null ? breakPlace : unreadable;
        return place == null ? "" : " (" + place + ")";
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
        return isCompacted() ? begin().base() : 0;
    }

    /** Checksum of the record before the chain. */
    int beginChecksum() {
        return isCompacted() ? begin().head().previousChecksum() : 0;
    }

    private boolean isCompacted() {
        return begin() != null && begin().base() > 0 && isBegin(begin());
    }

    /** What is damaged, though it was forced. */
    Rot rot() {
        return rot;
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
