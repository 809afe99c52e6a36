package io.paxoslog.bench.load;

import java.util.concurrent.TimeUnit;

/** When the commands of an open loop are meant to leave. Never moves, whatever the replies do. */
record Schedule(long firstNumber, long startNs, double ratePerSecond) {
    private static final double NS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /** When the command of a number, from the first, is meant to leave. */
    long intendedNs(long number) {
        return startNs + (long) ((number - firstNumber) * NS_PER_SECOND / ratePerSecond);
    }
}
