package io.paxoslog.server;

import io.paxoslog.apply.ApplySide;
import java.util.concurrent.TimeUnit;

/** Applies in the turns of the replica thread: no second thread, and no freedom for either. */
final class ApplyInTurn implements Applying {
    private static final int MOST_BATCHES = 64;

    private static final long WORTH_A_WORD_NS = TimeUnit.SECONDS.toNanos(1);

    private final ApplySide side;
    private final ApplyWatch watch;
    private volatile Thread replica;

    ApplyInTurn(ApplySide side, ApplyWatch watch) {
        this.side = side;
        this.watch = watch;
    }

    @Override
    public void start(Thread replicaThread) {
        replica = replicaThread;
    }

    @Override
    public int turn(boolean isAwaited) {
        if (!side.hasOrders() && !side.isHeldUp()) {
            return 0;
        }
        long beganNs = System.nanoTime();
        int done = side.step(MOST_BATCHES);
        long tookNs = System.nanoTime() - beganNs;
        if (tookNs >= WORTH_A_WORD_NS) {
            watch.heldUp(TimeUnit.NANOSECONDS.toMillis(tookNs), side.applier().appliedIndex());
        }
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
