package io.paxoslog.testkit.sim;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.JournalRecords;
import io.paxoslog.core.Room;
import io.paxoslog.core.Runs;
import io.paxoslog.log.DamagedRecord;
import io.paxoslog.log.Durability;
import io.paxoslog.log.JournalConfig;
import io.paxoslog.log.JournalException;
import io.paxoslog.log.JournalReader;
import io.paxoslog.log.LongRange;
import io.paxoslog.log.SteppedJournal;
import io.paxoslog.testkit.disk.PowerLoss;
import io.paxoslog.testkit.disk.SimulatedFiles;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;

/**
 * One data directory: the production journal on simulated files, and beside it what it was told, so
 * that each start shows whether it kept it. A kill keeps everything; a loss of power keeps what was
 * forced and perhaps some of the rest.
 */
public final class SimulatedDisk implements JournalRecords {
    /**
     * Hears of every record in the order of the journal, when it is written and again when it is
     * forced.
     */
    public interface Listener {
        /** The record is in the page cache: a kill does not lose it. */
        void written(JournalRecord entry);

        /** The record is on stable storage. */
        void forced(JournalRecord entry);
    }

    /**
     * Whose directory it is.
     *
     * @param incarnations asked when the directory is new
     * @param timestamps none is given twice
     * @param segmentBytes room in one file
     * @param chunkBytes of the snapshots that are taken on it
     */
    public record Setup(
            int node,
            Durability durability,
            LongSupplier incarnations,
            LongSupplier timestamps,
            int segmentBytes,
            int chunkBytes) {}

    /** Hears of records and does nothing. */
    private static final class Nothing extends RecordFingerprint implements Listener {
        @Override
        void hear(long number) {}

        @Override
        public void written(JournalRecord entry) {}

        @Override
        public void forced(JournalRecord entry) {}
    }

    private static final Nothing IGNORED = new Nothing();
    private static final Path DIRECTORY = Path.of("/node");
    private static final int LARGEST_SEGMENT_BYTES = JournalConfig.DEFAULT_SEGMENT_BYTES;

    /** Beside one file, of which the floor has two. */
    private static final int SHORT_BYTES = 2 << 20;

    private final Setup setup;
    private final SimulatedFiles files;
    private final WrittenRecords records;
    private final Damage damage = new Damage();
    private final DiskSnapshots snapshots;
    private final RecordFingerprint fingerprint =
            new RecordFingerprint() {
                @Override
                void hear(long number) {
                    lastFingerprint = number;
                }
            };
    private Listener listener;
    private SteppedJournal journal;
    private JournalReader reader;
    private final Deque<DamagedRecord> met = new ArrayDeque<>();
    private long lastFingerprint;
    private int boots = 1;
    private long jumpedTo;

    /** A snapshot held them when they went; it may be damaged since. */
    private long letGoUpTo;

    private boolean mayHaveLost;
    private boolean isOpen;
    private boolean isRecovered;
    private boolean isSettled;
    private boolean isCompacted;

    /** An empty directory. */
    public SimulatedDisk(Setup setup) {
        this(setup, new SimulatedFiles(setup.segmentBytes()), new WrittenRecords());
    }

    private SimulatedDisk(Setup setup, SimulatedFiles files, WrittenRecords records) {
        this.setup = setup;
        this.files = files;
        this.records = records;
        snapshots = new DiskSnapshots(setup.node(), DIRECTORY, files, damage);
    }

    /** Says who hears of records from now on. */
    public void listenWith(Listener newListener) {
        listener = newListener;
    }

    /**
     * A process takes the directory.
     *
     * @throws JournalException when the journal is refused
     */
    void open() {
        mayHaveLost = damage.mayHideIn(files);
        JournalConfig config =
                new JournalConfig(
                        DIRECTORY,
                        setup.node(),
                        setup.durability(),
                        LARGEST_SEGMENT_BYTES,
                        JournalConfig.DEFAULT_SYNC_INTERVAL_MS,
                        "boot-" + boots);
        isRecovered = false;
        met.clear();
        journal = SteppedJournal.open(config, files, setup.timestamps(), setup.incarnations());
        isOpen = true;
        snapshots.open(setup.chunkBytes());
    }

    /** What it holds beside the journal. */
    DiskSnapshots snapshots() {
        return snapshots;
    }

    /** What there is room for, as the node sees it when it looks now. */
    Room lookForRoom() {
        watched(journal::lookForRoom);
        return journal.journal().room();
    }

