package io.paxoslog.log;

import io.paxoslog.codecs.journal.RecordType;
import io.paxoslog.codecs.journal.RememberedEncoder;
import io.paxoslog.core.Base;
import io.paxoslog.core.Batch;
import io.paxoslog.core.JournalRecords;
import io.paxoslog.core.Room;
import io.paxoslog.core.Runs;
import io.paxoslog.log.JournalException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/**
 * The journal of a node on Chronicle Queue, recovered by its own rules.
 *
 * <p>Life: {@link #open}, {@link #recover} once, then records are appended by one thread at a time,
 * {@link #close}. Every method belongs to that thread unless it says otherwise. Nothing waits for
 * the disk; {@link #syncedPosition} tells how far it has come.
 */
public final class ChronicleJournal implements JournalRecords, AutoCloseable {
    /** A start makes a small segment at once; a large one is made meanwhile. */
    private static final int FIRST_SEGMENT_BYTES = 8 << 20;

    private final JournalConfig config;
    private final Surroundings surroundings;
    private final JournalDirectory directory;
    private final SlotIndex index = new SlotIndex();
    private final Standing standing = new Standing();
    private final SegmentPreparer preparer;
    private final Syncer syncer;
    private final RoomGauge gauge;
    private final StandingCopy standingCopy;

    /** What stands, to be kept apart before ballots count as synced. */
    private volatile byte[] toKeep;

    private byte[] keptApart;
    private long encodedPosition;

    private final List<JournalReader> readers = new ArrayList<>();
    private Survey survey;
    private KeptFiles kept;
    private List<String> damagedPlaces = List.of();

    private volatile String failure;
    private RecordAppender appender;
    private long ballotPosition;
    private long forcedRecords;
    private long awaitedPosition;
    private long awaitedRecords;
    private long publishedPosition;
    private long segmentStart;
    private int segmentBytes;
    private boolean isUnused = true;
    private boolean closed;
    private Thread owner;

    private ChronicleJournal(
            JournalConfig config,
            Surroundings surroundings,
            JournalDirectory directory,
            Survey survey,
            JournalListener listener) {
        this.config = config;
        this.surroundings = surroundings;
        this.directory = directory;
        this.survey = survey;
        this.preparer =
                new SegmentPreparer(
                        surroundings,
                        directory.segments(),
                        directory.identity().incarnation(),
                        config,
                        listener);
        this.gauge =
                new RoomGauge(surroundings, config, directory.segments().directory(), preparer);
        this.standingCopy = directory.standingCopy();
        this.syncer =
                new Syncer(
                        surroundings,
                        config,
                        index,
                        preparer,
                        this::forceFailed,
                        this::keepStanding,
                        listener::forced);
    }

    /** For the syncer. */
    private void keepStanding() throws IOException {
        byte[] now = toKeep;
        if (!Arrays.equals(now, keptApart)) {
            standingCopy.write(now);
            keptApart = now;
        }
    }

    private void noteStanding(long records) {
        if (encodedPosition != ballotPosition) {
            encodedPosition = ballotPosition;
            toKeep =
                    StandingCopy.encode(
                            standing,
                            records,
                            directory.identity(),
                            config.durability(),
                            config.bootId());
        }
    }

    /** Word of it is left before anybody is told. */
    private void forceFailed(Throwable cause) {
        String what =
                "a file in "
                        + directory.segments().directory()
                        + " could not be forced ("
                        + cause.getMessage()
                        + "): check the disk";
        try {
            directory.noteFailedForce();
            failure = what;
        } catch (IOException e) {
            failure =
                    what
                            + ", and restart the machine before this node: not even a mark of that"
                            + " could be written ("
                            + e.getMessage()
                            + ")";
        }
    }

    /**
     * Takes the directory for this process, draws or reads its identity, and checks all that is
     * there. Changes nothing in a directory that it refuses.
     *
     * @throws JournalException saying what is wrong and what to do
     */
    public static ChronicleJournal open(JournalConfig config) {
        return open(config, JournalListener.NONE);
    }

    /** As {@link #open(JournalConfig)}; {@code listener} hears what operators should know. */
    public static ChronicleJournal open(JournalConfig config, JournalListener listener) {
        return open(config, Surroundings.REAL, listener);
    }

    static ChronicleJournal open(JournalConfig config, Surroundings surroundings) {
        return open(config, surroundings, JournalListener.NONE);
    }

    static ChronicleJournal open(
            JournalConfig config, Surroundings surroundings, JournalListener listener) {
        return open(config, surroundings, listener, Base.NONE);
    }

