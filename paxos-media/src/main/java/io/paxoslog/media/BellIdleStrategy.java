package io.paxoslog.media;

import org.agrona.concurrent.IdleStrategy;

/**
 * Has a thread yield for some turns in which it found nothing to do; then it listens for one, and
 * from then on sleeps beside its {@link Bell} between turns. For the thread that sleeps.
 */
public final class BellIdleStrategy implements IdleStrategy {
    /** Waking up takes longer than this, and the next word is often microseconds away. */
    static final int YIELDS = 10;

    private final Bell bell;
    private final long longestMs;
    private int idleTurns;

    /**
     * @param longestMs of one sleep, in milliseconds; from 1
     */
    public BellIdleStrategy(Bell bell, long longestMs) {
        this.bell = bell;
        this.longestMs = longestMs;
    }

    @Override
    public void idle(int work) {
        if (work > 0) {
            reset();
        } else {
            idle();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // Sleep is slow to end; spinning takes a core.
    @Override
    public void idle() {
        if (idleTurns < YIELDS) {
            idleTurns++;
            Thread.yield();
        } else if (idleTurns == YIELDS) {
            idleTurns++;
            bell.listen();
        } else {
            bell.sleep(longestMs);
        }
    }

    @Override
    public void reset() {
        if (idleTurns > YIELDS) {
            bell.leave();
        }
        idleTurns = 0;
    }
}
