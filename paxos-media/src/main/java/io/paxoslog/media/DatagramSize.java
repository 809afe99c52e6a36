package io.paxoslog.media;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/**
 * How large datagrams to one place may be. Something on the way, as a tunnel that nobody sees, may
 * lose those above some size that each end takes for right: then smaller ones are sent, and larger
 * ones tried again later, and more and more seldom. Used by one thread.
 */
public final class DatagramSize {
    static final long FIRST_PAUSE_NS = TimeUnit.MINUTES.toNanos(1);
    static final long LONGEST_PAUSE_NS = TimeUnit.HOURS.toNanos(1);

    /** What Ethernet carries, and what passes wherever IPv6 does. */
    private static final int[] STEPS = {Integer.MAX_VALUE, 1408, 1024};

    private final NanoClock clock;
    private int step;
    private long pauseNs = FIRST_PAUSE_NS;
    private long growNs;

    /**
     * @param clock monotonic
     */
    public DatagramSize(NanoClock clock) {
        this.clock = clock;
    }

    /** The size to send now where {@code wanted} is what this machine takes for right. */
    public int of(int wanted) {
        if (step > 0 && clock.nanoTime() - growNs >= 0) {
            step--;
            growNs = clock.nanoTime() + pauseNs;
        }
        return Math.min(wanted, STEPS[step]);
    }

    /** Datagrams of this size do not get through as they should. */
    public void tooLarge(int size) {
        int smaller = step;
        while (smaller < STEPS.length - 1 && STEPS[smaller] >= size) {
            smaller++;
        }
        if (smaller == step) {
            return;
        }
        step = smaller;
        growNs = clock.nanoTime() + pauseNs;
        pauseNs = Math.min(2 * pauseNs, LONGEST_PAUSE_NS);
    }
}