    /** As above; one that is made is on a base. */
    static ChronicleJournal open(
            JournalConfig config, Surroundings surroundings, JournalListener listener, Base base) {
        JournalDirectory directory = JournalDirectory.open(config, surroundings, base);
        try {
            Survey survey =
                    directory.isNew()
                            ? Survey.ofNothing(directory.segments(), directory.identity())
                            : survey(directory, newestSnapshot(config, surroundings));
            return new ChronicleJournal(config, surroundings, directory, survey, listener);
        } catch (JournalException e) {
            directory.close();
            throw e;
        }
    }

    /** As its manifest says: whether all of it can be read is seen later. */
    private static long newestSnapshot(JournalConfig config, Surroundings surroundings) {
        try {
            return SnapshotStore.look(surroundings.disk(), config.directory()).stream()
                    .mapToLong(SnapshotManifest::slot)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw failed("cannot read the snapshots in " + config.directory(), e);
        }
    }

    private static Survey survey(JournalDirectory directory, long snapshotSlot) {
        try {
            return Survey.of(
                    directory.segments(),
                    directory.identity(),
                    snapshotSlot,
                    directory.standingCopy().read(directory.identity()));
        } catch (UnreadableException e) {
            throw new JournalException(
                    Kind.DAMAGED,
                    e.getMessage() + ": check the disk, or replace the node; nothing was changed",
                    e);
        } catch (IOException e) {
            throw new JournalException(
                    Kind.NOT_WRITABLE,
                    "cannot read " + directory.segments().directory() + ": " + e.getMessage(),
                    e);
        }
    }

    /** Values that were not forced may be gone, and votes with them. */
    private boolean mayHaveForgotten() throws IOException {
        Survey.LastRun last = survey.lastRun();
        if (last == null || last.durability() == Durability.SYNC) {
            return false;
        }
        boolean lostPower = !survey.endsClean() && !last.bootId().equals(config.bootId());
        return lostPower || directory.hasFailedForce();
    }

    /**
     * Drawn at random when the directory was made; belongs into the node's member id. Any thread.
     */
    public long incarnation() {
        return directory.identity().incarnation();
    }

    /** What this node's cluster is founded on; the journal holds it. Any thread. */
    public Base base() {
        return directory.identity().base();
    }

    /** As {@link #recover(JournalRecords, long)}, where there is no snapshot. */
    public void recover(JournalRecords into) {
        recover(into, 0);
    }

    /**
     * Says every kept record again, in order, then makes all of them durable. From then on records
     * may be appended, by any one thread. Of a journal that was compacted it first says what stood
     * where the kept records begin. Files that hold nothing but what the snapshot holds are not
     * read. Where votes may be lost {@link JournalRecords#returning} is said, too, and written
     * down.
     *
     * @param snapshotSlot the newest snapshot that can be read holds everything up to it; 0 when
     *     there is none
     *     <p>What was forced and is damaged now is unknown, see {@link #forEachUnknown}. Where the
     *     journal does not join the snapshot, {@link #firstKept} lies more than one slot above it:
     *     what is between must come from others.
     * @throws JournalException when the disk fails
     */
    public void recover(JournalRecords into, long snapshotSlot) {
        if (!survey.joins(snapshotSlot)) {
            // It began above an older snapshot than the one whose manifest was seen first.
            survey = survey(directory, snapshotSlot);
        }
        try {
            directory.prepareMark();
            Recovery recovery =
                    new Recovery(
                            config,
                            surroundings,
                            directory,
                            survey,
                            snapshotSlot,
                            index,
                            standing,
                            mayHaveForgotten());
            recovery.run(into);
            kept = recovery.kept();
            damagedPlaces = List.copyOf(survey.rot().places());
            begin(recovery);
            recovery.removeSuperseded();
            directory.commit();
            directory.forgetFailedForce();
        } catch (IOException e) {
            throw failed("cannot recover the journal in " + config.directory(), e);
        }
    }

    private void begin(Recovery recovery) throws IOException {
        int number = recovery.nextNumber();
        RecordAppender first = recovery.appender();
        segmentStart = first.position();
        segmentBytes = Math.min(config.segmentBytes(), FIRST_SEGMENT_BYTES);
        standing.beginRun(surroundings.timestamps().getAsLong(), first.records());
        Segment segment = preparer.create(number, segmentBytes);
        try {
            open(first, segment, first.position());
            segment.force();
        } catch (IOException e) {
            segment.close();
            throw e;
        }
        forcedRecords = first.records();
        awaitedRecords = forcedRecords;
        ballotPosition = first.position();
        noteStanding(first.records());
        keepStanding();
        publishedPosition = first.position();
        syncer.start(segment, first.position());
        preparer.start();
        preparer.request(number + 1);
        preparer.used(0, segment.leftBytes());
        gauge.start();
        appender = first;
    }

