package io.paxoslog.cli;

import java.util.concurrent.TimeUnit;

/** How long something may take without progress. */
final class Deadline {
    private static final double LONGEST_SECONDS = 1e9;

    private final long timeoutNs;
    private long endNs;

    Deadline(double seconds) {
        timeoutNs = (long) (Math.min(seconds, LONGEST_SECONDS) * TimeUnit.SECONDS.toNanos(1));
        renew();
    }

    /** There was progress: the time begins anew. */
    void renew() {
        endNs = System.nanoTime() + timeoutNs;
    }

    boolean isOver() {
        return System.nanoTime() - endNs > 0;
    }
}
