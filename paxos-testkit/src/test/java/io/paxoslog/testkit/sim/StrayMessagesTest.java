package io.paxoslog.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** 24: messages that come 0 to 5 times, in any order, up to an hour late. */
@Execution(ExecutionMode.CONCURRENT)
class StrayMessagesTest {
    private static final int SEEDS = 2;
    private static final int STRAY_PER_MILLE = 300;
    private static final int RESTARTS = 60;
    private static final long HOUR_MS = 3_600_000;

    @Test
    void changeNothingAcrossRestartsOfBothEnds() {
        CalmCluster.play(
                SEEDS,
                new Swarm(3, STRAY_PER_MILLE, 500),
                cluster -> {
                    for (int i = 0; i < RESTARTS; i++) {
                        SimulatedNode node = cluster.world().nodes().get(i % 3);
                        node.losePower(node.disk().forcedEntries());
                        cluster.world().start(node);
                        cluster.run(2);
                    }
                    cluster.world().beCalm(true);
                    cluster.require(10, "one leads", cluster.world()::hasLeader);
                    cluster.mark();
                    cluster.runUntil(cluster.nowMs() + HOUR_MS);
                    assertThat(cluster.leaderChanges()).isZero();
                });
    }
}
