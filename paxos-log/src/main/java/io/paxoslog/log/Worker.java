package io.paxoslog.log;

import java.util.concurrent.locks.LockSupport;

/**
 * A daemon thread that parks when it has nothing to do; or none at all, where somebody else does
 * its work step by step.
 */
final class Worker {
    private final Thread thread;

    private Worker(Thread thread) {
        this.thread = thread;
    }

    /** A thread that is not started yet. */
    static Worker thread(String name, Runnable loop) {
        Thread thread = new Thread(loop, name);
        thread.setDaemon(true);
        return new Worker(thread);
    }

    /** No thread: what it would do is done by whoever holds the journal. */
    static Worker none() {
        return new Worker(null);
    }

    boolean hasThread() {
        return thread != null;
    }

    void start() {
        if (thread != null) {
            thread.start();
        }
    }

    /** Ends its parking. */
    void wake() {
        LockSupport.unpark(thread);
    }

    boolean isAlive() {
        return thread != null && thread.isAlive();
    }

    /** Wakes it and waits for its end. */
    void join() {
        boolean interrupted = false;
        wake();
        while (isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
