package io.paxoslog.apply;

import io.paxoslog.core.Decision;
import io.paxoslog.core.Replica;
import io.paxoslog.service.Halt;
import java.util.ArrayDeque;
import org.agrona.collections.Long2LongHashMap;

/**
 * What the replica thread knows of a state machine that stands still, and of the decisions that let
 * it go on. Tells the one who applies what is decided about slots ahead of their order, as who
 * stands still hears of nothing above. Belongs to the replica thread.
 */
final class Standstill {
    private record Word(long at, Decision.Kind kind, long slot) {
        boolean isHold() {
            return kind == null;
        }
    }

    private record Difference(long equalUpTo, long differsAt, boolean isMinority) {}

    private final ApplyOrders orders;
    private final ApplyFeed.Snapshots snapshots;
    private final ArrayDeque<Word> untold = new ArrayDeque<>();
    private final Long2LongHashMap decidedAt = new Long2LongHashMap(0);
    private long slot;
    private long decision;
    private Resumption resumption = Resumption.FROM_THERE;
    private long haltsHeard;
    private long wanted;
    private boolean isRestoring;
    private long restoresHeard;
    private Difference untoldDifference;

    Standstill(ApplyOrders orders, ApplyFeed.Snapshots snapshots) {
        this.orders = orders;
        this.snapshots = snapshots;
    }

    /** It is to take the snapshot of a slot, as the log in front is not to be had. */
    void take(long snapshot) {
        wanted = Math.max(wanted, snapshot);
    }

    /** What it holds is not what others hold: it stands still at once, whatever it was given. */
    void diverged(long equalUpTo, long differsAt, boolean isMinority) {
        untoldDifference = new Difference(equalUpTo, differsAt, isMinority);
        slot = equalUpTo + 1;
        decision = Halt.DIVERGED;
        resumption = Resumption.WITH_A_SNAPSHOT_OF_OTHERS;
        tell();
    }

    /** A decision came into force. */
    void decided(long at, Decision what) {
        if (what.kind().isAboutSlot()) {
            decidedAt.put(what.slot(), Math.max(at, decidedAt.get(what.slot())));
            untold.add(new Word(at, what.kind(), what.slot()));
        }
    }

    /** This node has said, in an earlier run, that it holds below a slot. */
    void held(long heldSlot, long against) {
        untold.add(new Word(against, null, heldSlot));
    }

    /** Tells what is not told yet, in its order; false while there is no room for it. */
    boolean tell() {
        while (!untold.isEmpty() && tell(untold.peek())) {
            untold.remove();
        }
        return untold.isEmpty() && tellDifference();
    }

    private boolean tellDifference() {
        Difference what = untoldDifference;
        if (what != null
                && orders.diverged(what.equalUpTo(), what.differsAt(), what.isMinority())) {
            untoldDifference = null;
        }
        return untoldDifference == null;
    }

    private boolean tell(Word word) {
        return word.isHold()
                ? orders.held(word.slot(), word.at())
                : orders.decided(word.at(), word.kind(), word.slot());
    }

    /** Looks whether the state machine came to a stand, or has taken a snapshot. */
    void hear(Applied applied) {
        if (applied.halts() != haltsHeard) {
            haltsHeard = applied.halts();
            slot = applied.haltedAt();
            decision = applied.haltedAgainst();
            resumption = applied.resumption();
        }
        if (applied.restores() != restoresHeard) {
            restoresHeard = applied.restores();
            isRestoring = false;
        }
    }

    /**
     * Lets it go on if the log has decided since and it can, or if there is a snapshot for it.
     *
     * @return the slot that comes next, 0 when it stands still, or has not stood still
     */
    long goOn() {
        if (isRestoring || !mayGoOn() || !tell()) {
            return 0;
        }
        if (wanted != 0) {
            return restore(wanted);
        }
        if (resumption == Resumption.FROM_THERE) {
            return goOn(false, slot);
        }
        long snapshot = snapshots.newestBelow(slot);
        return snapshot == 0 ? goOn(true, 1) : restore(snapshot);
    }

    private boolean mayGoOn() {
        return wanted != 0 || (isDecided() && goesOnByItself());
    }

    private boolean goesOnByItself() {
        return resumption == Resumption.FROM_THERE || resumption == Resumption.FROM_THE_BEGINNING;
    }

    private long goOn(boolean fromTheBeginning, long next) {
        if (!orders.goOn(fromTheBeginning)) {
            return 0;
        }
        slot = 0;
        return next;
    }

    /** Until it has answered nothing else is given: it may have halted just before. */
    private long restore(long snapshot) {
        if (!orders.restore(snapshot)) {
            return 0;
        }
        isRestoring = true;
        wanted = 0;
        slot = 0;
        return snapshot + 1;
    }

    private boolean isDecided() {
        return slot != 0 && decidedAt.get(slot) > decision;
    }

    /** Whether nothing may be given to it: it is halted, or has a snapshot to take. */
    boolean isOn() {
        return slot != 0 || isRestoring || wanted != 0;
    }

    /** Whether it is an entry of the log that it could not take, or is not to have taken. */
    boolean isOfEntry() {
        return decision != Halt.NO_HOLD && decision != Halt.DIVERGED;
    }

    /** Where it is halted; 0 while it is not. */
    long slot() {
        return slot;
    }

    /** Whether the log has decided, and only a restart of the node is left to be done. */
    boolean needsRestart() {
        return isDecided() && resumption == Resumption.AFTER_A_RESTART;
    }

    /** Tells the replica, which acts on it. */
    void report(Replica replica, long appliedIndex) {
        // Nothing is held against the slot: what others hold is the other thing.
        replica.serviceAt(appliedIndex, slot, decision == Halt.DIVERGED ? Halt.NO_HOLD : decision);
    }
}
