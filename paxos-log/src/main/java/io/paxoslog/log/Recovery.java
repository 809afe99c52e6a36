package io.paxoslog.log;

import io.paxoslog.codecs.journal.OpeningDecoder;
import io.paxoslog.codecs.journal.RecordDecoder;
import io.paxoslog.codecs.journal.RecordType;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.JournalRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Says again what a surveyed journal holds, and makes its tail durable: records that are valid but
 * not proven forced may exist in the page cache only, so they are rewritten into a segment written
 * aside, forced, and renamed.
 */
final class Recovery {
    /** Chronicle needs a quarter of the block to be larger than the largest record. */
    private static final int BLOCKS_PER_RECORD = 5;

    private final JournalConfig config;
    private final Surroundings surroundings;
    private final Disk disk;
    private final JournalDirectory directory;
    private final SegmentFiles files;
    private final Identity identity;
    private final Survey survey;
    private final long snapshotSlot;
    private final SlotIndex index;
    private final Standing standing;
    private final boolean mayHaveForgotten;
    private final Rot rot;
    private final RecordReplay replay = new RecordReplay();
    private final KeptFiles kept = new KeptFiles();

    // How far it has read.
    private long readPosition;
    private int readChecksum;

    // How many records there were before what is read next.
    private long records;
    private long copiedRecords;

    // How far what is kept reaches.
    private long position;
    private int checksum;
    private RecordAppender rewriter;
    private Losses losses;
    private long rewrittenAbove;
    private int nextNumber;

    /**
     * @param mayHaveForgotten whether values that were voted for may be missing
     */
    Recovery(
            JournalConfig config,
            Surroundings surroundings,
            JournalDirectory directory,
            Survey survey,
            long snapshotSlot,
            SlotIndex index,
            Standing standing,
            boolean mayHaveForgotten) {
        this.config = config;
        this.surroundings = surroundings;
        this.disk = surroundings.disk();
        this.directory = directory;
        this.files = directory.segments();
        this.identity = directory.identity();
        this.survey = survey;
        this.rot = survey.rot();
        this.snapshotSlot = snapshotSlot;
        this.index = index;
        this.standing = standing;
        this.mayHaveForgotten = mayHaveForgotten;
        this.nextNumber = survey.highestNumber() + 1;
        this.readPosition = survey.beginPosition();
        this.readChecksum = survey.beginChecksum();
        this.position = readPosition;
        this.checksum = readChecksum;
    }

    /**
     * Replays every kept record in order. When it returns, all of them are forced.
     *
     * @throws JournalException when a gap may have held the founding
     */
    void run(JournalRecords into) throws IOException {
        OpeningDecoder copy = directory.standingCopy().read(identity);
        losses = new Losses(index, standing, into, copy);
        copiedRecords = copy == null ? 0 : recordsIn(copy);
        for (Part part : survey.chain()) {
            if (part.file() != null) {
                replay(part, into);
            }
        }
        if (rot.isGapAtEnd()) {
            losses.gap();
            keepGapVisible();
        }
        joinSnapshot();
        requireFounded();
        if (copy != null) {
            goOnFrom(copy.sbeRewind());
            keepBallots(copy.sbeRewind(), into);
        }
        boolean isForgetful = mayHaveForgotten || losses.hasLostVotes();
        // Before the founding only the first slot is voted on, and that is forced in every mode.
        // That it was back since may be among what is lost.
        if (isForgetful && standing.isFounded() && !standing.isReturningAbovePromise()) {
            noteReturning(into);
        }
        noteKept();
        if (rewriter != null) {
            seal();
        }
    }

    private void joinSnapshot() {
        // Which values were chosen above the commit index the snapshot knows, and the journal does
        // not.
        if (standing.commitIndex() < snapshotSlot) {
            standing.keptFrom(snapshotSlot + 1);
            index.dropBelow(snapshotSlot + 1);
        }
    }

    /** Whoever knows of no founding votes on that only, and a vote that is lost is not made up. */
    private void requireFounded() throws IOException {
        if (losses.isAnyGap() && !standing.isFounded()) {
            abandonRewriting();
            throw new JournalException(
                    JournalException.Kind.DAMAGED,
                    rot.places().get(0)
                            + " is damaged, and the cluster was not founded yet: this node cannot"
                            + " know what it voted for; nothing was changed, empty the"
                            + " directories of all nodes and start them again");
        }
    }

    private void abandonRewriting() throws IOException {
        if (rewriter != null) {
            rewriter.segment().close();
            files.delete(files.unfinished(rewriter.segment().number()));
        }
    }

    private void noteKept() {
        // Of one whose file is gone a crash left the rest when it was removed.
        survey.covered().stream().filter(part -> part.file() != null).forEach(kept::add);
        int lastLeft = -1;
        List<Part> chain = survey.chain();
        for (int i = 0; i < chain.size(); i++) {
            lastLeft = isLeft(chain.get(i)) ? i : lastLeft;
        }
        // Also those between of which nothing can be read: rot is never removed.
        chain.subList(0, lastLeft + 1).stream()
                .filter(part -> part.file() != null)
                .forEach(kept::add);
    }

