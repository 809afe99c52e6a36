package io.paxoslog.media;

import java.util.concurrent.TimeUnit;

/** How often something may be done: so many times a second for long, and some at once. */
public final class Allowance {
    private final long pauseNs;
    private final long burstNs;
    private long paidUntilNs;

    /**
     * @param perSecond how often in the long run
     * @param burst how often at once
     */
    public Allowance(int perSecond, int burst, long nowNs) {
        pauseNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        burstNs = pauseNs * burst;
        paidUntilNs = nowNs;
    }

    /** Takes one, if there is one. */
    public boolean take(long nowNs) {
        long from = paidUntilNs - nowNs < 0 ? nowNs : paidUntilNs;
        if (from - nowNs > burstNs - pauseNs) {
            return false;
        }
        paidUntilNs = from + pauseNs;
        return true;
    }
}
