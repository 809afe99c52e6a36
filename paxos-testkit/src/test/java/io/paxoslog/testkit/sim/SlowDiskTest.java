package io.paxoslog.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 15: disks that take a hundred times as long as others, or hang. */
@Execution(ExecutionMode.CONCURRENT)
class SlowDiskTest {
    private static final int HURRIED_MS = 1;
    private static final long HOUR_MS = 3_600_000;
    private static final int SEEDS = 5;
    private static final double TIMEOUTS = 10;

    /** A quorum of quick disks is as quick as before; a leader whose disk is slow hands over. */
    @ParameterizedTest
    @ValueSource(chars = {'A', 'C'})
    void oneSlowDiskSlowsNobodyElse(char slow) {
        CalmCluster.play(
                SEEDS,
                new Swarm(3, 0, HURRIED_MS),
                cluster -> {
                    long before = served(cluster);
                    cluster.world().slowDisk(cluster.node(slow), Long.MAX_VALUE);
                    assertThat(served(cluster)).isGreaterThan(before / 2);
                    assertThat(cluster.leaderChanges()).isEqualTo(slow == 'A' ? 1 : 0);
                    assertThat(cluster.leader()).isNotEqualTo(slow);
                    long committed = cluster.world().safety().committedUpTo();
                    long lag = committed - cluster.node(slow).replica().commitIndex();
                    assertThat(lag).isLessThan(cluster.world().swarm().openSlotLimit);
                    cluster.world().slowDisk(cluster.node(slow), 0);
                });
    }

    private static long served(CalmCluster cluster) {
        long before = cluster.acknowledged();
        return cluster.run(TIMEOUTS).acknowledged() - before;
    }

    /** Heartbeats alone keep no leader whose quorum needs a disk that hangs. */
    @Test
    void aLeaderThatNeedsAHangingDiskGivesWay() {
        CalmCluster.play(
                3,
                cluster -> {
                    cluster.world().hangDisk(cluster.node('A'), HOUR_MS);
                    cluster.node('B').kill();
                    cluster.require(5, "A gives way", () -> cluster.leader() == '-');
                    cluster.restart('B');
                    cluster.require(5, "another leads", () -> "BC".indexOf(cluster.leader()) >= 0);
                    long before = cluster.acknowledged();
                    cluster.require(5, "a write succeeds", () -> cluster.acknowledged() > before);
                    cluster.node('A').kill();
                    cluster.world().hangDisk(cluster.node('A'), 0);
                    cluster.restart('A');
                });
    }
}
