package io.paxoslog.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of a node: one has the replica, the other applies apart or stands by. Which is which
 * changes when the state machine keeps the first for long ({@link Duty}).
 */
final class NodeThreads {
    /** Twice this at most is how long a state machine holds the replica up. */
    private static final long LOOK_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(4);

    private final int node;
    private final ReplicaAgent agent;
    private final Applying applying;
    private final Duty duty;
    private final Rest rest;
    private final Runnable onStopped;
    private final NodeLog log;
    private final Thread first;
    private final Thread second;

    /**
     * @param rest of the thread with the replica
     * @param onStopped called once, on the thread that had the replica last
     */
    NodeThreads(
            NodeConfig config,
            ReplicaAgent agent,
            Applying applying,
            Rest rest,
            Runnable onStopped,
            NodeLog log) {
        node = config.id();
        this.agent = agent;
        this.applying = applying;
        this.duty = applying.duty();
        this.rest = rest;
        this.onStopped = onStopped;
        this.log = log;
        first = thread(this::beginWithReplica);
        second = config.get(Settings.APPLY) == Apply.REPLICA_THREAD ? null : thread(this::standBy);
    }

    /** An application that never returns keeps no process alive. */
    private static Thread thread(Runnable run) {
        Thread made = new Thread(run);
        made.setDaemon(true);
        return made;
    }

    /** What cannot be started leaves nothing running. */
    void start() {
        applying.doneBy(first, second);
        if (second != null) {
            second.start();
        }
        first.start();
    }

    private void beginWithReplica() {
        agent.start();
        if (serve()) {
            standBy();
        }
    }

    /**
     * Takes turns.
     *
     * @return true once the other thread has the replica; false after the last turn
     */
    private boolean serve() {
        Thread me = Thread.currentThread();
        me.setName("paxos-node-" + node);
        applying.takeReplica();
        agent.ownedBy(me);
        rest.ownedBy(me);
        int work = agent.turn();
        while (work >= 0) {
            rest.strategy().idle(work);
            work = agent.turn();
        }
        if (work == Applying.RELIEVED) {
            return true;
        }
        end();
        return false;
    }

    /** Applies apart, and takes the replica when the one who has it does not come out. */
    private void standBy() {
        boolean hasEnded = false;
        while (!hasEnded && !applying.isStopping()) {
            if (duty.isApart()) {
                Thread.currentThread().setName("paxos-apply-" + node);
                applying.apart();
            } else if (isOtherKept()) {
                hasEnded = !serve();
            }
        }
    }

    /** A wake-up before its time, or an interrupt, says nothing about the other one. */
    private boolean isOtherKept() {
        long seen = duty.look();
        long untilNs = System.nanoTime() + LOOK_EVERY_NS;
        long leftNs = LOOK_EVERY_NS;
        while (leftNs > 0 && !duty.isApart() && !applying.isStopping()) {
            LockSupport.parkNanos(this, leftNs);
            Thread.interrupted();
            leftNs = untilNs - System.nanoTime();
        }
        return leftNs <= 0 && duty.relieve(seen);
    }

    private void end() {
        try {
            agent.close();
        } catch (Throwable e) {
            log.line("while stopping: " + Failures.inOneLine(e));
        } finally {
            onStopped.run();
        }
    }
}
