package io.paxoslog.server;

import io.paxoslog.core.Replica;

/**
 * The last turns of a node that somebody wants to stop: a leader hands over first, and tells its
 * clients where to go. Belongs to the thread that has the replica.
 */
final class Farewell {
    /** For what was said last to leave. */
    private static final int LINGER_TICKS = 2;

    private static final long NOT_YET = -1;

    private final int longestTicks;
    private long endTick = NOT_YET;
    private long lingerTick;

    /**
     * @param longestMs how long to try; 0: not at all
     */
    Farewell(int longestMs) {
        longestTicks = longestMs;
    }

    /** Whether the node is to take more turns before it stops. Throws nothing. */
    boolean goesOn(StopRequest stop, Replica replica, long tick) {
        if (!stop.hasTime()) {
            return false;
        }
        endTick = endTick == NOT_YET ? tick + longestTicks : endTick;
        if (tick >= endTick) {
            return false;
        }
        lingerTick = replica.leave() ? tick + LINGER_TICKS : lingerTick;
        return tick < lingerTick;
    }
}
