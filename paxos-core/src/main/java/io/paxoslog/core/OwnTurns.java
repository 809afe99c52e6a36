package io.paxoslog.core;

/**
 * For how much of the last while this node had no turns, because it was given no processor or its
 * turns take long. A single pause does not show, however long: what counts is the lower share of
 * the last two periods.
 */
final class OwnTurns {
    private static final int PERIOD_TIMEOUTS = 3;
    private static final int USUAL_TURNS_PER_HEARTBEAT = 4;
    private static final int ALL = 100;

    private final long periodTicks;
    private final long usualTicks;
    private long lastTick;
    private long beginTick;
    private long lostTicks;
    private int share;
    private int shareBefore;

    OwnTurns(int heartbeatTicks, int timeoutTicks) {
        periodTicks = (long) PERIOD_TIMEOUTS * timeoutTicks;
        usualTicks = Math.max(1, heartbeatTicks / USUAL_TURNS_PER_HEARTBEAT);
    }

    /** It starts. */
    void start(long tick) {
        lastTick = tick;
        beginTick = tick;
    }

    /** A turn. What is usual between two of them is not lost. */
    void onTick(long tick) {
        lostTicks += Math.max(0, tick - lastTick - usualTicks);
        lastTick = tick;
        long period = tick - beginTick;
        if (period >= periodTicks) {
            shareBefore = share;
            share = (int) (lostTicks * ALL / period);
            beginTick = tick;
            lostTicks = 0;
        }
    }

    /** Percent of the time that was lost. */
    int lost() {
        return Math.min(share, shareBefore);
    }
}