    private void open(RecordAppender into, Segment segment, long forcedPosition) {
        into.open(segment, standing, forcedPosition, surroundings.timestamps().getAsLong());
        kept.add(
                new KeptFiles.Kept(
                        segment.number(),
                        directory.segments().appended(segment.number()),
                        segment.fileBytes(),
                        standing.highestSlot(),
                        into.position()));
    }

    @Override
    public void promised(long ballot) {
        appendBallot(RecordType.PROMISED, ballot);
        standing.promised(ballot);
    }

    @Override
    public void campaigned(long ballot) {
        appendBallot(RecordType.CAMPAIGNED, ballot);
        standing.campaigned(ballot);
    }

    private void appendBallot(RecordType type, long ballot) {
        makeRoom(0);
        appender.appendBallot(type, ballot);
        ballotPosition = appender.position();
    }

    @Override
    public void accepted(Batch batch) {
        makeRoom(batch.length());
        appender.appendBatch(RecordType.ACCEPTED, batch);
        if (standing.isRaisedBy(batch.ballot())) {
            ballotPosition = appender.position();
        }
        standing.accepted(batch);
        if (batch.kind() == Batch.MEMBERSHIP) {
            // So a node that knows of no founding has no votes to forget.
            ballotPosition = appender.position();
        }
        addToIndex(batch, batch.ballot());
    }

    @Override
    public void chosen(Batch batch) {
        makeRoom(batch.length());
        appender.appendBatch(RecordType.CHOSEN, batch);
        standing.chosen(batch);
        addToIndex(batch, SlotIndex.CHOSEN);
    }

    private void addToIndex(Batch batch, long rank) {
        Segment segment = appender.segment();
        index.add(batch.firstSlot(), batch.count(), rank, segment.number(), segment.lastOffset());
    }

    @Override
    public void committed(long ballot, long upTo) {
        makeRoom(0);
        appender.appendCommitted(ballot, upTo);
        standing.committed(ballot, upTo);
        index.dropBelow(standing.firstKept());
    }

    @Override
    public void membership(long slot, DirectBuffer buffer, int offset, int length) {
        makeRoom(length);
        appender.appendMembership(slot, buffer, offset, length);
        ballotPosition = appender.position();
        standing.membership(slot, buffer, offset, length);
    }

    @Override
    public void decision(long slot, DirectBuffer buffer, int offset, int length) {
        makeRoom(length);
        appender.appendDecision(slot, buffer, offset, length);
        // Whoever forgets one may apply what the log skips.
        ballotPosition = appender.position();
        standing.decision(slot, buffer, offset, length);
    }

    @Override
    public void held(long slot, long decision) {
        makeRoom(Long.BYTES);
        appender.appendHeld(slot, decision);
        // What others are told of it waits as a promise does, in every mode.
        ballotPosition = appender.position();
        standing.held(slot, decision);
    }

    @Override
    public void returning(long promised) {
        throw new UnsupportedOperationException("found by the journal itself");
    }

    @Override
    public void returned(long ballot) {
        appendBallot(RecordType.RETURNED, ballot);
        standing.returned(ballot);
    }

    @Override
    public void remembered(long member, long run, long records) {
        makeRoom(RememberedEncoder.BLOCK_LENGTH);
        appender.appendRemembered(member, run, records);
        if (standing.isNewRun(member, run)) {
            ballotPosition = appender.position();
        }
        standing.remembered(member, run, records);
    }

    /**
     * The starts of this directory, each a run, this one the last; it stood in a forced record
     * before {@link #recover} returned.
     */
    public Runs runs() {
        return standing.runs();
    }

    /** How many records there ever were, what is {@link #remembered} not counted. */
    public long records() {
        return appender.records();
    }

    /**
     * How many records, of all there ever were, are on stable storage: at least so many, and every
     * later start finds them. Moves when it is asked for, now and then, once all that were there
     * when it was asked for before are forced. What is {@link #remembered} is not counted.
     */
    public long forcedRecords() {
        if (syncer.syncedPosition() >= awaitedPosition) {
            forcedRecords = awaitedRecords;
            awaitedPosition = appender.position();
            awaitedRecords = appender.records();
        }
        return forcedRecords;
    }

