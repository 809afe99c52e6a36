package io.paxoslog.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Watches who is inside one client. A second thread is told so instead of breaking what the first
 * one does, a listener cannot begin what its own caller has not ended, and an interrupt waits
 * outside: what runs inside opens channels, which an interrupt would close for ever.
 *
 * <p>Each public method enters first and leaves last. Threads may take turns: whoever enters sees
 * what the one before did.
 */
final class Guard {
    private static final VarHandle USER;

    static {
        try {
            USER = MethodHandles.lookup().findVarHandle(Guard.class, "user", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String guarded;

    @SuppressWarnings("unused") // Set through USER.
    private volatile Thread user;

    private int depth;
    private boolean isInterrupted;

    Guard(String guarded) {
        this.guarded = guarded;
    }

    /**
     * Enters a method that a listener may call as well.
     *
     * @throws IllegalStateException when another thread is inside
     */
    void enter() {
        Thread self = Thread.currentThread();
        Thread inside = (Thread) USER.compareAndExchange(this, null, self);
        if (inside != null && inside != self) {
            throw new IllegalStateException(
                    "this %s is in use by thread '%s': thread '%s' may use it once that one is done"
                            .formatted(guarded, inside.getName(), self.getName()));
        }
        if (depth++ == 0) {
            isInterrupted = Thread.interrupted();
        }
    }

    /**
     * Enters a method that hears the network, and so would call listeners out of a listener.
     *
     * @throws IllegalStateException also when the caller was called from within this client
     */
    void enterFromOutside(String method) {
        if (isInside()) {
            throw new IllegalStateException(
                    "%s of a %s was called by its own listener: return first, then call it"
                            .formatted(method, guarded));
        }
        enter();
    }

    /** Whether this thread is inside already: then user code is calling that was called here. */
    boolean isInside() {
        return user == Thread.currentThread();
    }

    /** Whether the method that leaves next is the one that was entered first. */
    boolean isOutermost() {
        return depth == 1;
    }

    void leave() {
        if (--depth > 0) {
            return;
        }
        boolean isOwed = isInterrupted;
        isInterrupted = false;
        USER.setRelease(this, null);
        if (isOwed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether somebody interrupted the thread that is inside; it will find that when it leaves. */
    boolean isInterrupted() {
        takeInterrupt();
        return isInterrupted;
    }

    /** As {@link #isInterrupted}, but only since it was asked last. */
    boolean takeInterrupt() {
        boolean came = Thread.interrupted();
        isInterrupted |= came;
        return came;
    }

    /** User code is about to be called: it sees an interrupt of its thread. */
    void beforeUserCode() {
        if (isInterrupted) {
            isInterrupted = false;
            Thread.currentThread().interrupt();
        }
    }

    void afterUserCode() {
        isInterrupted();
    }
}
