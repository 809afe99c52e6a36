package io.paxoslog.server;

import java.util.concurrent.atomic.AtomicReference;

/** Asks a node to stop, once, from any thread: the first reason counts. */
final class StopRequest {
    private static final String ON_REQUEST = "";

    private final AtomicReference<String> reason = new AtomicReference<>();

    /** The node cannot go on. */
    void because(String why) {
        reason.compareAndSet(null, why);
    }

    /** Somebody wants it to stop. */
    void onRequest() {
        reason.compareAndSet(null, ON_REQUEST);
    }

    boolean isMade() {
        return reason.get() != null;
    }

    /** Why; empty when somebody wanted it. */
    String reason() {
        return reason.get();
    }
}
