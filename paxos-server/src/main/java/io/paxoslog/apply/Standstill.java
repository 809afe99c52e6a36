package io.paxoslog.apply;

import io.paxoslog.core.Decision;
import io.paxoslog.core.Replica;
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

    private final ApplyOrders orders;
    private final ArrayDeque<Word> untold = new ArrayDeque<>();
    private final Long2LongHashMap decidedAt = new Long2LongHashMap(0);
    private long slot;
    private long decision;
    private Resumption resumption = Resumption.FROM_THERE;
    private long haltsHeard;

    Standstill(ApplyOrders orders) {
        this.orders = orders;
    }

    /** A decision came into force. */
    void decided(long at, Decision what) {
        if (what.kind() != Decision.Kind.LIMITS) {
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
        return untold.isEmpty();
    }

    private boolean tell(Word word) {
        return word.isHold()
                ? orders.held(word.slot(), word.at())
                : orders.decided(word.at(), word.kind(), word.slot());
    }

    /** Looks whether the state machine came to a stand. */
    void hear(Applied applied) {
        if (applied.halts() != haltsHeard) {
            haltsHeard = applied.halts();
            slot = applied.haltedAt();
            decision = applied.haltedAgainst();
            resumption = applied.resumption();
        }
    }

    /**
     * Lets it go on if the log has decided since and it can.
     *
     * @return the slot that comes next, 0 when it stands still, or has not stood still
     */
    long goOn() {
        boolean mayGoOn = isDecided() && resumption != Resumption.AFTER_A_RESTART;
        boolean isFromThere = resumption == Resumption.FROM_THERE;
        if (!mayGoOn || !tell() || !orders.goOn(!isFromThere)) {
            return 0;
        }
        long next = isFromThere ? slot : 1;
        slot = 0;
        return next;
    }

    private boolean isDecided() {
        return slot != 0 && decidedAt.get(slot) > decision;
    }

    /** Where it stands still; 0 while it goes on. */
    long slot() {
        return slot;
    }

    /** Whether the log has decided, and only a restart of the node is left to be done. */
    boolean needsRestart() {
        return isDecided() && resumption == Resumption.AFTER_A_RESTART;
    }

    /** Tells the replica, which acts on it. */
    void report(Replica replica, long appliedIndex) {
        replica.serviceAt(appliedIndex, slot, decision);
    }
}
