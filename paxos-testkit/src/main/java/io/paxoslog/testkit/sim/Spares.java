package io.paxoslog.testkit.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * Which nodes are gone for good, and how many more may go, or forget what they voted for, so that
 * the others can still choose.
 */
final class Spares {
    private final World cluster;
    private final List<SimulatedNode> gone = new ArrayList<>();

    Spares(World cluster) {
        this.cluster = cluster;
    }

    boolean maySpare(SimulatedNode node) {
        gone.removeIf(SimulatedNode::isHealed);
        // Until everybody knows genesis, nobody can be elected without everybody.
        boolean isFounded = cluster.nodes().stream().allMatch(SimulatedNode::isFounded);
        return isFounded
                && !gone.contains(node)
                && gone.size() < cluster.swarm().spareNodes()
                && leavesEnough(node);
    }

    /** Whether enough others remember what a node may forget, so that it comes back by itself. */
    boolean mayForget(SimulatedNode node) {
        boolean isFounded = cluster.nodes().stream().allMatch(SimulatedNode::isFounded);
        return isFounded && leavesEnough(node);
    }

    private boolean leavesEnough(SimulatedNode one) {
        long others =
                cluster.nodes().stream()
                        .filter(node -> node != one && !gone.contains(node) && !node.isReturning())
                        .count();
        return others >= cluster.swarm().prepareQuorum;
    }

    void spare(SimulatedNode node) {
        gone.add(node);
    }

    void takeBack(SimulatedNode node) {
        gone.remove(node);
    }

    boolean isGone(SimulatedNode node) {
        return gone.contains(node);
    }
}
