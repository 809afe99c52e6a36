package io.paxoslog.service.forbidden;

/** Breaks R2 on purpose. */
public final class StartsThread {
    void start(Runnable work) {
        new Thread(work).start();
    }
}
