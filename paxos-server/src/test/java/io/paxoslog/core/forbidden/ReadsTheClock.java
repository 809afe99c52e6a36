package io.paxoslog.core.forbidden;

/** Breaks R2 on purpose. */
public final class ReadsTheClock {
    long now() {
        return System.nanoTime();
    }
}
