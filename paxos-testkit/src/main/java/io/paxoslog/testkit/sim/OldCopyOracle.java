package io.paxoslog.testkit.sim;

import io.paxoslog.core.Runs;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The oracle of old copies: nothing counts that a node said while it ran on an old copy of its
 * directory, of which all others knew that it is one; and nobody remembers more of a node than it
 * finds at a start on its newest. Whose own disk was broken may have lost what it remembered.
 */
final class OldCopyOracle {
    private record Run(int node, long run) {}

    private final Set<Run> runs = new HashSet<>();
    private final Map<Long, Long> firstRunSinceLoss = new HashMap<>();

    /** A process began, or was refused its journal. */
    void started(SimulatedNode node, List<SimulatedNode> nodes) {
        if (!node.isUp()) {
            return;
        }
        if (node.runsOnOldCopy()) {
            runs.add(new Run(node.node(), node.run()));
        } else if (node.disk().mayHaveLost()) {
            firstRunSinceLoss.put(node.member(), Runs.number(node.run()));
        } else {
            nodes.forEach(other -> requireHeld(node, other));
        }
    }

    private void requireHeld(SimulatedNode node, SimulatedNode other) {
        JournalRecord.Remembered known = other.disk().rememberedOf(node.member());
        if (known == null) {
            return;
        }
        // What it lost of a run before stays lost.
        long first = firstRunSinceLoss.getOrDefault(node.member(), 0L);
        boolean isLost = Runs.number(known.run()) < first;
        if (!isLost && node.disk().heldUpTo(known.run()) < known.records()) {
            throw new SafetyViolation(
                    "node "
                            + other.node()
                            + " remembers more of node "
                            + node.node()
                            + " than that finds on its newest disk: "
                            + known.text());
        }
    }

    /** A node let a message in. */
    void heard(SimulatedNode node, Envelope envelope) {
        boolean isOfOldCopy =
                !envelope.isToSelf() && runs.contains(new Run(envelope.fromNode(), envelope.run()));
        boolean knows = !node.runsOnOldCopy() && !node.disk().damage().isDone();
        if (isOfOldCopy && !envelope.isAboutRuns() && knows) {
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
