package io.paxoslog.testkit.sim;

import java.util.HashSet;
import java.util.Set;

/**
 * The oracle of old copies: nothing counts that a node said while it ran on an old copy of its
 * directory, of which all others knew that it is one.
 */
final class OldCopyOracle {
    private record Run(int node, long run) {}

    private final Set<Run> runs = new HashSet<>();

    /** A process began, or was refused its journal. */
    void started(SimulatedNode node) {
        if (node.runsOnOldCopy() && node.isUp()) {
            runs.add(new Run(node.node(), node.run()));
        }
    }

    /** A node let a message in. */
    void heard(SimulatedNode node, Envelope envelope) {
        boolean isOfOldCopy = 
                !envelope.isToSelf()
                        && runs.contains(new Run(envelope.fromNode(), envelope.run()));
        if (isOfOldCopy && !envelope.isAboutRuns() && !node.runsOnOldCopy()) {
            throw new SafetyViolation(
                    "node "
                            + node.node()
                            + " hears node "
                            + envelope.fromNode()
                            + ", which runs on an old copy: "
                            + envelope.message().text());
        }
    }
}
