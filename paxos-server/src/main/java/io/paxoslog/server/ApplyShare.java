package io.paxoslog.server;

import java.util.concurrent.TimeUnit;

/**
 * How much of the time goes into applying, looked at every few milliseconds: decides whether that
 * is worth a thread of its own. A stay that is far longer than those around it, as when the host
 * takes the processor away, says nothing about the next and counts as several of these. Belongs to
 * the one who applies.
 */
final class ApplyShare {
    private static final long WINDOW_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int MOST_PERCENT_IN_TURN = 50;
    private static final int LEAST_PERCENT_APART = 25;
    private static final long LEAST_LONG_NS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final int USUAL_STAYS = 8;

    private long sinceNs;
    private long busyNs;
    private int stays;
    private long longestNs = WINDOW_NS;
    private int percent;

    /** Somebody else applies from now on: what was seen before says nothing. */
    void restart(long nowNs) {
        sinceNs = nowNs;
        busyNs = 0;
        stays = 0;
        percent = (MOST_PERCENT_IN_TURN + LEAST_PERCENT_APART) / 2;
    }

    /** It was applied all the while. */
    void worked(long fromNs, long toNs) {
        busyNs += Math.min(toNs - fromNs, longestNs);
        stays++;
        looked(toNs);
    }

    /** There was nothing to apply. */
    void looked(long nowNs) {
        long elapsedNs = nowNs - sinceNs;
        if (elapsedNs >= WINDOW_NS) {
            percent = (int) (busyNs * 100.0 / elapsedNs);
            longestNs = Math.max(LEAST_LONG_NS, USUAL_STAYS * busyNs / Math.max(1, stays));
            sinceNs = nowNs;
            busyNs = 0;
            stays = 0;
        }
    }

    /** Whether the replica has too little time left. */
    boolean isLarge() {
        return percent > MOST_PERCENT_IN_TURN;
    }

    /** Whether the replica may well do it. */
    boolean isSmall() {
        return percent < LEAST_PERCENT_APART;
    }
}
