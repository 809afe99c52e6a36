package io.paxoslog.core;

/**
 * Says when something that comes again and again is worth another line: at once, then after
 * intervals that double. After a long silence it is news again.
 */
final class Seldom {
    private static final int FIRST_TIMEOUTS = 64;
    private static final int MOST_DOUBLINGS = 8;

    private final long firstTicks;
    private final long longestTicks;
    private long intervalTicks;
    private long nextTick;
    private long count;

    /**
     * @param timeoutTicks shortest election time-out: the measure of what is long for a node
     */
    Seldom(int timeoutTicks) {
        firstTicks = (long) FIRST_TIMEOUTS * timeoutTicks;
        longestTicks = firstTicks << MOST_DOUBLINGS;
    }

    /** It happened; returns whether to say so. */
    boolean isDue(long nowTick) {
        boolean isFirst = count++ == 0;
        if (!isFirst && nowTick < nextTick) {
            return false;
        }
        boolean isNews = isFirst || nowTick - nextTick > intervalTicks;
        intervalTicks = isNews ? firstTicks : Math.min(2 * intervalTicks, longestTicks);
        nextTick = nowTick + intervalTicks;
        return true;
    }

    /** How often it happened. */
    long count() {
        return count;
    }
}
