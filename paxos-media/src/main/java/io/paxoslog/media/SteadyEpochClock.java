package io.paxoslog.media;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Milliseconds since 1970 as of the start, and from then on by the monotonic clock. A driver and
 * its client judge by this clock whether the other one lives: a wall clock that is set must not end
 * them. Any thread.
 */
final class SteadyEpochClock implements EpochClock {
    private final NanoClock clock;
    private final long startNs;
    private final long startMs;

    SteadyEpochClock() {
        this(SystemEpochClock.INSTANCE, SystemNanoClock.INSTANCE);
    }

    /**
     * @param wall looked at once
     * @param clock monotonic
     */
    SteadyEpochClock(EpochClock wall, NanoClock clock) {
        this.clock = clock;
        startNs = clock.nanoTime();
        startMs = wall.time();
    }

    @Override
    public long time() {
        return startMs + TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - startNs);
    }
}
