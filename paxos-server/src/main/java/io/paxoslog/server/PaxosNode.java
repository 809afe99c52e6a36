package io.paxoslog.server;

import io.paxoslog.core.Role;
import io.paxoslog.metrics.ReplicaCounters;
import java.util.concurrent.CountDownLatch;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.IdleStrategy;

/** A node that runs. Every method may be called by any thread. */
public final class PaxosNode implements AutoCloseable {
    private final NodeConfig config;
    private final ReplicaCounters counters;
    private final StopRequest stop;
    private final NodeLog log;
    private final CountDownLatch stopped = new CountDownLatch(1);

    PaxosNode(NodeConfig config, ReplicaCounters counters, StopRequest stop, NodeLog log) {
        this.config = config;
        this.counters = counters;
        this.stop = stop;
        this.log = log;
    }

    /** Gives the node its thread. */
    void run(ReplicaAgent agent, IdleStrategy idle) {
        AgentRunner runner = new AgentRunner(idle, this::onError, null, agent);
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                runner.run();
                            } finally {
                                onStopped();
                            }
                        },
                        "paxos-node-" + config.id());
        thread.start();
    }

    private void onError(Throwable error) {
        // The turn reports its own failures before it ends the thread; what comes here is left over
        // from closing.
        if (!(error instanceof AgentTerminationException) && !stop.isMade()) {
            stop.because(Failures.cause(error));
        } else if (!(error instanceof AgentTerminationException)) {
            log.line("while stopping: " + Failures.inOneLine(error));
        }
    }

    private void onStopped() {
        stop.because("the replica thread ended");
        log.line(stop.reason().isEmpty() ? "stopped" : "stopped: " + stop.reason());
        stopped.countDown();
    }

    /** This node's id. */
    public int id() {
        return config.id();
    }

    /** What this node is doing about leadership; a snapshot. */
    public Role role() {
        return counters.role();
    }

    /** Node id of the leader this node knows, 0 when it knows none; a snapshot. */
    public int leader() {
        return counters.leader();
    }

    /** Every slot up to it is known chosen here; at most a few milliseconds old. */
    public long commitIndex() {
        return counters.commitIndex();
    }

    /** Every slot up to it has gone through the state machine here; a few milliseconds old. */
    public long appliedIndex() {
        return counters.appliedIndex();
    }

    /** Whether it still takes part. */
    public boolean isRunning() {
        return stopped.getCount() > 0;
    }

    /**
     * Waits until the node has stopped.
     *
     * @return why, as one line for people; empty when {@link #close} was called
     * @throws InterruptedException when the waiting thread is interrupted; the node runs on
     */
    public String awaitStop() throws InterruptedException {
        stopped.await();
        return stop.reason();
    }

    /** Whether it has stopped for a reason that another start will meet again. */
    public boolean needsOperator() {
        return stop.isForGood();
    }

    /** Stops the node in good order and waits until everything it held is given back. */
    @Override
    public void close() {
        stop.onRequest();
        boolean isInterrupted = false;
        while (isRunning()) {
            try {
                stopped.await();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
