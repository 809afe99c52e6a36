package io.paxoslog.core;

import static io.paxoslog.core.Memberships.NOBODY;

import java.util.function.IntPredicate;

/**
 * Asks others for chosen slots whose records here are lost to damage, and writes down again what
 * comes. Only what is chosen may be taken from others: it is the same everywhere, while what this
 * node accepted, under which ballot, nobody else knows.
 *
 * <p>One request is on its way at a time, and one leaves in each interval at most. When nobody can
 * supply anything the interval grows, and a snapshot that holds the slots is as good, as long as
 * the state machine here lacks them.
 */
final class Repair implements Roster.Keeper {
    private static final int ROUNDS_IN_VAIN = 4;
    private static final int LONGEST_PATIENCE = 64;

    private final long self;
    private final Peers peers;
    private final JournalRecords journal;
    private final Snapshots snapshots;
    private final ReplicaEvents events;
    private final Learner learner;
    private final Memberships memberships;
    private final Holds holds;
    private final KeptLog kept;
    private final Seldom inVain;
    private final int patienceTicks;
    private final SlotSet unknown = new SlotSet();
    private final Batch part = new Batch();
    private final long[] firstKept = new long[Roster.MAX];
    private final long[] snapshotSlot = new long[Roster.MAX];
    private long repaired;
    private long repairedAtLook;
    private long cursor;
    private int server;
    private int source;
    private int vainRequests;
    private int waitTicks;
    private long nextLookTick;
    private long nowTick;

    Repair(
            ReplicaConfig config,
            Peers peers,
            JournalRecords journal,
            Snapshots snapshots,
            ReplicaEvents events,
            Learner learner,
            Memberships memberships,
            Holds holds,
            KeptLog kept) {
        this.self = config.self();
        this.peers = peers;
        this.journal = journal;
        this.snapshots = snapshots;
        this.events = events;
        this.learner = learner;
        this.memberships = memberships;
        this.holds = holds;
        this.kept = kept;
        this.patienceTicks = config.heartbeatTicks();
        this.waitTicks = patienceTicks;
        this.inVain = new Seldom(config.electionTimeoutTicks());
    }

    @Override
    public void left(int number, long member) {
        firstKept[number] = 0;
        snapshotSlot[number] = 0;
    }

    /** Records of these slots cannot be read back. Those that are not chosen yet wait. */
    void unknown(long firstSlot, long lastSlot) {
        long first = Math.max(firstSlot, lowestOfUse());
        if (first <= lastSlot && !unknown.contains(first, lastSlot)) {
            unknown.add(first, lastSlot);
            waitTicks = patienceTicks;
        }
    }

    /** What a snapshot here holds, and what is in no file here, needs no record. */
    private long lowestOfUse() {
        return Math.max(kept.snapshotSlot() + 1, kept.firstKept());
    }

    /** Slots that are known chosen here, and not what they hold. */
    long unknownSlots() {
        long commitIndex = learner.commitIndex();
        return unknown.countFrom(1) - unknown.countFrom(commitIndex + 1);
    }

    /** The highest of them; 0 for none. */
    long lastUnknownSlot() {
        long last = unknown.isEmpty() ? 0 : unknown.lastUpTo(learner.commitIndex());
        return last < lowestOfUse() ? 0 : last;
    }

    /** Slots that were written down again since the start. */
    long repairedSlots() {
        return repaired;
    }

    /** A snapshot above this slot is of use, whatever is known chosen. */
    long snapshotsUsefulAbove(long commitIndex) {
        long lowest = needed();
        return lowest == SlotSet.NONE ? commitIndex : Math.min(commitIndex, lowest - 1);
    }

    /** The log here begins behind what the state machine was given, and no snapshot joins it. */
    private boolean lacksBegin() {
        long before = kept.firstKept() - 1;
        return kept.snapshotSlot() < before && holds.appliedIndex() < before;
    }

    /**
     * A slot that the state machine cannot be given, and that a snapshot must reach to; {@link
     * SlotSet#NONE} for none.
     */
    private long needed() {
        if (lacksBegin()) {
            return kept.firstKept() - 1;
        }
        if (unknown.isEmpty()) {
            return SlotSet.NONE;
        }
        long first = unknown.firstFrom(Math.max(holds.appliedIndex() + 1, lowestOfUse()));
        return first <= learner.commitIndex() ? first : SlotSet.NONE;
    }

