package io.paxoslog.testkit.sim;

import io.paxoslog.core.Ballot;

/**
 * The oracle of rounds: no node promises or uses a ballot above what campaigns have raised ballots
 * to, and what strangers may raise them by: a burst at each start of a node, and as many rounds in
 * a shortest time-out as there are members, on each node.
 */
final class RoundOracle {
    private static final int BURST_ROUNDS = 16;
    private static final int PER_MILLE = 1_000;

    private final World cluster;
    private final Timeline timeline;
    private long campaigns;
    private long starts;

    RoundOracle(World cluster, Timeline timeline) {
        this.cluster = cluster;
        this.timeline = timeline;
    }

    /** A node starts. */
    void starts() {
        starts++;
    }

    /** A node writes a record. */
    void written(SimulatedNode node, JournalRecord record) {
        if (record instanceof JournalRecord.Campaigned campaigned) {
            campaigns++;
            check(node, campaigned.ballot());
        } else if (record instanceof JournalRecord.Promised promised) {
            check(node, promised.ballot());
        }
    }

    private void check(SimulatedNode node, long ballot) {
        long limit = campaigns + (cluster.forger().hasStruck() ? forgeable() : 0);
        if (Ballot.round(ballot) > limit) {
            throw new SafetyViolation(
                    "node "
                            + node.node()
                            + " is at ballot "
                            + Ballot.text(ballot)
                            + ", though campaigns and what strangers may add come to round "
                            + limit);
        }
    }

    private long forgeable() {
        long members = cluster.nodes().size();
        int fastest =
                cluster.nodes().stream()
                        .mapToInt(node -> cluster.clocks(node).mostGainPerMille())
                        .max()
                        .orElse(0);
        long passedMs = timeline.nowMs() * (PER_MILLE + fastest) / PER_MILLE;
        long earned = members * (passedMs / cluster.swarm().electionTimeoutMs + 1);
        return members * (starts * BURST_ROUNDS + earned);
    }
}
