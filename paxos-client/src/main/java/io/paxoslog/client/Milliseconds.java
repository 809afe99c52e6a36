package io.paxoslog.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Reads times that programs give. */
final class Milliseconds {
    /** Never: deadlines are as far away as differences of {@link System#nanoTime} can say. */
    private static final long NEVER_NS = Long.MAX_VALUE / 4;

    private Milliseconds() {}

    /** So many of them, as {@link #of} gave them, in nanoseconds. */
    static long inNanos(int milliseconds) {
        return milliseconds == Integer.MAX_VALUE
                ? NEVER_NS
                : TimeUnit.MILLISECONDS.toNanos(milliseconds);
    }

    /**
     * A time in whole milliseconds, rounded up; {@link Integer#MAX_VALUE} for all longer ones.
     *
     * @throws IllegalArgumentException naming the time that is negative or null
     */
    static int of(String name, Duration time) {
        if (time == null || time.isNegative()) {
            throw new IllegalArgumentException(name + ": 0 or more, not " + time);
        }
        if (time.toSeconds() >= Integer.MAX_VALUE / TimeUnit.SECONDS.toMillis(1)) {
            return Integer.MAX_VALUE;
        }
        return Math.toIntExact(time.plusNanos(TimeUnit.MILLISECONDS.toNanos(1) - 1).toMillis());
    }
}