    /** What there was room for at the last look. */
    Room room() {
        return journal.journal().room();
    }

    /** Free bytes fall below what new commands need. */
    void beShort() {
        files.beShort(JournalConfig.DEFAULT_SEGMENT_BYTES + SHORT_BYTES);
    }

    /** Power goes right after so many more operations; after none, it goes no more. */
    void losePowerSoon(int operations) {
        files.dieAfter(operations == 0 ? Long.MAX_VALUE : files.operations() + operations);
    }

    /**
     * Lets go of files of the journal whose every slot lies at or below a slot.
     *
     * @return whether any went
     */
    boolean compact(long upTo) {
        long before = firstKept();
        journal.journal().compact(upTo);
        watched(journal::prepare);
        if (firstKept() == before) {
            return false;
        }
        long held = snapshots.newestKept();
        if (firstKept() > held + 1) {
            throw new SafetyViolation(
                    "node "
                            + setup.node()
                            + " let go of slots up to "
                            + (firstKept() - 1)
                            + ", of which its newest snapshot holds those up to "
                            + held);
        }
        letGoUpTo = firstKept() - 1;
        return true;
    }

    /** Lowest slot from which on the journal holds all. */
    long firstKept() {
        return journal.journal().firstKept();
    }

    /**
     * Has everything heard again, in order, and makes it durable.
     *
     * @return whether all is there that the disk said it would keep
     * @throws SafetyViolation when it is not what was written, or less than was forced
     */
    boolean replay(JournalRecords into) {
        long covered = Math.max(jumpedTo, snapshots.slotAtStart());
        boolean isRotten = damage.isProvenIn(files);
        damage.noteStart();
        WrittenRecords.Check check =
                records.new Check(into, Math.max(covered, letGoUpTo), isRotten, mayHaveLost);
        watched(() -> journal.journal().recover(check, covered));
        check.end();
        isCompacted = check.isCompacted();
        reader = journal.journal().newReader(met::add);
        // What hides behind rot cannot be told.
        boolean isComplete = check.isComplete() && !(isRotten && mayHaveLost);
        if (!isComplete && !mayHaveLost) {
            throw new SafetyViolation(
                    "the journal of node "
                            + setup.node()
                            + " lost forced records: of "
                            + records.forced()
                            + " it says "
                            + check.heard());
        }
        isRecovered = true;
        isSettled = false;
        // A start removes files, too.
        letGoUpTo = Math.max(letGoUpTo, firstKept() - 1);
        records.truncate(check.heard());
        for (JournalRecord found : check.own()) {
            found.sayTo(fingerprint);
            wrote(found);
        }
        noteForced(records.size());
        return isComplete;
    }

    @Override
    public void promised(long ballot) {
        journal.journal().promised(ballot);
        fingerprint.promised(ballot);
        wrote(new JournalRecord.Promised(ballot));
    }

    @Override
    public void campaigned(long ballot) {
        journal.journal().campaigned(ballot);
        fingerprint.campaigned(ballot);
        wrote(new JournalRecord.Campaigned(ballot));
    }

    @Override
    public void accepted(Batch batch) {
        journal.journal().accepted(batch);
        fingerprint.accepted(batch);
        wrote(new JournalRecord.Accepted(BatchCopy.of(batch)));
    }

    @Override
    public void chosen(Batch batch) {
        journal.journal().chosen(batch);
        fingerprint.chosen(batch);
        wrote(new JournalRecord.Chosen(BatchCopy.of(batch)));
    }

    @Override
    public void committed(long ballot, long upTo) {
        journal.journal().committed(ballot, upTo);
        fingerprint.committed(ballot, upTo);
        wrote(new JournalRecord.Committed(ballot, upTo));
    }

    @Override
    public void membership(long slot, DirectBuffer buffer, int offset, int length) {
        journal.journal().membership(slot, buffer, offset, length);
        fingerprint.membership(slot, buffer, offset, length);
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        wrote(new JournalRecord.MembershipEntry(slot, bytes));
    }

    @Override
    public void decision(long slot, DirectBuffer buffer, int offset, int length) {
        journal.journal().decision(slot, buffer, offset, length);
        fingerprint.decision(slot, buffer, offset, length);
        wrote(new JournalRecord.DecisionEntry(slot, Decision.decode(buffer, offset, length)));
    }