    /** Whether not all of its records are said again by a later file. */
    private boolean isLeft(Part part) {
        return part.base() >= 0 && part.base() < survey.forced();
    }

    /**
     * Rot in what was forced last looks as if it had never been written. The second copy has every
     * ballot that was ever used, and perhaps one that was not yet.
     */
    private void keepBallots(OpeningDecoder copy, JournalRecords into) throws IOException {
        if (copy.promised() > standing.promised()) {
            append(RecordType.PROMISED, copy.promised());
            standing.promised(copy.promised());
            into.promised(copy.promised());
        }
        if (copy.campaigned() > standing.campaigned()) {
            append(RecordType.CAMPAIGNED, copy.campaigned());
            standing.campaigned(copy.campaigned());
            into.campaigned(copy.campaigned());
        }
    }

    /**
     * Others were told of the runs, and the second copy has the latest even where its opening is
     * lost. How many records there were the heads tell that are left. Where nothing that is left
     * closes a gap, and so votes may be lost, as many were there as the copy counted, too.
     */
    private void goOnFrom(OpeningDecoder copy) {
        standing.opened(copy);
        if (losses.hasLostVotes()) {
            records = Math.max(records, copiedRecords);
        }
    }

    private static long recordsIn(OpeningDecoder copy) {
        // An earlier version did not count.
        return Math.max(0, copy.records());
    }

    /** Not counted: an old copy would seem to hold more than it does. */
    private void append(RecordType type, long ballot) throws IOException {
        if (rewriter == null) {
            beginRewriting();
        }
        rewriter.records(records);
        rewriter.appendBallot(type, ballot);
    }

    /** Forced with the rest, before the next start finds nothing any more that tells of it. */
    private void noteReturning(JournalRecords into) throws IOException {
        long promised = standing.promised();
        append(RecordType.RETURNING, promised);
        standing.returning(promised);
        into.returning(promised);
    }

    private void replay(Part part, JournalRecords into) throws IOException {
        try (MappedSegment segment = MappedSegment.openReadable(disk, part.number(), part.file())) {
            RecordCursor cursor = new RecordCursor(segment, identity.incarnation());
            long limit = Math.min(part.limit(), survey.end());
            while (cursor.next() && cursor.fields().position() < limit) {
                if (cursor.continues(readPosition, readChecksum)) {
                    take(cursor, into);
                } else if (isBehindGap(cursor)) {
                    losses.gap();
                    // Heads tell the lowest bits only.
                    records = records == 0 ? copiedRecords : records;
                    if (survey.forced() <= cursor.fields().position()) {
                        keepGapVisible();
                    }
                    take(cursor, into);
                }
            }
        } catch (InternalError e) {
            throw new UnreadableException(part.file(), e);
        }
    }

    /** What follows begins where all that was forced ended: the next start finds the gap, too. */
    private void keepGapVisible() {
        if (position < survey.forced()) {
            position = survey.forced();
            checksum = 0;
        }
    }

    private boolean isBehindGap(RecordCursor cursor) {
        long position = cursor.fields().position();
        return rot.isResumed(position) && position >= readPosition;
    }

    private void take(RecordCursor cursor, JournalRecords into) throws IOException {
        readPosition = cursor.endPosition();
        readChecksum = cursor.header().checksum();
        if (isBeginOfCompacted(cursor)) {
            standing.take(Survey.opening(cursor));
            index.dropBelow(standing.firstKept());
            standing.repeat(into);
            records = recordsIn(Survey.opening(cursor));
        }
        records = cursor.recordsBefore(records);
        if (rot.isLost(cursor.fields().position())) {
            lose(cursor);
        } else if (RecordReplay.isKept(cursor)) {
            keep(cursor, into);
        } else if (cursor.fields().recordType() == RecordType.OPENING) {
            open(Survey.opening(cursor));
        }
        records += RecordReplay.isCounted(cursor.fields().recordType()) ? 1 : 0;
        if (cursor.fields().position() < survey.forced()) {
            position = readPosition;
            checksum = readChecksum;
        }
    }

    /** An opening only repeats what stood: nothing that this node needs is lost with it. */
    private void lose(RecordCursor cursor) {
        if (cursor.fields().recordType() != RecordType.OPENING) {
            losses.take(cursor);
        }
    }

    private void open(OpeningDecoder opening) {
        if (losses.isInGap()) {
            losses.end(opening);
        } else {
            standing.opened(opening);
        }
    }

    private boolean isBeginOfCompacted(RecordCursor cursor) {
        long at = cursor.fields().position();
        return at > 0 && at == survey.beginPosition();
    }

