package io.paxoslog.cli;

import java.util.concurrent.TimeUnit;

/** Waits of plays with real processes. */
final class Pause {
    private Pause() {}

    /** An interrupt ends it, and stays. */
    static void ms(long ms) {
        try {
            TimeUnit.MILLISECONDS.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
