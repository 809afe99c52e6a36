package io.paxoslog.core;

/**
 * How seldom a leader makes way by itself: as whoever takes over may lose it again, each time twice
 * as seldom as the time before. After a long time without it all begins anew.
 */
final class Restraint {
    private static final int MOST_DOUBLINGS = 6;
    private static final int PAUSES_BEFORE = 2;

    private final long pauseTicks;
    private int times;
    private long intervalTicks;
    private long nextTick;

    /**
     * @param pauseTicks the first interval is four of it
     */
    Restraint(long pauseTicks) {
        this.pauseTicks = pauseTicks;
    }

    boolean allows(long nowTick) {
        return nowTick >= nextTick;
    }

    /** It makes way. */
    void used(long nowTick) {
        times = nowTick - nextTick > intervalTicks ? 1 : times + 1;
        long doubled = pauseTicks << Math.min(times, MOST_DOUBLINGS);
        intervalTicks = PAUSES_BEFORE * pauseTicks + doubled;
        nextTick = nowTick + intervalTicks;
    }

    /** There is no reason for it any more. */
    void forget() {
        times = 0;
    }
}
