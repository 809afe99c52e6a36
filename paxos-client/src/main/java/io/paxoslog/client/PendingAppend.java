package io.paxoslog.client;

import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One command on its way, and the future that somebody has of it. Whoever settles it, by a reply,
 * at its deadline, or because he waits no longer, does so once; who comes second changes nothing.
 */
final class PendingAppend {
    private enum State {
        /** Not sent, and can be taken back. */
        WAITING,
        /** Being sent, by the client's own thread: in a moment it is known whether it was. */
        LEAVING,
        /** Sent: nobody can take it back. */
        SENT,
        SETTLED
    }

    final ClientFuture<Appended> future;
    final UnsafeBuffer command;
    final long deadlineNs;

    /** Tells commands with the same deadline apart; set by the client's own thread. */
    long number;

    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private volatile OutcomeToken token;

    /**
     * @param command its own copy
     */
    PendingAppend(ClientFuture<Appended> future, byte[] command, long nowNs, int timeoutMs) {
        this.future = future;
        this.command = new UnsafeBuffer(command);
        deadlineNs = nowNs + Milliseconds.inNanos(timeoutMs);
    }

    int bytes() {
        return CommandRing.LENGTH_BYTES + command.capacity();
    }

    /** Whether it is to be sent: nobody took it back. */
    boolean leave() {
        if (future.isDone()) {
            state.compareAndSet(State.WAITING, State.SETTLED);
        }
        return state.compareAndSet(State.WAITING, State.LEAVING);
    }

    /** It was not taken, and waits on. */
    void stay() {
        state.set(State.WAITING);
    }

    /** It was taken. */
    void sent(OutcomeToken newToken) {
        token = newToken;
        state.set(State.SENT);
    }

    /** It was refused while it was leaving. */
    void refuseLeaving(RefusedException why) {
        state.set(State.SETTLED);
        future.completeExceptionally(why);
    }

    /** Takes it back if it was not sent; false when it was, or is settled. */
    boolean refuse(RefusedException why) {
        if (!settle(State.WAITING)) {
            return false;
        }
        future.completeExceptionally(why);
        return true;
    }

    /** Whether it was sent and is not settled. */
    boolean isSent() {
        return state.get() == State.SENT;
    }

    /** Whether it is settled already. */
    boolean isSettled() {
        return state.get() == State.SETTLED;
    }

    /** Nobody hears any more what became of it. */
    void unknown(ClientError why, Throwable cause) {
        if (settle(State.SENT)) {
            UnknownOutcomeException unknown = new UnknownOutcomeException(why, token);
            if (cause != null) {
                unknown.initCause(cause);
            }
            future.completeExceptionally(unknown);
        }
    }

    void reply(Appended appended) {
        if (settle(State.SENT)) {
            future.complete(appended);
        }
    }

    /** The log skips it. */
    void skipped(long slot) {
        if (settle(State.SENT)) {
            future.completeExceptionally(new RefusedException(ClientError.SKIPPED, "slot " + slot));
        }
    }

    /**
     * Whoever waited for it waits no longer. Any thread.
     *
     * @param unsent why it is refused, if it was not sent
     * @param sent why it is unknown, if it was
     */
    void giveUp(ClientError unsent, ClientError sent) {
        while (true) {
            switch (state.get()) {
                case WAITING -> {
                    if (refuse(new RefusedException(unsent))) {
                        return;
                    }
                }
                case LEAVING -> Thread.onSpinWait();
                case SENT -> {
                    unknown(sent, null);
                    return;
                }
                case SETTLED -> {
                    return;
                }
            }
        }
    }

    private boolean settle(State from) {
        return state.compareAndSet(from, State.SETTLED);
    }
}
