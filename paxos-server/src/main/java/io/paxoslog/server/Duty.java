package io.paxoslog.server;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Where the state machine is called, for a node of two threads: one has the replica, the other
 * stands by. The first applies in its turns. While it is inside, the other may relieve it of the
 * replica, which it learns when it comes out; from then on it applies apart, until the replica can
 * have the state machine back.
 *
 * <p>Whoever changes what this says hands over all that it has written: what belongs to the replica
 * with {@link #relieve}, what belongs to applying with {@link #part} and {@link #join}.
 */
final class Duty {
    private static final long JOINED = 0;
    private static final long INSIDE = 1;
    private static final long APART = 2;
    private static final long WHERE = 3;

    /** Counted so that one stay inside is told from the next. */
    private static final long ONE_STAY = 4;

    private final AtomicLong state;

    /**
     * @param isApart whether the one who stands by begins to apply
     */
    Duty(boolean isApart) {
        state = new AtomicLong(isApart ? APART : JOINED);
    }

    /** Whether the thread without the replica applies. Any thread. */
    boolean isApart() {
        return isAt(state.getAcquire(), APART);
    }

    /** Whether the thread with the replica is inside the state machine. Any thread. */
    boolean isInside() {
        return isAt(state.getAcquire(), INSIDE);
    }

    private static boolean isAt(long seen, long where) {
        return (seen & WHERE) == where;
    }

    /** The thread with the replica goes inside. */
    void enter() {
        state.setRelease((state.getPlain() & ~WHERE) + ONE_STAY + INSIDE);
    }

    /**
     * It comes out.
     *
     * @return whether it still has the replica; else it touches nothing of it any more
     * @throws IllegalStateException when it is not inside and nobody relieved it
     */
    boolean leave() {
        long inside = state.getAcquire();
        if (isAt(inside, JOINED)) {
            throw new IllegalStateException("nobody is inside");
        }
        return isAt(inside, INSIDE) && state.compareAndSet(inside, inside - INSIDE);
    }

    /** What the one who stands by sees; the same again means the same stay. */
    long look() {
        return state.getAcquire();
    }

    /**
     * The one who stands by takes the replica, if the other is inside and has been since it looked.
     *
     * @param seen what it saw
     */
    boolean relieve(long seen) {
        return isAt(seen, INSIDE) && state.compareAndSet(seen, seen - INSIDE + APART);
    }

    /** The thread with the replica leaves the state machine to the one who stands by. */
    void part() {
        state.setRelease((state.getPlain() & ~WHERE) + APART);
    }

    /** The one who applied apart leaves the state machine to the thread with the replica. */
    void join() {
        state.setRelease((state.getPlain() & ~WHERE) + JOINED);
    }
}
