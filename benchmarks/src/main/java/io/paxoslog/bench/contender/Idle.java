package io.paxoslog.bench.contender;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** What a thread does when there is nothing to do. */
public enum Idle {
    /** Spins. */
    SPIN,
    /** Gives the core to others at once, and asks for it again. */
    YIELD,
    /** Spins and yields first, then parks for 1 to 1,000 us. */
    BACKOFF;

    private static final int SPINS = 10;
    private static final int YIELDS = 20;
    private static final int SHORTEST_PARK_US = 1;
    private static final int LONGEST_PARK_US = 1000;

    /** Makes one for one thread. */
    public IdleStrategy newStrategy() {
        return switch (this) {
            case SPIN -> new BusySpinIdleStrategy();
            case YIELD -> new YieldingIdleStrategy();
            case BACKOFF ->
                    new BackoffIdleStrategy(
                            SPINS,
                            YIELDS,
                            TimeUnit.MICROSECONDS.toNanos(SHORTEST_PARK_US),
                            TimeUnit.MICROSECONDS.toNanos(LONGEST_PARK_US));
        };
    }
}
