package io.paxoslog.server;

import java.util.concurrent.atomic.AtomicReference;

/** Asks a node to stop, once, from any thread: the first reason counts. */
final class StopRequest {
    private static final String ON_REQUEST = "";

    private final AtomicReference<String> reason = new AtomicReference<>();
    private volatile boolean isForGood;
    private volatile boolean isRemoved;
    private volatile boolean isAtOnce;

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

    /** Somebody wants it to stop; who says so again wants it at once. */
    void onRequest() {
        isAtOnce = !reason.compareAndSet(null, ON_REQUEST);
    }

    /** Whether there is time to leave in good order: nothing is wrong, and nobody is impatient. */
    boolean hasTime() {
        return ON_REQUEST.equals(reason.get()) && !isAtOnce;
    }

    boolean isMade() {
        return reason.get() != null;
    }

    /** Why; empty when somebody wanted it. */
    String reason() {
        return reason.get();
    }
}
