package io.paxoslog.server;

import io.paxoslog.apply.ApplySide;

/** Applies in the turns of the replica thread: no second thread, and no freedom for either. */
final class ApplyInTurn implements Applying {
    private static final int MOST_BATCHES = 64;

    private final ApplySide side;
    private volatile Thread replica;

    ApplyInTurn(ApplySide side) {
        this.side = side;
    }

    @Override
    public void start(Thread replicaThread) {
        replica = replicaThread;
    }

    @Override
    public int turn(boolean isAwaited) {
        int done = side.step(MOST_BATCHES);
        if (done > 0) {
            // An interrupt is what the application did to itself; files closed by one stay closed.
            Thread.interrupted();
        }
        return done;
    }

    @Override
    public long slotInWork() {
        return side.slotInWork();
    }

    @Override
    public boolean isDoneBy(Thread thread) {
        return thread == replica;
    }

    @Override
    public void close() {
        // It ends with the turns.
    }
}