    void onTick(long tick) {
        nowTick = tick;
        boolean lacksBegin = lacksBegin();
        if ((unknown.isEmpty() && !lacksBegin) || tick < nextLookTick) {
            return;
        }
        nextLookTick = tick + waitTicks;
        if (lacksBegin) {
            seekBegin();
            return;
        }
        unknown.remove(1, lowestOfUse() - 1);
        if (repaired != repairedAtLook) {
            repairedAtLook = repaired;
            vainRequests = 0;
            waitTicks = patienceTicks;
        }
        ask();
    }

    /** Nobody need have said that it has a snapshot: whoever is asked sends its newest, if any. */
    private void seekBegin() {
        int next = next(source, member -> true);
        if (next != NOBODY) {
            source = next;
            snapshots.wanted(memberships.node(source), kept.firstKept() - 2);
        }
        vainRequests++;
        if (vainRequests > ROUNDS_IN_VAIN * memberships.current().size() && inVain.isDue(nowTick)) {
            events.warning(
                    "the log here begins at slot "
                            + kept.firstKept()
                            + ", no snapshot here holds what is before, and no other node gave one"
                            + " yet: the state machine waits, the node votes on and asks on; see"
                            + " docs/operations.md");
        }
    }

    private void ask() {
        long first = nextWanted();
        if (first == SlotSet.NONE) {
            return;
        }
        int others = memberships.current().size() - 1;
        boolean isRoundOver = others == 0 || (vainRequests > 0 && vainRequests % others == 0);
        if (isRoundOver && vainRequests >= others * ROUNDS_IN_VAIN) {
            nobodyCan(first);
        }
        if (vainRequests > 0) {
            server = next(server, member -> firstKept[member] <= first);
        }
        vainRequests++;
        if (server == NOBODY || !memberships.isOther(server)) {
            server = next(0, member -> firstKept[member] <= first);
        }
        if (server == NOBODY) {
            wantSnapshot();
            return;
        }
        long last = Math.min(unknown.lastOf(first), learner.commitIndex());
        peers.to(memberships.node(server)).fetch(self, first, last);
    }

    /** The ones behind what nobody could supply are asked for, too. */
    private long nextWanted() {
        long commitIndex = learner.commitIndex();
        long first = unknown.firstFrom(cursor);
        if (first > commitIndex) {
            cursor = 0;
            first = unknown.firstFrom(0);
        }
        return first <= commitIndex ? first : SlotSet.NONE;
    }

    private void nobodyCan(long first) {
        long last = Math.min(unknown.lastOf(first), learner.commitIndex());
        if (inVain.isDue(nowTick)) {
            events.warning(
                    (first == last ? "slot " + first : "slots " + first + " to " + last)
                            + " cannot be read here, and no other node could supply them yet: "
                            + unknownSlots()
                            + " slots are unknown here, the node asks on; see docs/operations.md");
        }
        cursor = last + 1;
        waitTicks = Math.min(2 * waitTicks, LONGEST_PATIENCE * patienceTicks);
        wantSnapshot();
    }

    private void wantSnapshot() {
        long lowest = needed();
        if (lowest == SlotSet.NONE) {
            return;
        }
        int next = next(source, member -> snapshotSlot[member] >= lowest);
        if (next != NOBODY) {
            source = next;
            snapshots.wanted(memberships.node(source), lowest - 1);
        }
    }

    /** Before anybody was asked it begins behind the first. */
    private int next(int after, IntPredicate fits) {
        return memberships.nextOther(Math.max(after, 0), fits);
    }

    /** A member said that its log begins later, and up to which slot its newest snapshot goes. */
    void compacted(int member, long itsFirstKept, long itsSnapshotSlot) {
        if (member >= 0) {
            firstKept[member] = itsFirstKept;
            snapshotSlot[member] = itsSnapshotSlot;
        }
    }

    /** A member sent chosen values: those that are unknown here are written down. */
    void chosen(Batch batch) {
        long last = Math.min(batch.lastSlot(), learner.commitIndex());
        long from = unknown.isEmpty() ? SlotSet.NONE : unknown.firstFrom(batch.firstSlot());
        while (from <= last) {
            long to = Math.min(unknown.lastOf(from), last);
            part.slice(batch, from, to);
            journal.chosen(part.slots(Ballot.NONE, from, (int) (to - from + 1)));
            unknown.remove(from, to);
            repaired += to - from + 1;
            from = unknown.firstFrom(to + 1);
        }
    }

    /** These slots were written down just now, on another way. */
    void known(long firstSlot, long lastSlot) {
        if (!unknown.isEmpty()) {
            unknown.remove(firstSlot, lastSlot);
        }
    }
}
