package io.paxoslog.server;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientDriver;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.EventListener;
import io.paxoslog.client.SharedClient;
import io.paxoslog.core.Role;
import io.paxoslog.gateway.LocalDoor;
import io.paxoslog.metrics.ReplicaCounters;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A node that runs. Every method may be called by any thread. */
public final class PaxosNode implements AutoCloseable {
    private static final int LONGEST_WAIT_SECONDS = 5;

    private final NodeConfig config;
    private final ReplicaCounters counters;
    private final StopRequest stop;
    private final NodeLog log;
    private final Applying applying;
    private final LocalDoor door;
    private final CountDownLatch stopped = new CountDownLatch(1);

    PaxosNode(
            NodeConfig config,
            ReplicaCounters counters,
            Applying applying,
            LocalDoor door,
            StopRequest stop,
            NodeLog log) {
        this.config = config;
        this.counters = counters;
        this.applying = applying;
        this.door = door;
        this.stop = stop;
        this.log = log;
    }

    /** Gives the node its threads. */
    void run(ReplicaAgent agent, Rest rest) {
        NodeThreads threads = new NodeThreads(config, agent, applying, rest, this::onStopped, log);
        new Thread(this::keepAlive, "paxos-alive-" + config.id()).start();
        try {
            threads.start();
        } catch (Throwable e) {
            stopped.countDown();
            throw e;
        }
    }

    /**
     * A process lasts as long as its nodes do, and no longer: not until an application returns that
     * never does.
     */
    private void keepAlive() {
        while (isRunning()) {
            try {
                stopped.await();
            } catch (InterruptedException e) {
                // It has nothing else to do.
                Thread.interrupted();
            }
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

    /** What this node is doing about leadership; a snapshot. FOLLOWING once it has stopped. */
    public Role role() {
        return isRunning() ? counters.role() : Role.FOLLOWING;
    }

    /**
     * Node id of the leader this node knows, 0 when it knows none; a snapshot. 0 once it has
     * stopped.
     */
    public int leader() {
        return isRunning() ? counters.leader() : 0;
    }

    /** Every slot up to it is known chosen here; at most a few milliseconds old. */
    public long commitIndex() {
        return counters.commitIndex();
    }

    /** Every slot up to it has gone through the state machine here; a few milliseconds old. */
    public long appliedIndex() {
        return counters.appliedIndex();
    }

    /**
     * The slot whose command the application could not take, so that it stands still while the node
     * votes on; 0 when it goes on. A few milliseconds old.
     */
    public long haltedAt() {
        return counters.haltedAt();
    }

    /** Settings of a client of this node: start from these and change what should differ. */
    public ClientConfig clientConfig() {
        return ClientConfig.of(List.of(config.self().peerAddress()));
    }

    /** A client beside this node, with default settings; see {@link #connect(ClientConfig)}. */
    public SharedClient connect() {
        return connect(clientConfig());
    }

    /**
     * A client in the process of this node, which it talks to without a network. While another node
     * leads it talks to that one, over UDP, as any client does; and so it does when this node has
     * stopped, as long as it knows of others. Has a session of its own; close it before the node,
     * so that it can say goodbye. Any thread.
     *
     * @param settings made from {@link #clientConfig}
     * @throws ClientException as {@link SharedClient#connect(ClientConfig)}
     * @throws IllegalStateException when called by a thread of the node itself, as from within
     *     {@code apply}, which would wait for itself; {@link SharedClient#append} likewise
     */
    public SharedClient connect(ClientConfig settings) {
        return connect(settings, null);
    }

    /**
     * The same, and hears events.
     *
     * @param events as for {@link SharedClient#connect(ClientConfig, EventListener)}; null: nobody
     *     hears them
     */
    public SharedClient connect(ClientConfig settings, EventListener events) {
        List<String> known =
                Stream.concat(
                                settings.members().stream(),
                                Stream.concat(
                                        config.members().stream().map(Member::peerAddress),
                                        config.join().stream()))
                        .distinct()
                        .toList();
        EmbeddedClient.requireOutside(this::isOwnThread, "connect");
        ClientDriver driver =
                ClientDriver.launch(
                        settings,
                        EmbeddedCarrier.factory(config.self().peerAddress(), known, door));
        return new EmbeddedClient(driver.connectAlone(null, events), this::isOwnThread);
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
     * @throws IllegalStateException when called by a thread of the node itself, as from within
     *     {@code apply}: it would wait for its own end
     */
    public String awaitStop() throws InterruptedException {
        if (isOwnThread()) {
            throw new IllegalStateException(
                    "awaitStop was called by a thread of the node, which would wait for its own"
                            + " end; call it from another thread");
        }
        stopped.await();
        return stop.reason();
    }

    /** Whether it has stopped for a reason that another start will meet again. */
    public boolean needsOperator() {
        return stop.isForGood();
    }

    /** Whether it has stopped because the cluster was changed, and goes on without it. */
    public boolean isRemoved() {
        return stop.isRemoved();
    }

    private boolean isOwnThread() {
        return applying.isDoneBy(Thread.currentThread());
    }

    /**
     * Stops the node in good order and waits until everything it held is given back. A leader hands
     * over first, for as long as {@link Settings#HAND_OVER_MS} says; called a second time
     * meanwhile, by another thread, it stops at once. Called by a thread of the node itself, as
     * from within {@code apply}, it only asks for the stop and returns at once. A state machine
     * that does not return is given up after five seconds, with a line in the log that names the
     * slot.
     */
    @Override
    public void close() {
        stop.onRequest();
        if (isOwnThread()) {
            return;
        }
        boolean isInterrupted = false;
        long stuckAt = 0;
        int stuckSeconds = 0;
        while (isRunning() && stuckSeconds < LONGEST_WAIT_SECONDS) {
            try {
                long slot = applying.slotInTurn();
                if (!stopped.await(1, TimeUnit.SECONDS)) {
                    stuckSeconds = slot != 0 && slot == stuckAt ? stuckSeconds + 1 : 0;
                    stuckAt = slot;
                }
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isRunning()) {
            log.line(
                    "the state machine does not return from "
                            + Applying.placeOf(stuckAt)
                            + " and holds the replica thread: nobody waits for it any more");
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