    private void makeRoom(int payloadBytes) {
        assert isOwner() : "another thread appends";
        requireFits(payloadBytes);
        isUnused = false;
        appender.forcedPosition(syncer.syncedPosition());
        if (!appender.hasRoomFor(payloadBytes)) {
            roll();
        }
    }

    /** From now on this thread appends, and what the one before it did is visible to it. */
    public void ownedBy(Thread thread) {
        owner = thread;
    }

    private boolean isOwner() {
        if (owner == null) {
            owner = Thread.currentThread();
        }
        return owner == Thread.currentThread();
    }

    private void requireFits(int payloadBytes) {
        if (payloadBytes > config.segmentBytes() / JournalConfig.RECORDS_PER_SEGMENT) {
            throw new IllegalArgumentException(
                    "a record of "
                            + payloadBytes
                            + " bytes is too large for segments of "
                            + config.segmentBytes()
                            + " bytes: at most an eighth of them");
        }
    }

    private void roll() {
        try {
            Segment full = appender.segment();
            long end = appender.position();
            Segment next = preparer.take();
            open(appender, next, syncer.syncedPosition());
            full.rollTo(next, end);
            segmentStart = end;
            segmentBytes = config.segmentBytes();
            preparer.request(next.number() + 1);
        } catch (IOException e) {
            throw failed("cannot begin the next file of the journal in " + config.directory(), e);
        }
    }

    private static JournalException failed(String what, IOException e) {
        return new JournalException(
                Kind.DISK,
                what + ": " + e.getMessage() + "; check the disk and free space on it",
                e);
    }

    /** Says that this turn's records are appended, so that the disk is asked for them. */
    public void endTurn() {
        if (publishedPosition != appender.position()) {
            publishedPosition = appender.position();
            noteStanding(appender.records());
            syncer.published(publishedPosition, settledPosition(), ballotPosition);
            preparer.used(
                    (double) (publishedPosition - segmentStart) / segmentBytes,
                    appender.segment().leftBytes());
        }
    }

    private long settledPosition() {
        return config.durability() == Durability.PAGE_CACHE
                ? segmentStart
                : appender.settledPosition();
    }

    /**
     * End of the last full file; the disk is asked for all of it in every mode, as files before it
     * may go then.
     */
    public long fullFilesPosition() {
        return segmentStart;
    }

    /** End of the last record; grows by what is appended, across files and restarts. */
    public long appendedPosition() {
        return appender.position();
    }

    /**
     * End of the last record that is forced before use in every mode: a promise, an own ballot, a
     * hold, the founding, a return.
     */
    public long ballotPosition() {
        return ballotPosition;
    }

    /** Everything up to here is on stable storage. Any thread. */
    public long syncedPosition() {
        return syncer.syncedPosition();
    }

    /**
     * Whether a force has failed: nothing more will ever be synced, so the process must stop. Any
     * thread.
     */
    public boolean hasFailed() {
        return syncer.hasFailed();
    }

    /** What the disk did, in one line that says what to do; null while it has not failed. */
    public String failure() {
        return failure;
    }

    /**
     * Lowest slot from which on the journal holds every chosen slot that it knows of; 1 while
     * nothing was compacted and no snapshot taken in.
     */
    public long firstKept() {
        return standing.firstKept();
    }

    /**
     * Tells all slots whose records the start found damaged and that no later record holds. For the
     * thread that appends.
     */
    public void forEachUnknown(LongRange consumer) {
        index.forEachUnknown(consumer);
    }

    /** What the start made again beside the journal, in one line; null for nothing. */
    public String rebuilt() {
        return directory.rebuilt();
    }

    /** Files and bytes where the start found damage among what was forced; for people. */
    public List<String> damagedPlaces() {
        return damagedPlaces;
    }

    /** Size of the files that hold the journal. */
    public long diskBytes() {
        return kept.bytes();
    }

    /** What the disk has room for, as seen lately. Any thread. */
    public Room room() {
        return gauge.room();
    }

    /** Whether room gets short, while there is some for everything. Any thread. */
    public boolean isRoomTight() {
        return gauge.isTight();
    }

    /** Bytes that are free on the disk, as seen lately. Any thread. */
    public long freeBytes() {
        return gauge.freeBytes();
    }

    /** Free bytes below which there is no room for commands. Any thread. */
    public long floorBytes() {
        return gauge.floorBytes();
    }

    /** Says about how large the next snapshot will be, which has to find room. Any thread. */
    public void snapshotTakes(long bytes) {
        gauge.snapshotTakes(bytes);
    }

