package io.paxoslog.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Reads times that programs give. */
final class Milliseconds {
    private Milliseconds() {}

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
