package io.paxoslog.testkit.sim;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Membership;
import io.paxoslog.service.SessionLimits;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.agrona.collections.Long2LongHashMap;

/**
 * The oracles: sees everything that is proposed, written, forced, said and committed on every node,
 * and throws {@link SafetyViolation} at the first thing that must not be. Knows the rules of Paxos,
 * nothing of how the core keeps them.
 */
public final class Safety {
    private static final long MISSING = Long.MIN_VALUE;

    private final Terms terms;
    private final Map<Long, Membership> entries = new HashMap<>();
    private final Map<Long, Integer> promisedBy = new HashMap<>();
    private final Map<Long, Integer> answeredBy = new HashMap<>();
    private final Map<Integer, Long> toldCommit = new HashMap<>();
    private final Map<Integer, Long> knownWhenVoting = new HashMap<>();
    private final Set<Long> settled = new HashSet<>();
    private SlotHistory[] slots = new SlotHistory[1024];
    private final Long2LongHashMap checkedFloor = new Long2LongHashMap(MISSING);
    private final Long2LongHashMap lifeOfBallot = new Long2LongHashMap(MISSING);
    private final Long2LongHashMap highestAnswer = new Long2LongHashMap(MISSING);
    private final Reference reference;
    private long chosenUpTo;
    private long jumpedTo;
    private int lives;

    /** For stories without clients. */
    public Safety(int founders) {
        this(
                founders,
                new Reference(new KitApplication(0, true, false, false), SessionLimits.DEFAULT));
    }

    Safety(int founders, Reference reference) {
        terms = new Terms(founders);
        this.reference = reference;
    }

    /** Who votes on which slot. */
    Terms terms() {
        return terms;
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

    /**
     * A node proposes.
     *
     * @param known it knows every slot up to this one
     */
    void proposes(int node, int life, BatchCopy batch, long known) {
        usesBallot(node, life, batch.ballot());
        require(
                batch.lastSlot() <= terms.lastProposable(known),
                "node %d proposes slot %d, beyond the window above what it knows",
                node,
                batch.lastSlot());
        Terms.Term term = terms.of(batch.lastSlot());
        require(
                batch.firstSlot() >= term.from() || batch.lastSlot() < term.from(),
                "node %d proposes across slot %d, the first one of a membership",
                node,
                term.from());
        // Who knows the founding says it again with the quorums that it names; all hold it.
        require(
                terms.isFounding(batch.lastSlot())
                        || term.isPrepareQuorum(promisedBy.getOrDefault(batch.ballot(), 0)),
                "node %d proposes slot %d, in whose membership its ballot has no prepare quorum",
                node,
                batch.firstSlot());
        noteEntry(node, batch, known);
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

    private void noteEntry(int node, BatchCopy batch, long known) {
        if (batch.kind() != Batch.MEMBERSHIP) {
            return;
        }
        Batch view = batch.view();
        Membership entry =
                Membership.decode(view.buffer(), Batch.ENTRY_PREFIX_BYTES, view.entryLength(0));
        boolean isNew = entries.putIfAbsent(batch.value(batch.firstSlot()), entry) == null;
        if (isNew && entry.previous() != 0) {
            mayAskFor(node, batch.ballot(), known, Terms.of(entry));
        }
    }

    /** When a leader may propose other members: what it has chosen, and who is there. */
    private void mayAskFor(int node, long ballot, long known, Terms.Term wanted) {
        require(
                settled.contains(ballot) || isSettledByKnowledge(ballot),
                "node %d proposes other members under ballot %s, which has chosen nothing yet",
                node,
                ballot);
        int near = knowing(toldCommit, Math.max(1, known - terms.of(known + 1).limit()));
        require(
                wanted.isServedBy(promisedBy.getOrDefault(ballot, 0) & near),
                "node %d proposes members under ballot %s that have not promised it, or are behind",
                node,
                ballot);
    }

    private static int knowing(Map<Integer, Long> upTo, long slot) {
        int nodes = 0;
        for (Map.Entry<Integer, Long> one : upTo.entrySet()) {
            nodes |= one.getValue() >= slot ? 1 << one.getKey() : 0;
        }
        return nodes;
    }

    /** Who votes under a ballot and knows a slot chosen votes for it and writes it down no more. */
    private boolean isSettledByKnowledge(long ballot) {
        int answering = answeredBy.getOrDefault(ballot, 0);
        for (long slot = jumpedTo + 1; slot <= chosenUpTo; slot++) {
            SlotHistory.Line line = history(slot).find(ballot);
            if (line == null) {
                continue;
            }
            int voting = line.holders;
            voting |= answering & (knowing(toldCommit, slot) | knowing(knownWhenVoting, slot));
            if (terms.of(slot).isAcceptQuorum(voting)) {
                return true;
            }
        }
        return false;
    }

    /** A node stops as it is no member any more: something must be chosen without it. */
    void removed(int node) {
        boolean wasMember = false;
        for (Terms.Term term : terms.from(1)) {
            if (wasMember && !term.holds(node) && chosenUpTo >= term.from()) {
                return;
            }
            wasMember |= term.holds(node);
        }
        throw new SafetyViolation("node " + node + " stops as if it had been removed");
    }

    /** A node promises a ballot. */
    void promises(int node, long ballot) {
        promisedBy.merge(ballot, 1 << node, (one, other) -> one | other);
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
            if (terms.of(slot).isAcceptQuorum(line.holders)) {
                settled.add(line.ballot);
                choose(history, line, slot);
            }
        }
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
            Membership entry = entries.get(find(chosenUpTo).chosenValue());
            if (entry != null) {
                terms.chosen(chosenUpTo, entry);
            }
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
        answeredBy.merge(ballot, 1 << MemberId.node(member), (one, other) -> one | other);
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

    /** A node votes, and for slots up to here without writing that down: it knows them chosen. */
    void votesByKnowledge(int node, long upTo) {
        knownWhenVoting.merge(node, upTo, Math::max);
    }

    /** A node says that every slot up to here is chosen. */
    void claimsChosen(int node, long upTo) {
        toldCommit.merge(node, upTo, Math::max);
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
