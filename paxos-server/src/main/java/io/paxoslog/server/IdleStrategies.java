package io.paxoslog.server;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** Makes what a setting names. */
final class IdleStrategies {
    private static final int SPINS = 1;
    private static final int YIELDS = 200;
    private static final long SHORTEST_PARK_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private IdleStrategies() {}

    static IdleStrategy of(NodeConfig config) {
        return switch (config.get(Settings.IDLE)) {
            case SPIN -> new BusySpinIdleStrategy();
            case YIELD -> new YieldingIdleStrategy();
            case BACKOFF -> {
                long longest = TimeUnit.MICROSECONDS.toNanos(config.get(Settings.IDLE_PARK_US));
                // Parking is slow to wake up from, so it comes only after a long time of yielding.
                yield new BackoffIdleStrategy(
                        SPINS, YIELDS, Math.min(SHORTEST_PARK_NS, longest), longest);
            }
        };
    }
}
