package io.paxoslog.server;

import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.apply.ApplySide;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Applies on a thread of its own, so that an application may take its time. The thread parks when
 * there is nothing to do, and is a daemon: an application that never returns keeps no process
 * alive.
 */
final class ApplyThread implements Applying {
    private static final int MOST_BATCHES = 16;
    private static final int YIELDS = 10;
    private static final long HELD_UP_PARK_NS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long LONGEST_WAIT_NS = TimeUnit.SECONDS.toNanos(5);

    /** Ends the thread where it stands when the node stops. */
    private static final class Stopping extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stopping() {
            super("stopping", null, false, false);
        }
    }

    private final ApplySide side;
    private final ApplyOrders orders;
    private final StopRequest stop;
    private final NodeLog log;
    private final Thread thread;
    private volatile boolean isStopping;
    private Thread replica;

    /**
     * @param side made with what is to be called when there is no room for what must be told
     */
    ApplyThread(
            Function<Runnable, ApplySide> side,
            ApplyOrders orders,
            StopRequest stop,
            NodeLog log,
            int node) {
        this.orders = orders;
        this.stop = stop;
        this.log = log;
        this.side = side.apply(this::awaitRoom);
        thread = new Thread(this::run, "paxos-apply-" + node);
        thread.setDaemon(true);
    }

    @Override
    public void start(Thread replicaThread) {
        replica = replicaThread;
        thread.start();
    }

    private void run() {
        try {
            int idleRounds = 0;
            while (!isStopping) {
                int done = side.step(MOST_BATCHES);
                idleRounds = done > 0 ? 0 : idleRounds + 1;
                if (done > 0) {
                    LockSupport.unpark(replica);
                } else {
                    idle(idleRounds);
                }
            }
        } catch (Stopping e) {
            // The node is on its way out, and nobody hears any more.
        } catch (Throwable e) {
            // Whatever it is: a thread that ends without a word would leave a node that only seems
            // to live.
            stop.because(Failures.cause(e));
            LockSupport.unpark(replica);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // Parking is slow to end; spinning takes a core.
    private void idle(int rounds) {
        // An interrupt is what the application did to itself; it would keep this thread from
        // parking.
        Thread.interrupted();
        if (rounds <= YIELDS) {
            Thread.yield();
        } else if (side.isHeldUp()) {
            LockSupport.parkNanos(this, HELD_UP_PARK_NS);
        } else {
            // Whoever hands over unparks, and an unpark before this is not lost.
            LockSupport.park(this);
        }
    }

    private void awaitRoom() {
        if (isStopping) {
            throw new Stopping();
        }
        LockSupport.unpark(replica);
        LockSupport.parkNanos(this, HELD_UP_PARK_NS);
    }

    @Override
    public int turn(boolean isAwaited) {
        if (isAwaited && orders.takeNews()) {
            LockSupport.unpark(thread);
        }
        return 0;
    }

    @Override
    public long slotInWork() {
        return side.slotInWork();
    }

    @Override
    public boolean isDoneBy(Thread other) {
        return other == thread;
    }

    @Override
    public void close() {
        isStopping = true;
        LockSupport.unpark(thread);
        long deadline = System.nanoTime() + LONGEST_WAIT_NS;
        while (thread.isAlive() && System.nanoTime() < deadline) {
            join();
        }
        if (thread.isAlive()) {
            log.line(
                    "the state machine does not return from slot "
                            + side.slotInWork()
                            + ": stopping without it");
        }
    }

    private void join() {
        try {
            thread.join(TimeUnit.NANOSECONDS.toMillis(LONGEST_WAIT_NS) / 10);
        } catch (InterruptedException e) {
            // Nobody is to interrupt the replica thread, and it has to end in good order.
            Thread.interrupted();
        }
    }
}
