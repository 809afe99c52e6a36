package io.paxoslog.testkit.sim;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.MemberId;
import io.paxoslog.service.SessionLimits;
import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;

/**
 * The oracles: sees everything that is proposed, written, forced, said and committed on every node,
 * and throws {@link SafetyViolation} at the first thing that must not be. Knows the rules of Paxos,
 * nothing of how the core keeps them.
 */
public final class Safety {
    private static final long GENESIS_SLOT = 1;
    private static final long MISSING = Long.MIN_VALUE;

    private final int members;
    private final int acceptQuorum;
    private final int openSlotLimit;
    private SlotHistory[] slots = new SlotHistory[1024];
    private final Long2LongHashMap checkedFloor = new Long2LongHashMap(MISSING);
    private final Long2LongHashMap lifeOfBallot = new Long2LongHashMap(MISSING);
    private final Long2LongHashMap highestAnswer = new Long2LongHashMap(MISSING);
    private final Reference reference;
    private long chosenUpTo;
    private long jumpedTo;
    private int lives;

    /** For stories without clients. */
    public Safety(int members, int acceptQuorum, int openSlotLimit) {
        this(
                members,
                acceptQuorum,
                openSlotLimit,
                new Reference(new KitApplication(0, true), SessionLimits.DEFAULT));
    }

    Safety(int members, int acceptQuorum, int openSlotLimit, Reference reference) {
        this.members = members;
        this.acceptQuorum = acceptQuorum;
        this.openSlotLimit = openSlotLimit;
        this.reference = reference;
    }

    /** The story goes on far above: every slot up to this one counts as chosen. */
    public void jumpTo(long slot) {
        reference.jumpTo(slot);
        chosenUpTo = slot;
        jumpedTo = slot;
        slots = new SlotHistory[slots.length];
    }

    /** A node starts; the number tells its starts, and those of all others, apart. */
    int newLife() {
        return ++lives;
    }

    /**
     * A node uses a ballot, to prepare or to lead. Life numbers tell a node's starts apart,
     * cluster-wide.
     */
    void usesBallot(int node, int life, long ballot) {
        require(Ballot.owner(ballot) == node, "node %d uses ballot %s of another", node, ballot);
        long before = lifeOfBallot.putIfAbsent(ballot, life);
        require(
                before == MISSING || before == life,
                "node %d uses ballot %s again after a restart",
                node,
                ballot);
    }

    /** A node proposes. */
    void proposes(int node, int life, BatchCopy batch, long floor) {
        usesBallot(node, life, batch.ballot());
        require(
                batch.lastSlot() < floor + openSlotLimit || openSlotLimit == 0,
                "node %d proposes slot %d, beyond the window above its floor",
                node,
                batch.lastSlot());
        looksFrom(batch);
        for (long slot = batch.firstSlot(); slot <= batch.lastSlot(); slot++) {
            SlotHistory history = history(slot);
            SlotHistory.Line line = history.of(batch.ballot(), batch.value(slot));
            require(
                    line.value == batch.value(slot),
                    "two values are proposed at slot %d under ballot %s",
                    slot,
                    batch.ballot());
            requireKeeps(history, line, slot);
        }
    }

    /** What a floor says of slots that its ballot never touched need not be checked. */
    private void looksFrom(BatchCopy batch) {
        long checked = checkedFloor.get(batch.ballot());
        if (checked == MISSING || batch.firstSlot() < checked) {
            checkedFloor.put(batch.ballot(), batch.firstSlot());
        }
    }

    private static void requireKeeps(SlotHistory history, SlotHistory.Line line, long slot) {
        boolean isLost =
                history.isChosen()
                        && line.ballot > history.chosenBallot()
                        && line.value != history.chosenValue();
        require(
                !isLost,
                "slot %d is chosen, but ballot %s proposes another value",
                slot,
                line.ballot);
    }

    /** A member's vote rests on this from now on. */
    void holds(int node, BatchCopy batch) {
        for (long slot = batch.firstSlot(); slot <= batch.lastSlot(); slot++) {
            SlotHistory history = history(slot);
            SlotHistory.Line line = history.of(batch.ballot(), batch.value(slot));
            require(
                    line.value == batch.value(slot),
                    "slot %d is accepted with two values under ballot %s",
                    slot,
                    batch.ballot());
            line.holders |= 1 << node;
            if (Integer.bitCount(line.holders) >= quorumOf(slot)) {
                choose(history, line, slot);
            }
        }
    }

    private int quorumOf(long slot) {
        return slot == GENESIS_SLOT ? members : acceptQuorum;
    }

    private void choose(SlotHistory history, SlotHistory.Line line, long slot) {
        require(
                !history.isChosen() || history.chosenValue() == line.value,
                "two values are chosen at slot %d, under" + " ballot %s and before",
                slot,
                line.ballot);
        history.choose(line);
        for (SlotHistory.Line other : history.lines()) {
            requireKeeps(history, other, slot);
        }
        while (isChosen(chosenUpTo + 1)) {
            chosenUpTo++;
        }
    }