    /** Whether {@link #compact} would let go of any file. */
    public boolean couldCompact(long upToSlot) {
        assert isOwner() : "another thread appends";
        return kept.hasToDrop(upToSlot, syncer.syncedPosition());
    }

    /** As {@link #compact(long, long)}, however few bytes stay. */
    public long compact(long upToSlot) {
        return compact(upToSlot, 0);
    }

    /**
     * Drops the oldest files, as far as every slot in them lies at or below a slot and the file
     * after them is known as forced up to where it says what stood before. They are removed in the
     * background. Nothing below a snapshot that was forced may ever be needed.
     *
     * @param leastBytes files of so many bytes stay in any case
     * @return {@link #firstKept} after it
     */
    public long compact(long upToSlot, long leastBytes) {
        assert isOwner() : "another thread appends";
        List<KeptFiles.Kept> gone = kept.dropUpTo(upToSlot, syncer.syncedPosition(), leastBytes);
        if (!gone.isEmpty()) {
            standing.keptFrom(kept.highestBefore() + 1);
            index.dropBelow(standing.firstKept());
            gone.forEach(file -> readers.forEach(reader -> reader.letGo(file.number())));
            preparer.remove(gone);
        }
        return firstKept();
    }

    /** One round of the syncer, where nobody else does it. */
    void syncTo(long position) {
        syncer.sync(position);
    }

    /** One round of the preparer, if the segment it is to make could not be made yet. */
    void retry() {
        if (preparer.cannotPrepare()) {
            preparer.prepare();
        }
    }

    /** One look of the gauge, where somebody wants it now. */
    void lookForRoom() {
        gauge.look();
    }

    /** One round of the preparer, where nobody else does it. */
    void prepare() {
        preparer.prepare();
        gauge.look();
    }

    /**
     * A reader of slots, for one thread of the caller's choice; for the one that appends, where the
     * journal is ever compacted. Slots below {@link #firstKept} are not held.
     *
     * @param onDamage hears, on that thread, of each record that cannot be read back, as often as
     *     it is asked for
     */
    public JournalReader newReader(Consumer<DamagedRecord> onDamage) {
        JournalReader reader =
                new JournalReader(index, directory.segments(), incarnation(), onDamage);
        readers.add(reader);
        return reader;
    }

    /**
     * As {@link #newReader}, for a thread that is not the one that appends: files that are let go
     * of stay on the disk as long as it has them open.
     */
    public JournalReader newDetachedReader(Consumer<DamagedRecord> onDamage) {
        return new JournalReader(index, directory.segments(), incarnation(), onDamage);
    }

    /**
     * Clean stop: forces everything, leaves a mark that says so, and lets others take the
     * directory.
     */
    @Override
    public void close() {
        end(true, directory::close);
    }

    /** Leaves the files as a killed process does. */
    void abandon() {
        end(false, directory::close);
    }

    private void end(boolean clean, Runnable leave) {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (appender != null) {
                if (clean && sync()) {
                    mark();
                }
                gauge.stop();
                syncer.stop();
                appender.segment().close();
                preparer.stop(clean);
            }
        } catch (IOException e) {
            throw failed("cannot close the journal in " + config.directory(), e);
        } finally {
            leave.run();
        }
    }

    private void mark() {
        appender.forcedPosition(syncer.syncedPosition());
        if (!hasRoomForMark()) {
            // Everything is forced all the same; the next start reads it as after a kill.
            return;
        }
        appender.appendMark(RecordType.STOPPED);
        sync();
    }

    private boolean hasRoomForMark() {
        try {
            if (!appender.hasRoomFor(0)) {
                roll();
            }
            return true;
        } catch (JournalException e) {
            return false;
        }
    }

    /** Waits for the disk. False when it failed. */
    private boolean sync() {
        long all = appender.position();
        noteStanding(appender.records());
        syncer.published(all, all, all);
        while (!syncer.hasFailed() && syncer.syncedPosition() < appender.position()) {
            awaitSync();
        }
        return !syncer.hasFailed();
    }

    private void awaitSync() {
        if (surroundings.hasThreads()) {
            LockSupport.parkNanos(this, 100_000);
        } else {
            syncer.sync(appender.position());
        }
    }

    /**
     * Closes the journal and removes it, when this process made it and nothing was appended: a node
     * that turns out to be a stranger leaves no trace.
     *
     * @return whether it was removed; otherwise it is only closed
     */
    public boolean discardIfUnused() {
        boolean isDiscarded = isUnused && directory.isNew() && !closed;
        // What is removed is removed while nobody else can take the directory.
        end(true, isDiscarded ? directory::discard : directory::close);
        return isDiscarded;
    }
}
