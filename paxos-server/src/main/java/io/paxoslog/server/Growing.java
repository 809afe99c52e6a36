package io.paxoslog.server;

import java.util.concurrent.TimeUnit;

/** When to say again what goes on and on: after a second, and then twice as long each time. */
final class Growing {
    private static final long FIRST_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(10);

    private long beganNs;
    private long nextNs;
    private long intervalNs;
    private boolean isOn;
    private boolean isSaid;

    /** It begins now, and nothing was said of it yet. */
    void begin(long nowNs) {
        isOn = true;
        isSaid = false;
        beganNs = nowNs;
        intervalNs = FIRST_NS;
        nextNs = nowNs + intervalNs;
    }

    /** Whether it goes on and it is time to say so. */
    boolean isDue(long nowNs) {
        if (!isOn || nowNs - nextNs < 0) {
            return false;
        }
        isSaid = true;
        nextNs = nowNs + intervalNs;
        intervalNs = Math.min(2 * intervalNs, LONGEST_NS);
        return true;
    }

    /** It is over; whether anything was said of it. */
    boolean end() {
        boolean wasSaid = isOn && isSaid;
        isOn = false;
        isSaid = false;
        return wasSaid;
    }

    boolean isOn() {
        return isOn;
    }

    /** For how long it has gone on. */
    long lastedMs(long nowNs) {
        return TimeUnit.NANOSECONDS.toMillis(nowNs - beganNs);
    }

    /** Whether it has gone on for as long as makes it worth a word. */
    boolean isLong(long nowNs) {
        return isOn && nowNs - beganNs >= FIRST_NS;
    }
}
