package io.paxoslog.testkit.sim;

import io.paxoslog.core.Role;
import java.util.function.Consumer;

/**
 * Has leadership handed over now and then, in some seeds: leaders are asked to hand over to
 * anybody, nodes are preferred, and nodes that are about to stop leave their place.
 */
final class HandOvers {
    private static final int LEAST_TIMEOUTS = 2;

    private final World cluster;
    private final Swarm swarm;
    private final SimRandom random;
    private final Timeline timeline;
    private final Totals totals;
    private final Consumer<SimulatedNode> restartLater;
    private final boolean isOn;
    private boolean isOver;

    /**
     * @param random a source of its own: what seeds without this play does not hang on it
     */
    HandOvers(
            World cluster,
            SimRandom random,
            Timeline timeline,
            Totals totals,
            Consumer<SimulatedNode> restartLater) {
        this.cluster = cluster;
        this.swarm = cluster.swarm();
        this.random = random;
        this.timeline = timeline;
        this.totals = totals;
        this.restartLater = restartLater;
        isOn = random.chance(300);
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
        int least = LEAST_TIMEOUTS * swarm.electionTimeoutMs;
        timeline.after(least + random.below(2 * swarm.faultEveryMs), this::next);
    }

    private void next() {
        if (isOver) {
            return;
        }
        int nodes = cluster.nodes().size();
        int dice = random.below(10);
        SimulatedNode other = cluster.node(random.between(1, nodes));
        for (SimulatedNode node : cluster.nodes()) {
            if (node.isUp() && node.replica().role() == Role.LEADING) {
                ask(node, other, dice);
            }
        }
        if (dice == 9) {
            other.prefer(random.below(3));
        }
        later();
    }

    private void ask(SimulatedNode leader, SimulatedNode other, int dice) {
        if (dice < 7 && leader.transfer(other.node())) {
            totals.count(Deed.HAND_OVER_BEGUN);
        } else if (dice == 7 && leader.leave()) {
            totals.count(Deed.LEADER_LEFT);
            timeline.after(random.below(swarm.electionTimeoutMs), () -> stop(leader));
        }
        cluster.settle(leader);
    }

    /** As processes do that are told to. */
    private void stop(SimulatedNode node) {
        if (!isOver && node.isUp()) {
            node.kill();
            restartLater.accept(node);
        }
    }
}
