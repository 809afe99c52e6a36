package io.paxoslog.server;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/** A node's monotonic clock in milliseconds since its start, which is when it shows 1. */
final class Ticks {
    private static final long NS_PER_TICK = TimeUnit.MILLISECONDS.toNanos(1);

    private final NanoClock clock;
    private final long startNs;

    Ticks(NanoClock clock) {
        this.clock = clock;
        this.startNs = clock.nanoTime();
    }

    /** The clock itself. */
    long nanoTime() {
        return clock.nanoTime();
    }

    /** What it shows at a time of the clock. */
    long of(long timeNs) {
        return (timeNs - startNs) / NS_PER_TICK + 1;
    }

    /** What it shows now. */
    long now() {
        return of(clock.nanoTime());
    }
}