    @Override
    public void held(long slot, long decision) {
        journal.journal().held(slot, decision);
        fingerprint.held(slot, decision);
        wrote(new JournalRecord.Held(slot, decision));
    }

    @Override
    public void returning(long promised) {
        throw new UnsupportedOperationException("found by the journal itself");
    }

    @Override
    public void returned(long ballot) {
        journal.journal().returned(ballot);
        fingerprint.returned(ballot);
        wrote(new JournalRecord.Returned(ballot));
    }

    @Override
    public void remembered(long member, long run, long memberRecords) {
        journal.journal().remembered(member, run, memberRecords);
        fingerprint.remembered(member, run, memberRecords);
        wrote(new JournalRecord.Remembered(member, run, memberRecords));
    }

    /** The run of the process that has it, or had it last; 0 of a copy that nobody had yet. */
    long run() {
        return journal == null ? 0 : journal.journal().runs().current();
    }

    /** The runs of the process that has it. */
    Runs runs() {
        return journal.journal().runs();
    }

    /** How many records, of all there ever were, the process knows as forced. */
    long forcedRecords() {
        return journal.journal().forcedRecords();
    }

    /** How many of the records that the process found belong to a run and those before. */
    long heldUpTo(long run) {
        return journal.journal().runs().heldUpTo(run, journal.journal().records());
    }

    /** What is written down of a member, forced or not; null when nothing is. */
    JournalRecord.Remembered rememberedOf(long member) {
        return records.rememberedOf(member, records.size());
    }

    /** Whether what it remembers for good of a member is more than a copy of its disk holds. */
    boolean remembersMoreThan(OldCopy copy, long member) {
        JournalRecord.Remembered known = records.rememberedOf(member, records.forced());
        return known != null && copy.isBehind(known);
    }

    /** A copy as it is now, of a process that is up. */
    OldCopy oldCopy() {
        return new OldCopy(this, copy(), run(), journal.journal().records());
    }

    private void wrote(JournalRecord record) {
        records.add(record, lastFingerprint, appendedPosition(), files.writes());
        listener.written(record);
    }

    /** End of the last record. */
    public long appendedPosition() {
        return journal.journal().appendedPosition();
    }

    /** End of the last promise or own ballot. */
    public long ballotPosition() {
        return journal.journal().ballotPosition();
    }

    /** Whether the disk is to be asked for records though nobody waits for them. */
    boolean hasFullFileToForce() {
        return journal.journal().fullFilesPosition() > syncedPosition();
    }

    /** How far everything is on stable storage. */
    public long syncedPosition() {
        return journal.journal().syncedPosition();
    }

    /** Records written. */
    public int writtenEntries() {
        return records.size();
    }

    /** Records forced. */
    public int forcedEntries() {
        return records.forced();
    }

    /** Whether a membership was written down. */
    boolean hasMembership() {
        return records.hasMembership();
    }

    /** Highest commit index that is on stable storage. */
    long forcedCommit() {
        return records.forcedCommit();
    }

    /** Whether a membership is on stable storage. */
    boolean hasForcedMembership() {
        return records.hasForcedMembership();
    }

    /**
     * A force that covers the first {@code count} records, and nothing behind them, ends.
     *
     * @return false when the disk failed: the process must stop
     */
    boolean force(int count) {
        if (count > records.forced()) {
            WrittenRecords.Written last = records.get(count - 1);
            // So that the second copy tells of all that the force is for.
            journal.journal().endTurn();
            files.cover(last.write());
            watched(() -> journal.syncTo(last.end()));
            files.coverEverything();
            if (journal.journal().hasFailed()) {
                return false;
            }
            noteForced(count);
        }
        return true;
    }

    private void noteForced(int count) {
        while (records.forced() < count) {
            listener.forced(records.forceNext());
        }
    }

    /** The journal makes its next file, if it is asked for one. */
    void prepare() {
        watched(journal::prepare);
    }

    /** Whether a force has yet to go wrong. */
    boolean isForceBroken() {
        return files.isForceBroken();
    }

    /** A force in it may lose what it says is safe. */
    private void watched(Runnable work) {
        boolean losesWrites = files.isForceBroken();
        work.run();
        if (losesWrites) {
            damage.noteLostWrites(files);
        }
    }

    /** The process is gone; everything it wrote is there to read. */
    void kill() {
        if (isOpen) {
            isOpen = false;
            records.processEnded(isRecovered && !journal.journal().hasFailed());
            journal.abandon();
            files.processEnded();
        }
    }

