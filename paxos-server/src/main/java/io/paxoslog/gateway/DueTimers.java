package io.paxoslog.gateway;

import io.paxoslog.service.EntryFormat;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Has timers fired by an entry once they are due, while this node leads. Belongs to the replica
 * thread.
 */
final class DueTimers {
    private static final long NEVER = Long.MAX_VALUE;

    /** An entry that was lost is proposed again. */
    private static final int AGAIN_TICKS = 1_000;

    private static final UnsafeBuffer NO_BYTES = new UnsafeBuffer(new byte[0]);

    private final Proposals proposals;
    private final CommandBatch batch;
    private final PassedTime passed;
    private long timeNs = NEVER;
    private long stopwatchMs = NEVER;
    private long readingMs;
    private boolean isInBatch;
    private boolean isAsked;
    private long askedTick;
    private long nowTick;

    DueTimers(Proposals proposals, CommandBatch batch, PassedTime passed) {
        this.proposals = proposals;
        this.batch = batch;
        this.passed = passed;
    }

    void onTick(long tick) {
        nowTick = tick;
    }

    /** The one who applies says when the next ones are due, and what the stopwatch shows. */
    void areDue(long newTimeNs, long newStopwatchMs, long newReadingMs) {
        timeNs = newTimeNs;
        stopwatchMs = newStopwatchMs;
        readingMs = newReadingMs;
        isAsked = false;
    }

    /** What was asked under another ballot may never come. */
    void forget() {
        isAsked = false;
        isInBatch = false;
    }

    /** Whether there are timers for which the stopwatch must go on. */
    boolean goByStopwatch() {
        return stopwatchMs != NEVER;
    }

    /**
     * Adds to the batch of this turn what fires those that are due, once for all of them.
     *
     * @param isFull whether the batch holds what the window has no room for yet, and with it what
     *     was asked for
     */
    void endTurn(boolean isFull) {
        isInBatch &= isFull;
        boolean isComing = isAsked && nowTick - askedTick < AGAIN_TICKS;
        if (!proposals.takesCommands() || isInBatch || isComing) {
            return;
        }
        if ((isDue() || isStepDue()) && batch.hasRoomFor(CommandBatch.bytesNeeded(1, 0))) {
            batch.add(EntryFormat.FIRE_TIMERS, 0, 0, passed.take(), NO_BYTES, 0, 0);
            isAsked = true;
            isInBatch = true;
            askedTick = nowTick;
        }
    }

    private boolean isDue() {
        return (timeNs != NEVER && proposals.timeNs() >= timeNs)
                || (goByStopwatch() && readingMs + passed.ms() >= stopwatchMs);
    }

    private boolean isStepDue() {
        return goByStopwatch() && passed.isStep();
    }
}
