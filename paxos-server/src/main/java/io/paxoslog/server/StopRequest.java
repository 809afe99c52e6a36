package io.paxoslog.server;

import java.util.concurrent.atomic.AtomicReference;

/** Asks a node to stop, once, from any thread: the first reason counts. */
final class StopRequest {
    private static final String ON_REQUEST = "";

    private final AtomicReference<String> reason = new AtomicReference<>();
    private volatile boolean isForGood;
    private volatile boolean isRemoved;

    /** The node cannot go on. */
    void because(String why) {
        reason.compareAndSet(null, why);
    }

    /** The node cannot go on, and another start would end the same way. */
    void forGood(String why) {
        if (reason.compareAndSet(null, why)) {
            isForGood = true;
        }
    }

    /** The cluster goes on without this node, as it was told to. */
    void asRemoved(String why) {
        if (reason.compareAndSet(null, why)) {
            isRemoved = true;
        }
    }

    /** Whether the cluster was told to go on without this node. */
    boolean isRemoved() {
        return isRemoved;
    }

    /** Whether another start would end the same way. */
    boolean isForGood() {
        return isForGood;
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
