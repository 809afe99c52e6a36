package io.paxoslog.server;

import java.util.concurrent.locks.LockSupport;

/** How threads in the background of a node end. */
final class BackgroundThread {
    private BackgroundThread() {}

    /** Wakes one that was told to end, and waits for it a while at most. */
    static void awaitEnd(Thread thread, long longestWaitMs) {
        LockSupport.unpark(thread);
        try {
            thread.join(longestWaitMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
