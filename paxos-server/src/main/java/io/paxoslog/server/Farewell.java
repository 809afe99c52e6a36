package io.paxoslog.server;

import io.paxoslog.core.Replica;
import io.paxoslog.core.Role;

/**
 * The last turns of a node that somebody wants to stop: a leader hands over first, and tells its
 * clients where to go. Belongs to the thread that has the replica.
 */
final class Farewell {
    /** For what was said last to leave. */
    private static final int LINGER_TICKS = 2;

    private final int longestTicks;
    private long endTick;
    private long knownTick;
    private boolean hasBegun;

    /**
     * @param longestMs how long to try; 0: not at all
     */
    Farewell(int longestMs) {
        longestTicks = longestMs;
    }

    /** Whether the node is to take more turns before it stops. Throws nothing. */
    boolean goesOn(StopRequest stop, Replica replica, int node, long tick) {
        if (!stop.hasTime() || longestTicks == 0) {
            return false;
        }
        boolean isWorthIt = replica.leave();
        if (!hasBegun) {
            hasBegun = true;
            endTick = tick + longestTicks;
            return isWorthIt;
        }
        return tick < endTick && (isWorthIt || !isTold(replica, node, tick));
    }

    /** Whether clients have been told of the next leader. */
    private boolean isTold(Replica replica, int node, long tick) {
        if (replica.role() == Role.LEADING) {
            // There is nobody else, or nobody that takes over.
            return true;
        }
        boolean isKnown = replica.leader() != 0 && replica.leader() != node;
        knownTick = !isKnown ? 0 : knownTick == 0 ? tick : knownTick;
        return isKnown && tick - knownTick >= LINGER_TICKS;
    }
}
