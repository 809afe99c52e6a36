package io.paxoslog.core;

/**
 * Ticks since a connected leader was heard, against a time-out drawn anew each time from a seeded
 * source. Where answers take longer than that, as over far roads or while nodes are given few
 * turns, time-outs become longer: or else each candidate would give up before it is answered, for
 * ever.
 */
final class ElectionTimer {
    private static final int MOST_TIMES_AS_LONG = 4;

    /** For how many time-outs no answer came late before they become shorter again. */
    private static final int STEADY_TIMEOUTS = 20;

    private final int shortestTicks;
    private long seed;
    private long lastHeardTick;
    private boolean hasHeardLeader;
    private long overdueTick;
    private int handicapTicks;
    private int timesAsLong = 1;
    private long lateTick;

    ElectionTimer(int shortestTicks, long seed) {
        this.shortestTicks = shortestTicks;
        this.seed = seed;
    }

    /** A leader that is connected to a quorum was heard. */
    void leaderHeard(long nowTick) {
        hasHeardLeader = true;
        lastHeardTick = nowTick;
        restart(nowTick);
    }

    /** Waits for a full time-out from now on, of a newly drawn length. */
    void restart(long nowTick) {
        overdueTick = nowTick + handicapTicks + shortestNow() + nextBelow(shortestNow() + 1);
    }

    /** An answer came for which this node had not waited long enough. */
    void answeredLate(long nowTick) {
        timesAsLong = Math.min(2 * timesAsLong, MOST_TIMES_AS_LONG);
        lateTick = nowTick;
    }

    void onTick(long nowTick) {
        if (timesAsLong > 1 && nowTick - lateTick >= (long) STEADY_TIMEOUTS * longestNow()) {
            timesAsLong /= 2;
            lateTick = nowTick;
        }
    }

    private int shortestNow() {
        return timesAsLong * shortestTicks;
    }

    /** Longest time-out that can be drawn now. */
    int longestNow() {
        return timesAsLong * longestTicks();
    }

    /** Waits so much longer than others, so that one of them comes first; 0 as all others. */
    void handicap(int timeouts, long nowTick) {
        int ticks = timeouts * longestTicks();
        if (ticks != handicapTicks) {
            handicapTicks = ticks;
            restart(nowTick);
        }
    }

    boolean isLeaderOverdue(long nowTick) {
        return nowTick >= overdueTick;
    }

    /**
     * Whether a connected leader was heard so lately that nobody should be elected in its place.
     */
    boolean hearsLiveLeader(long nowTick) {
        return hasHeardLeader && nowTick - lastHeardTick < shortestNow();
    }

    /** The leader that was heard has given up or lost its ballot: it holds nobody back any more. */
    void leaderGone() {
        hasHeardLeader = false;
    }

    /** Longest time-out that can be drawn where answers come in time. */
    int longestTicks() {
        return 2 * shortestTicks;
    }

    /**
     * SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014).
     */
    private int nextBelow(int bound) {
        seed += 0x9E3779B97F4A7C15L;
        long z = (seed ^ (seed >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return (int) Long.remainderUnsigned(z ^ (z >>> 31), bound);
    }
}