    private void keep(RecordCursor cursor, JournalRecords into) throws IOException {
        int segment = cursor.segment().number();
        int offset = cursor.offset();
        if (cursor.fields().position() >= survey.forced()) {
            rewrite(cursor);
            segment = rewriter.segment().number();
            offset = rewriter.segment().lastOffset();
        }
        addToIndex(cursor, segment, offset);
        replay(cursor, into);
    }

    private void replay(RecordCursor cursor, JournalRecords into) {
        RecordDecoder fields = cursor.fields();
        RecordType type = fields.recordType();
        if (losses.isAnyGap() && type == RecordType.COMMITTED && fields.ballot() != Ballot.NONE) {
            losses.committed(fields.ballot(), fields.firstSlot());
            return;
        }
        if (type == RecordType.RETURNED) {
            losses.returned();
        }
        replay.replay(cursor, standing);
        index.dropBelow(standing.firstKept());
        replay.replay(cursor, into);
    }

    private void addToIndex(RecordCursor cursor, int segment, int offset) {
        if (cursor.hasBatch()) {
            RecordDecoder fields = cursor.fields();
            index.add(fields.firstSlot(), fields.count(), cursor.rank(), segment, offset);
        }
        index.refill();
    }

    private void rewrite(RecordCursor cursor) throws IOException {
        if (rewriter == null) {
            beginRewriting();
        }
        rewriter.records(records);
        RecordDecoder fields = cursor.fields();
        switch (fields.recordType()) {
            case ACCEPTED, CHOSEN ->
                    rewriter.appendBatch(fields.recordType(), replay.batch(cursor));
            case COMMITTED -> rewriter.appendCommitted(fields.ballot(), fields.firstSlot());
            case MEMBERSHIP ->
                    rewriter.appendMembership(
                            fields.firstSlot(),
                            cursor.segment().bytes(),
                            cursor.payloadOffset(),
                            fields.payloadBytes());
            case DECISION ->
                    rewriter.appendDecision(
                            fields.firstSlot(),
                            cursor.segment().bytes(),
                            cursor.payloadOffset(),
                            fields.payloadBytes());
            case REMEMBERED ->
                    rewriter.appendRemembered(
                            RecordReplay.rememberedMember(cursor),
                            RecordReplay.rememberedRun(cursor),
                            RecordReplay.rememberedRecords(cursor));
            case HELD -> rewriter.appendHeld(fields.firstSlot(), RecordReplay.heldAgainst(cursor));
            default -> rewriter.appendBallot(fields.recordType(), fields.ballot());
        }
    }

    private void beginRewriting() throws IOException {
        long tail = survey.end() - survey.forced();
        long room =
                tail
                        + tail / 8
                        + (long) BLOCKS_PER_RECORD * (survey.largestPayload() + RecordHeader.BYTES)
                        + JournalConfig.MIN_SEGMENT_BYTES;
        Path aside = files.unfinished(nextNumber);
        if (disk.exists(aside)) {
            files.delete(aside);
        }
        disk.createDirectory(aside);
        Segment segment = reserved(aside, Math.toIntExact(room));
        rewriter = new RecordAppender(config, identity, position, checksum, records);
        rewrittenAbove = standing.highestSlot();
        rewriter.open(segment, standing, position, surroundings.timestamps().getAsLong());
    }

    /** Before anything is written through a mapping, where a full disk ends the process. */
    private Segment reserved(Path aside, int room) throws IOException {
        Segment segment = null;
        try {
            segment = Segment.create(disk, nextNumber, identity.incarnation(), aside, room);
            segment.reserve(false, part -> {});
            return segment;
        } catch (IOException e) {
            if (segment != null) {
                segment.close();
            }
            // It counts for nothing, and takes room that the next start needs.
            files.delete(aside);
            throw e;
        }
    }

    private void seal() throws IOException {
        rewriter.records(records);
        rewriter.appendMark(RecordType.SEALED);
        Segment segment = rewriter.segment();
        Path aside = files.unfinished(segment.number());
        segment.force();
        segment.close();
        disk.forceNames(aside);
        disk.rename(aside, files.rewritten(segment.number()));
        disk.forceNames(files.directory());
        position = rewriter.position();
        checksum = rewriter.checksum();
        kept.add(
                new KeptFiles.Kept(
                        nextNumber,
                        files.rewritten(nextNumber),
                        segment.fileBytes(),
                        rewrittenAbove,
                        0));
        nextNumber++;
    }

    /** The files that are left, all of them forced. */
    KeptFiles kept() {
        return kept;
    }

    /** Begins where the kept records end. */
    RecordAppender appender() {
        return new RecordAppender(config, identity, position, checksum, records);
    }

    /** Number of the segment to append to. */
    int nextNumber() {
        return nextNumber;
    }

    /**
     * Removes the segments that count no more. Only once a later segment that says so is forced.
     */
    void removeSuperseded() throws IOException {
        for (SegmentFiles.Name name : files.list()) {
            if (!kept.holds(name.number()) && name.number() <= survey.highestNumber()) {
                files.delete(name.directory());
            }
        }
        disk.forceNames(files.directory());
    }
}
