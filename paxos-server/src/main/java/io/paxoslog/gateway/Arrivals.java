package io.paxoslog.gateway;

import java.util.function.LongSupplier;

/**
 * Whether all that had come to this node was read: what waits in a socket is seen by nobody, so it
 * is judged by whether nothing more came out of any, or by how often each was read from.
 */
final class Arrivals {
    /**
     * Each turn takes a datagram from each socket at least, as its driver or a thread of its own
     * does; in none there is room for more than these, as the kernel counts half a KiB for the
     * smallest.
     */
    static final int MOST_WAITING = 16 * 1024;

    private final LongSupplier receivedBytes;
    private long lastBytes = -1;
    private int turns;

    /**
     * @param receivedBytes of all that came out of sockets so far
     */
    Arrivals(LongSupplier receivedBytes) {
        this.receivedBytes = receivedBytes;
    }

    /**
     * Asked in each turn.
     *
     * @param hasReadAll whether nothing is left of what had come out of sockets
     * @return whether all that had come when this was true last is read
     */
    boolean areAllHeard(boolean hasReadAll) {
        long bytes = receivedBytes.getAsLong();
        boolean isQuiet = bytes == lastBytes;
        lastBytes = bytes;
        turns++;
        if (!hasReadAll || (!isQuiet && turns < MOST_WAITING)) {
            return false;
        }
        turns = 0;
        return true;
    }
}
