package io.paxoslog.testkit.sim;

import java.util.ArrayList;
import java.util.List;

/** Which nodes are gone for good, and how many more may go so that the others can still choose. */
final class Spares {
    private final World cluster;
    private final List<SimulatedNode> gone = new ArrayList<>();

    Spares(World cluster) {
        this.cluster = cluster;
    }

    boolean maySpare(SimulatedNode node) {
        // Until everybody knows genesis, nobody can be elected without everybody.
        boolean isFounded = cluster.nodes().stream().allMatch(SimulatedNode::isFounded);
        return isFounded && !gone.contains(node) && gone.size() < cluster.swarm().spareNodes();
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
