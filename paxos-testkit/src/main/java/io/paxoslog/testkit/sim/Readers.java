package io.paxoslog.testkit.sim;

import io.paxoslog.core.Role;
import java.util.List;

/**
 * Has nodes read now and then, in some seeds: any node that is up, whatever it does, by each kind
 * of read, often several at once and right before something is proposed.
 */
final class Readers {
    private static final int MOST_AT_ONCE = 3;
    private static final int MOST_WAITING = 100;

    private final World cluster;
    private final SimRandom random;
    private final Timeline timeline;
    private final Leases leases;
    private final boolean isOn;
    private final int everyMs;
    private boolean isOver;

    /**
     * @param random a source of its own: what seeds without this play does not hang on it
     */
    Readers(World cluster, SimRandom random, Timeline timeline, boolean isAllowed) {
        this.cluster = cluster;
        this.random = random;
        this.timeline = timeline;
        leases = cluster.swarm().leases;
        isOn = (random.chance(400) && isAllowed) || leases.isOn();
        everyMs = random.between(5, 100);
    }

    /** Whether anybody reads in this seed. */
    boolean isOn() {
        return isOn;
    }

    void begin() {
        if (isOn) {
            later();
        }
    }

    void end() {
        isOver = true;
    }

    private void later() {
        timeline.after(1 + random.below(2 * everyMs), this::next);
    }

    private void next() {
        if (isOver) {
            return;
        }
        SimulatedNode node = cluster.node(random.between(1, cluster.nodes().size()));
        int reads = random.between(1, MOST_AT_ONCE);
        for (int i = 0; i < reads && mayRead(node); i++) {
            node.read(random.chance(600) ? ReadKind.INDEX : ReadKind.QUORUM);
        }
        if (random.chance(500)) {
            cluster.settle(node);
        }
        if (leases.isOn()) {
            readByLease();
        }
        later();
    }

    /**
     * Mostly of who leads, or believes so. Between what the state machine shows and the answer
     * there is no time at all, or a process stands still for longer than any lease.
     */
    private void readByLease() {
        for (SimulatedNode node : cluster.nodes()) {
            boolean leads = node.isUp() && node.replica().role() == Role.LEADING;
            if (mayRead(node) && random.chance(leads ? 800 : 50)) {
                node.read(ReadKind.LEASE);
                cluster.settle(node);
                answerLater(node);
            } else if (mayRead(node) && leads) {
                readOnWaking(node);
            }
        }
    }

    /** Whoever stood still hears a read before it looks at its clock, and answers at once. */
    private void readOnWaking(SimulatedNode node) {
        cluster.pause(node, timeline.nowMs() + random.below(6 * leases.leaseMs()));
        timeline.after(
                cluster.pausedForMs(node),
                () -> {
                    if (mayRead(node)) {
                        node.read(ReadKind.LEASE);
                        cluster.settle(node);
                        cluster.answerLeased(node);
                    }
                });
    }

    private void answerLater(SimulatedNode node) {
        if (random.chance(100)) {
            cluster.pause(node, timeline.nowMs() + random.below(6 * leases.leaseMs()));
        }
        int afterMs = random.chance(500) ? 0 : random.below(4 * leases.leaseMs());
        timeline.after(afterMs, () -> answer(node));
    }

    private void answer(SimulatedNode node) {
        long pausedMs = cluster.pausedForMs(node);
        if (pausedMs > 0) {
            timeline.after(pausedMs, () -> answer(node));
        } else {
            cluster.answerLeased(node);
        }
    }

    /** Where nobody leads, reads are given up by whoever waits for them. */
    private boolean mayRead(SimulatedNode node) {
        return node.isUp() && !cluster.isPaused(node) && node.reads().waiting() < MOST_WAITING;
    }

    /** Each of these reads once more, by each kind. */
    void readAt(List<SimulatedNode> nodes) {
        for (SimulatedNode node : nodes) {
            for (ReadKind kind : ReadKind.values()) {
                if (isOn && (kind != ReadKind.LEASE || leases.isOn())) {
                    node.read(kind);
                }
            }
        }
    }
}
