package io.paxoslog.server;

import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.apply.ApplySide;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Lets the one who applies do its work: in the turns of the replica, or apart on the other thread.
 * {@link Duty} says which.
 */
final class Applying implements AutoCloseable {
    /** What {@link #turn} returns to a thread that has the replica no more. */
    static final int RELIEVED = -1;

    private static final int MOST_BATCHES_IN_TURN = 64;
    private static final int MOST_BATCHES_APART = 16;
    private static final int YIELDS = 10;
    private static final long HELD_UP_PARK_NS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long WORTH_A_WORD_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_WAIT_NS = TimeUnit.SECONDS.toNanos(5);

    /** Ends applying where it stands when the node stops. */
    private static final class Stopping extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stopping() {
            super("stopping", null, false, false);
        }
    }

    private final Apply where;
    private final ApplySide side;
    private final ApplyOrders orders;
    private final Runnable hear;
    private final Runnable wakeReplica;
    private final ApplyWatch watch;
    private final StopRequest stop;
    private final NodeLog log;
    private final Duty duty;
    private final ApplyShare share = new ApplyShare();
    private volatile boolean isStopping;
    private Thread first;
    private Thread second;
    private volatile Thread replica;

    /**
     * @param side made with what is to be called when there is no room for what must be told
     * @param hear makes that room, on the thread with the replica
     * @param wakeReplica ends the rest of that thread
     */
    Applying(
            Apply where,
            Function<Runnable, ApplySide> side,
            ApplyOrders orders,
            Runnable hear,
            Runnable wakeReplica,
            ApplyWatch watch,
            StopRequest stop,
            NodeLog log) {
        this.where = where;
        this.orders = orders;
        this.hear = hear;
        this.wakeReplica = wakeReplica;
        this.watch = watch;
        this.stop = stop;
        this.log = log;
        duty = new Duty(where != Apply.REPLICA_THREAD);
        this.side = side.apply(this::awaitRoom);
        share.restart(System.nanoTime());
    }

    Duty duty() {
        return duty;
    }

    /**
     * Who will do it all, before either begins.
     *
     * @param withReplica has the replica at first
     * @param standingBy null when there is one thread only
     */
    void doneBy(Thread withReplica, Thread standingBy) {
        first = withReplica;
        second = standingBy;
        replica = withReplica;
    }

    /** From now on the calling thread has the replica, and the other is woken for the rest. */
    void takeReplica() {
        replica = Thread.currentThread();
    }

    private Thread other() {
        return replica == first ? second : first;
    }

    /**
     * The replica has handed over what it had in this turn.
     *
     * @param isAwaited whether somebody waits for what comes of it
     * @return how much was done on this thread, or {@link #RELIEVED}
     */
    int turn(boolean isAwaited) {
        if (duty.isApart()) {
            if (isAwaited && orders.takeNews()) {
                LockSupport.unpark(other());
            }
            return 0;
        }
        return side.hasOrders() || side.isHeldUp() ? applyInTurn() : 0;
    }

    private int applyInTurn() {
        long beganNs = System.nanoTime();
        duty.enter();
        int done;
        try {
            done = side.step(MOST_BATCHES_IN_TURN);
        } catch (Throwable e) {
            if (duty.leave()) {
                throw e;
            }
            fail(e);
            return RELIEVED;
        }
        return duty.leave() ? done(done, beganNs) : relieved(beganNs);
    }

    /** What took so long counts, or it would be taken back into the turns at once. */
    private int relieved(long beganNs) {
        Thread.interrupted();
        share.restart(beganNs);
        share.worked(beganNs, System.nanoTime());
        return RELIEVED;
    }

    private int done(int done, long beganNs) {
        if (done == 0) {
            return 0;
        }
        // An interrupt is what the application did to itself; files closed by one stay closed.
        Thread.interrupted();
        long nowNs = System.nanoTime();
        if (nowNs - beganNs >= WORTH_A_WORD_NS) {
            watch.heldUp(
                    TimeUnit.NANOSECONDS.toMillis(nowNs - beganNs), side.applier().appliedIndex());
        }
        share.worked(beganNs, nowNs);
        if (where == Apply.AUTO && share.isLarge()) {
            share.restart(nowNs);
            duty.part();
            LockSupport.unpark(other());
        }
        return done;
    }

    /** Applies on the thread that calls, until the replica can have that back or the node stops. */
    void apart() {
        try {
            int idleRounds = 0;
            while (!isStopping) {
                long beganNs = System.nanoTime();
                int done = side.step(MOST_BATCHES_APART);
                if (done > 0) {
                    share.worked(beganNs, System.nanoTime());
                    idleRounds = 0;
                    wakeReplica.run();
                    continue;
                }
                share.looked(beganNs);
                if (where == Apply.AUTO && share.isSmall()) {
                    giveBack(beganNs);
                    return;
                }
                idle(++idleRounds);
            }
        } catch (Throwable e) {
            // Also what user code throws without declaring it.
            fail(e);
        }
    }

    private void giveBack(long nowNs) {
        share.restart(nowNs);
        Thread.interrupted();
        duty.join();
        wakeReplica.run();
    }

    /** A thread that ends without a word would leave a node that only seems to live. */
    private void fail(Throwable e) {
        isStopping = true;
        // On its way out nobody hears any more.
        if (!(e instanceof Stopping)) {
            try {
                stop.because(Failures.cause(e));
            } finally {
                stop.because("the state machine's thread ended");
                wakeReplica.run();
            }
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

    /** The thread with the replica makes room itself, and may be relieved before and after. */
    private void awaitRoom() {
        if (duty.leave()) {
            try {
                hear.run();
            } finally {
                duty.enter();
            }
            return;
        }
        if (isStopping) {
            throw new Stopping();
        }
        wakeReplica.run();
        LockSupport.parkNanos(this, HELD_UP_PARK_NS);
    }

    /** As {@link ApplySide#slotInWork}. Any thread. */
    long slotInWork() {
        return side.slotInWork();
    }

    /** As {@link #slotInWork}, but 0 when it holds up no replica. */
    long slotInTurn() {
        return duty.isInside() ? side.slotInWork() : 0;
    }

    /** Whether a thread calls the application, or may soon. */
    boolean isDoneBy(Thread thread) {
        return thread == first || thread == second;
    }

    boolean isStopping() {
        return isStopping;
    }

    /**
     * Ends it, on the thread with the replica. Does not wait for ever for an application that does
     * not return.
     */
    @Override
    public void close() {
        isStopping = true;
        Thread waitedFor = other();
        if (waitedFor == null) {
            return;
        }
        LockSupport.unpark(waitedFor);
        long deadline = System.nanoTime() + LONGEST_WAIT_NS;
        while (waitedFor.isAlive() && System.nanoTime() < deadline) {
            join(waitedFor);
        }
        if (waitedFor.isAlive()) {
            log.line(
                    "the state machine does not return from "
                            + placeOf(side.slotInWork())
                            + ": stopping without it");
        }
    }

    /** What the application is at, for people. */
    static String placeOf(long slotInWork) {
        return slotInWork < 0 ? "a query" : "slot " + slotInWork;
    }

    private static void join(Thread thread) {
        try {
            thread.join(TimeUnit.NANOSECONDS.toMillis(LONGEST_WAIT_NS) / 10);
        } catch (InterruptedException e) {
            // Nobody is to interrupt the replica thread, and it has to end in good order.
            Thread.interrupted();
        }
    }
}