    /**
     * Power was lost: the first {@code keep} records are left, at least those that were forced. Of
     * records that an earlier loss left, and no start has read since, nothing more is lost.
     */
    public void losePower(int keep) {
        if (keep < records.forced()) {
            throw new IllegalArgumentException("forced records are never lost");
        }
        long lastWrite = keep == records.forced() ? 0 : records.get(keep - 1).write();
        boolean isLostBefore = isSettled;
        losePower(PowerLoss.after(lastWrite));
        if (!isLostBefore) {
            records.truncate(keep);
        }
        if (journal != null && journal.journal().hasFailed()) {
            // What a failed force was for is not on the disk, whatever else is left.
            records.processEnded(false);
        }
    }

    /** Power was lost, and this is what it left of what was not forced. */
    void losePower(PowerLoss loss) {
        kill();
        records.processEnded(false);
        files.losePower(loss);
        isSettled = true;
    }

    /** The machine is started again: a journal that does not force values knows what that means. */
    void bootAgain() {
        boots++;
    }

    /** The files themselves, for those who break them. */
    SimulatedFiles files() {
        return files;
    }

    /** Whether the start may have taken what was broken for a torn tail: nothing proves it. */
    boolean mayHaveLost() {
        return mayHaveLost;
    }

    /** What was broken, apart from losses of power. */
    Damage damage() {
        return damage;
    }

    /**
     * A disk that holds the same membership, as if everything up to {@code slot} had been chosen
     * and deleted, and {@code ballot} been promised.
     */
    public SimulatedDisk jumpedTo(long slot, long ballot) {
        SimulatedDisk jumped = new SimulatedDisk(setup);
        jumped.listenWith(IGNORED);
        jumped.jumpedTo = slot;
        jumped.open();
        jumped.replay(IGNORED);
        forEach(
                entry -> {
                    if (entry instanceof JournalRecord.MembershipEntry) {
                        entry.sayTo(jumped);
                    }
                });
        jumped.promised(ballot);
        jumped.committed(Ballot.NONE, slot);
        jumped.force(jumped.writtenEntries());
        jumped.kill();
        return jumped;
    }

    /** Slot above which the story is told on it. */
    long jumpedTo() {
        return jumpedTo;
    }

    /** Whether the start found records gone with their files. */
    boolean isCompacted() {
        return isCompacted;
    }

    /** A copy as a backup would hold it. */
    public SimulatedDisk copy() {
        SimulatedDisk copy = new SimulatedDisk(setup, files.copy(), records.copy());
        copy.jumpedTo = jumpedTo;
        copy.letGoUpTo = letGoUpTo;
        copy.boots = boots;
        return copy;
    }

    /** Names every record, in order. */
    public void forEach(Consumer<JournalRecord> consumer) {
        for (int i = 0; i < records.size(); i++) {
            consumer.accept(records.get(i).record());
        }
    }

    /** The newest value of a slot, whatever it was held under; null when there is none. */
    public BatchCopy valueAt(long slot) {
        return firstFrom(slot, slot);
    }

    /** Tells the slots whose records the start found damaged. */
    void forEachUnknown(LongRange consumer) {
        journal.journal().forEachUnknown(consumer);
    }

    /** Tells the slots whose records were met damaged since this was asked last. */
    void forEachMet(LongRange consumer) {
        for (DamagedRecord next = met.poll(); next != null; next = met.poll()) {
            consumer.accept(next.firstSlot(), next.lastSlot());
        }
    }

    /** Reads slots as the process does. */
    long read(long firstSlot, long lastSlot, int maxBytes, Consumer<Batch> handler) {
        return reader.read(firstSlot, lastSlot, maxBytes, handler);
    }

    /**
     * The newest values from a slot on, as far as one record goes and not beyond {@code last}; null
     * when they cannot be read back, and so are unknown here.
     */
    BatchCopy valuesFrom(long slot, long last) {
        BatchCopy value = firstFrom(slot, last);
        if (value == null && reader.damage() == null) {
            throw new SafetyViolation("slot " + slot + " is asked for, the journal lacks it");
        }
        return value;
    }

    private BatchCopy firstFrom(long slot, long last) {
        AtomicReference<BatchCopy> first = new AtomicReference<>();
        // The first record is handed over whatever its size, and none behind it.
        reader.read(slot, last, -1, batch -> first.set(BatchCopy.of(batch)));
        return first.get();
    }
}
