package io.paxoslog.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much threads have asked of one client and not heard of yet, within its window. Any thread.
 */
final class Unanswered {
    private final ClientConfig config;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    Unanswered(ClientConfig config) {
        this.config = config;
    }

    /**
     * Counts one more; an error when there is no room for it.
     *
     * @param mayWait whether it may wait outside of the window for its turn
     */
    ClientError admit(int itsBytes, boolean mayWait) {
        if (itsBytes > config.windowBytes()) {
            return ClientError.TOO_LARGE;
        }
        int all = count.incrementAndGet();
        long total = bytes.addAndGet(itsBytes);
        if (!mayWait && (all > config.windowCommands() || total > config.windowBytes())) {
            release(itsBytes);
            return ClientError.WINDOW_FULL;
        }
        return null;
    }

    /** One of them is answered, or given up. */
    void release(int itsBytes) {
        count.decrementAndGet();
        bytes.addAndGet(-itsBytes);
    }

    int count() {
        return count.get();
    }
}