    private boolean isChosen(long slot) {
        SlotHistory history = find(slot);
        return history != null && history.isChosen();
    }

    private SlotHistory find(long slot) {
        long at = slot - jumpedTo;
        return at < slots.length ? slots[(int) at] : null;
    }

    /** Whether a node has held a slot under a ballot in a way that a vote may rest on. */
    boolean hasHeld(int node, long slot, long ballot) {
        SlotHistory history = find(slot);
        SlotHistory.Line line = history == null ? null : history.find(ballot);
        return line != null && (line.holders & 1 << node) != 0;
    }

    /** A node answers under a ballot: from now on it never answers under a lower one. */
    void answers(long member, long ballot) {
        long before = highestAnswer.put(member, ballot);
        require(
                ballot >= before,
                "node %d answers under ballot %s, below an earlier answer",
                MemberId.node(member),
                ballot);
    }

    /**
     * A node that may have forgotten votes takes part again under a ballot: it promised none as
     * high, and misses nothing that was chosen below it.
     */
    void returns(long member, long ballot, KnownValue isKnown) {
        int node = MemberId.node(member);
        require(
                highestAnswer.get(member) < ballot,
                "node %d returns under ballot %s, which it answered before it lost its votes",
                node,
                ballot);
        for (long slot = jumpedTo + 1; slot <= jumpedTo + slots.length; slot++) {
            SlotHistory history = find(slot);
            boolean mustBeKnown =
                    history != null && history.isChosen() && history.chosenBallot() < ballot;
            require(
                    !mustBeKnown || isKnown.test(slot, history.chosenValue()),
                    "node %d returns, and does not know what was chosen at slot %d",
                    node,
                    slot);
        }
    }

    /** Whether a node holds this value at a slot, or knows that what was chosen there is here. */
    @FunctionalInterface
    interface KnownValue {
        boolean test(long slot, long value);
    }

    /** A node says that every slot up to here is chosen. */
    void claimsChosen(int node, long upTo) {
        require(
                upTo <= chosenUpTo,
                "node %d says that all is chosen up to %d, which no quorum accepted",
                node,
                upTo);
    }

    /**
     * A leader says that every slot below its floor is chosen: who holds one of them under its
     * ballot takes that value as chosen, so it must be.
     */
    void announcesFloor(int node, long ballot, long floor) {
        claimsChosen(node, floor - 1);
        long from = checkedFloor.get(ballot) == MISSING ? floor : checkedFloor.get(ballot);
        for (long slot = from; slot < floor; slot++) {
            SlotHistory history = history(slot);
            SlotHistory.Line line = history.find(ballot);
            require(
                    line == null || line.value == history.chosenValue(),
                    "slot %d lies below the floor of ballot %s, which proposed another value than"
                            + " the chosen one",
                    slot,
                    ballot);
        }
        checkedFloor.put(ballot, Math.max(from, floor));
    }

    /** A node says, or has learnt, that these values are chosen. */
    void claimsChosen(int node, BatchCopy batch) {
        for (long slot = batch.firstSlot(); slot <= batch.lastSlot(); slot++) {
            SlotHistory history = history(slot);
            require(
                    history.isChosen(),
                    "node %d takes slot %d as chosen, which no quorum accepted",
                    node,
                    slot);
            require(
                    history.chosenValue() == batch.value(slot),
                    "node %d takes another value as chosen at slot %d"
                            + " than the quorum accepted",
                    node,
                    slot);
        }
    }

    /** A node commits these slots, for the first time or again after a restart. */
    void commits(int node, BatchCopy batch) {
        claimsChosen(node, batch);
        long next = reference.appliedIndex() + 1;
        if (batch.lastSlot() >= next) {
            reference.apply(batch.slice(next, batch.lastSlot()));
        }
    }

    /** A node has a snapshot of everything up to here: somebody committed all of it. */
    void jumps(int node, long slot) {
        claimsChosen(node, slot);
        require(
                slot <= committedUpTo(),
                "node %d has a snapshot of slot %d, which nobody has committed",
                node,
                slot);
    }

    /** Slot above which the story is told. */
    public long jumpedTo() {
        return jumpedTo;
    }

    /**
     * Highest slot up to which a quorum has accepted everything, whether anybody knows it or not.
     */
    public long chosenUpTo() {
        return chosenUpTo;
    }

    /** Highest slot up to which somebody has committed. */
    public long committedUpTo() {
        return reference.appliedIndex();
    }

    private SlotHistory history(long slot) {
        int at = (int) (slot - jumpedTo);
        if (at >= slots.length) {
            slots = Arrays.copyOf(slots, 2 * at);
        }
        if (slots[at] == null) {
            slots[at] = new SlotHistory();
        }
        return slots[at];
    }

    private static void require(boolean holds, String what, long number, long ballotOrSlot) {
        if (!holds) {
            Object second = what.contains("%s") ? Ballot.text(ballotOrSlot) : (Object) ballotOrSlot;
            throw new SafetyViolation(String.format(what, number, second));
        }
    }
}
