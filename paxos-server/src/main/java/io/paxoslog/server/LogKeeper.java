package io.paxoslog.server;

import io.paxoslog.apply.Applied;
import io.paxoslog.apply.ApplyFeed;
import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.core.Replica;
import io.paxoslog.core.Role;
import io.paxoslog.gateway.Snapshots;
import io.paxoslog.log.ChronicleJournal;
import io.paxoslog.log.SnapshotStore;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Decides when a snapshot is taken, and which files of the journal may go. Belongs to the replica
 * thread.
 *
 * <p>Nodes of a cluster apply the same slots; so that they do not all write at the same time, the
 * first snapshot after a start is late by a part of the way that follows from the node's id. After
 * each one follows a rest as long as it took.
 */
final class LogKeeper implements Snapshots {
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long SOON_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long LATER_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int TURNS = 4;
    private static final int MOST_DOUBLINGS = 6;
    private static final String NO_VIEW = "the state machine takes no snapshots";

    /** No slot is above it. */
    static final long NO_CURSOR = Long.MAX_VALUE;

    private final ChronicleJournal journal;
    private final SnapshotStore store;
    private final SnapshotShelf shelf;
    private final SnapshotWriter writer;
    private final ApplyOrders orders;
    private final ApplyFeed feed;
    private final Applied applied;
    private final Replica replica;
    private final LongSupplier lowestCursor;
    private final LongSupplier lent;
    private final BooleanSupplier damaged;
    private final Consumer<String> log;
    private final long slotsBetween;
    private final long bytesBetween;
    private final long slotsKept;
    private final long bytesKept;
    private final long cursorBytes;

    private long countedFromSlot;
    private long countedFromPosition;
    private boolean isUnderWay;
    private boolean isRequested;
    private long answersHeard;
    private SnapshotWriter.Outcome outcomeHeard;
    private long notBeforeNs;
    private long nextLookNs;
    private long compactedUpTo;
    private boolean saysNoView;
    private long failures;
    private String lastFailure = "";
    private int failuresInRow;
    private boolean isPressed;

    /**
     * @param applied how far all is applied
     * @param lowestCursor lowest slot that somebody reads now; {@link #NO_CURSOR} for none
     */
    LogKeeper(
            NodeConfig config,
            ChronicleJournal journal,
            NodeSnapshots snapshots,
            ApplyOrders orders,
            ApplyFeed feed,
            Applied applied,
            Replica replica,
            LongSupplier lowestCursor,
            Consumer<String> log,
            long nowNs) {
        this.journal = journal;
        store = snapshots.store();
        writer = snapshots.writer();
        shelf = snapshots.shelf();
        lent = snapshots::cursor;
        damaged = snapshots::takeDamaged;
        this.orders = orders;
        this.feed = feed;
        this.applied = applied;
        this.replica = replica;
        this.lowestCursor = lowestCursor;
        this.log = log;
        slotsBetween = config.get(Settings.SNAPSHOT_SLOTS);
        bytesBetween = config.get(Settings.SNAPSHOT_BYTES);
        slotsKept = config.get(Settings.RETAIN_SLOTS);
        bytesKept = config.get(Settings.RETAIN_BYTES);
        cursorBytes = config.get(Settings.CURSOR_BYTES);
        notBeforeNs = nowNs;
        nextLookNs = nowNs;
        int turn = config.id() % TURNS;
        countedFromSlot = newestSlot() + slotsBetween / TURNS * turn;
        countedFromPosition = journal.appendedPosition() + bytesBetween / TURNS * turn;
        compactedUpTo = journal.firstKept() - 1;
    }

    /** Looks, once in each tick. */
    void onTick(long nowNs) {
        hearHalt();
        hearDamage();
        hearAnswer(nowNs);
        hearOutcome(nowNs);
        if (replica.differsAt() != 0) {
            shelf.diverged(replica.equalUpTo());
        }
        if (isDue(nowNs)) {
            order();
        }
        if (nowNs - nextLookNs >= 0) {
            nextLookNs = nowNs + LOOK_NS;
            compact();
        }
    }

    /**
     * What a state machine stands still at, and had taken before, the log has taken back: snapshots
     * that hold it are nobody's state any more.
     */
    private void hearHalt() {
        long slot = feed.haltedAtEntry();
        if (slot == 0 || newestSlot() < slot || replica.differsAt() != 0 || !hasOlder(slot)) {
            return;
        }
        try {
            int dropped = store.dropFrom(slot);
            log.accept(
                    "%d snapshots are removed: the log took back slot %d, which they hold"
                            .formatted(dropped, slot));
        } catch (IOException e) {
            log.accept("a snapshot that is wrong could not be removed: " + Failures.message(e));
        }
    }

    /** One that is damaged is made good for by another. */
    private void hearDamage() {
        if (damaged.getAsBoolean()) {
            isRequested = isRequested || !saysNoView;
        }
    }

    /** A start needs something to begin with. */
    private boolean hasOlder(long slot) {
        return journal.firstKept() == 1 || (olderSlot() != 0 && olderSlot() < slot);
    }

    private boolean isDue(long nowNs) {
        if (isUnderWay
                || nowNs - notBeforeNs < 0
                || feed.handedOverUpTo() <= newestSlot()
                || !isFounded()) {
            return false;
        }
        return isRequested
                || isPressed
                || applied.index() - countedFromSlot >= slotsBetween
                || journal.appendedPosition() - countedFromPosition >= bytesBetween;
    }

    /** A snapshot of what a cluster is founded on would bring the members of another one along. */
    private boolean isFounded() {
        return feed.handedOverUpTo() > journal.base().slot();
    }

    /** What was handed over is all that is applied when the order is read. */
    private void order() {
        boolean mayStandStill = replica.role() != Role.LEADING;
        isUnderWay = orders.snapshot(feed.handedOverUpTo(), mayStandStill);
    }

    private void hearAnswer(long nowNs) {
        if (applied.snapshotsAnswered() == answersHeard) {
            return;
        }
        answersHeard = applied.snapshotsAnswered();
        switch (applied.snapshotAnswer()) {
            case BEGUN -> {
                isRequested = false;
                countedFromSlot = applied.answeredSnapshot();
                countedFromPosition = journal.appendedPosition();
            }
            case NO_VIEW -> {
                sayNoView();
                notTaken(nowNs + LATER_NS, NO_VIEW);
            }
            case WOULD_STAND_STILL ->
                    notTaken(
                            nowNs + SOON_NS,
                            "a leader does not stand still to write its state: ask another node");
            case HALTED -> notTaken(nowNs + SOON_NS, "the state machine is halted");
            case BUSY, PASSED -> putOff(nowNs);
        }
    }

    private void notTaken(long untilNs, String why) {
        putOff(untilNs);
        if (isRequested) {
            isRequested = false;
            failed(why);
        }
    }

    private void failed(String why) {
        failures++;
        lastFailure = why;
    }

    private void putOff(long untilNs) {
        isUnderWay = false;
        notBeforeNs = untilNs;
    }

    private void sayNoView() {
        if (!saysNoView) {
            saysNoView = true;
            log.accept(
                    "the state machine takes no snapshots, so that the journal only grows and a"
                            + " start applies all of it; see docs/operations.md");
        }
    }

    @SuppressWarnings("ReferenceEquality") // Each outcome is heard once, equal to another or not.
    private void hearOutcome(long nowNs) {
        SnapshotWriter.Outcome outcome = writer.outcome();
        if (outcome == outcomeHeard) {
            return;
        }
        outcomeHeard = outcome;
        putOff(nowNs + outcome.tookNs());
        if (outcome.failure() == null) {
            tellTakenAgain(outcome.slot());
            isPressed = false;
        } else {
            putOff(nowNs + restAfter(failuresInRow) + outcome.tookNs());
            failed(outcome.failure());
            tellNotTaken(outcome);
        }
        nextLookNs = nowNs;
    }

    /** Longer each time, up to a bound. */
    private static long restAfter(int failuresBefore) {
        return Math.min(SOON_NS << Math.min(failuresBefore, MOST_DOUBLINGS), LATER_NS);
    }

    private void tellNotTaken(SnapshotWriter.Outcome outcome) {
        if (failuresInRow++ == 0) {
            log.accept(
                    "no snapshot of slot "
                            + outcome.slot()
                            + ": "
                            + outcome.failure()
                            + "; it is tried again, seldom");
        }
    }

    private void tellTakenAgain(long slot) {
        if (failuresInRow > 0) {
            failuresInRow = 0;
            log.accept("snapshots are taken again: there is one of slot " + slot);
        }
    }

    private void compact() {
        long newest = newestSlot();
        journal.snapshotTakes(newestBytes());
        if (journal.isRoomTight()) {
            compactAll(newest);
        } else {
            compactAsSet();
        }
        replica.keeps(journal.firstKept(), newest);
        tellCompacted();
    }

    private void compactAsSet() {
        isPressed = false;
        long target = Math.min(olderSlot(), applied.index() - slotsKept);
        if (journal.diskBytes() <= cursorBytes) {
            long cursor = Math.min(lowestCursor.getAsLong(), lent.getAsLong());
            target = Math.min(target, cursor - 1);
        }
        if (target > compactedUpTo) {
            journal.compact(target, bytesKept);
        }
    }

    /**
     * Room is short: what is kept for others only, or for comfort, goes. A snapshot is taken as
     * long as files would go for it, now or with the next one.
     */
    private void compactAll(long newest) {
        if (olderSlot() > compactedUpTo) {
            journal.compact(olderSlot());
        }
        isPressed = journal.couldCompact(newest) || journal.couldCompact(applied.index());
    }

    private void tellCompacted() {
        long gone = journal.firstKept() - 1;
        if (gone > compactedUpTo && orders.compacted(gone)) {
            compactedUpTo = gone;
            applied.compacted(gone);
        }
    }

    @Override
    public boolean request() {
        isRequested = !saysNoView && isFounded();
        return isRequested;
    }

    @Override
    public String refusal() {
        return saysNoView ? NO_VIEW : "the cluster is not founded yet: start all its nodes";
    }

    @Override
    public long slotInWork() {
        return writer.slotInWork();
    }

    @Override
    public long writtenBytes() {
        return writer.bytesInWork();
    }

    @Override
    public long newestSlot() {
        return store.slotOf(0);
    }

    @Override
    public long newestBytes() {
        return store.newestBytes();
    }

    @Override
    public long newestMs() {
        boolean isKnown = outcomeHeard != null && outcomeHeard.slot() == newestSlot();
        return isKnown ? TimeUnit.NANOSECONDS.toMillis(outcomeHeard.tookNs()) : 0;
    }

    @Override
    public long failures() {
        return failures;
    }

    @Override
    public String lastFailure() {
        return lastFailure;
    }

    /** First slot that the journal still holds. */
    long firstKept() {
        return journal.firstKept();
    }

    /** Bytes of the journal's files. */
    long journalBytes() {
        return journal.diskBytes();
    }

    /** Bytes of all snapshots. */
    long snapshotBytes() {
        return store.bytes();
    }

    /** If the newest snapshot turns out to be damaged, this one and the log above it are there. */
    private long olderSlot() {
        return store.slotOf(SnapshotWriter.KEPT - 1);
    }
}
