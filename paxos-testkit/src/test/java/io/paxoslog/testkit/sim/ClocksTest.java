package io.paxoslog.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Role;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes, machines and clocks that stand still, run wrongly or jump. */
@Execution(ExecutionMode.CONCURRENT)
class ClocksTest {
    private static final long HOUR_MS = 3_600_000;
    private static final double ALMOST_ALWAYS = 0.95;

    /** 39, writes. */
    @ParameterizedTest
    @ValueSource(ints = {3, 5})
    void aLeaderThatWasStoppedGetsNothingChosen(int nodes) {
        CalmCluster.play(nodes, cluster -> wakesUpDeposed(cluster, cluster.world()::pause));
    }

    /** 43, writes: its monotonic clock does not tell it that it slept. */
    @ParameterizedTest
    @ValueSource(ints = {3, 5})
    void aLeaderWhoseMachineSleptGetsNothingChosen(int nodes) {
        CalmCluster.play(nodes, cluster -> wakesUpDeposed(cluster, cluster.world()::sleep));
    }

    private static void wakesUpDeposed(
            CalmCluster cluster, BiConsumer<SimulatedNode, Long> freeze) {
        SimulatedNode sleeper = cluster.node('A');
        long wakesAt = cluster.nowMs() + 6L * CalmCluster.timeoutMs();
        freeze.accept(sleeper, wakesAt);
        cluster.require(3, "another leads", () -> !"A-".contains("" + cluster.leader()));
        assertThat(sleeper.replica().role()).isEqualTo(Role.LEADING);
        long ballot = sleeper.replica().ballot();
        long committed = sleeper.replica().commitIndex();
        cluster.runUntil(wakesAt - 1);
        assertThat(cluster.world().safety().committedUpTo()).isGreaterThan(committed);
        cluster.mark();
        cluster.require(1, "A gives way", () -> sleeper.replica().role() != Role.LEADING);
        cluster.require(
                1,
                "A follows",
                () -> sleeper.replica().leader() == cluster.node(cluster.leader()).node());
        assertThat(sleeper.replica().ballot()).isGreaterThan(ballot);
        assertThat(cluster.shareServed(20)).isGreaterThan(ALMOST_ALWAYS);
        assertThat(cluster.leaderChanges()).isZero();
    }

    /** 41, elections. */
    @Test
    void wallClocksThatJumpDisturbNobody() {
        CalmCluster.play(
                3,
                cluster -> {
                    for (char letter : new char[] {'A', 'B', 'C'}) {
                        jump(cluster, HOUR_MS, letter);
                        assertThat(cluster.shareServed(5)).isGreaterThan(ALMOST_ALWAYS);
                        jump(cluster, -2 * HOUR_MS, letter);
                        assertThat(cluster.shareServed(5)).isGreaterThan(ALMOST_ALWAYS);
                    }
                    jump(cluster, 2 * HOUR_MS, 'A', 'B', 'C');
                    assertThat(cluster.shareServed(5)).isGreaterThan(ALMOST_ALWAYS);
                    jump(cluster, -HOUR_MS, 'A', 'B', 'C');
                    assertThat(cluster.shareServed(5)).isGreaterThan(ALMOST_ALWAYS);
                    assertThat(cluster.leaderChanges()).isZero();
                });
    }

    private static void jump(CalmCluster cluster, long ms, char... letters) {
        for (char letter : letters) {
            cluster.world().clocks(cluster.node(letter)).jumpWall(ms);
        }
    }

    /** 41, agreed time: the leader's clock or another's, and again after the leader is gone. */
    @ParameterizedTest
    @CsvSource({"3, A, 1", "3, B, -1", "5, C, 1"})
    void oneWrongClockNeitherMovesTheTimeNorStopsIt(int nodes, char letter, int hours) {
        CalmCluster.play(
                nodes,
                cluster -> {
                    showTheSame(cluster);
                    jump(cluster, hours * HOUR_MS, letter);
                    assertTimeGoesOn(cluster);
                    cluster.node('A').kill();
                    cluster.require(5, "another leads", () -> cluster.leader() != '-');
                    assertTimeGoesOn(cluster);
                    cluster.restart('A');
                    assertTimeGoesOn(cluster);
                });
    }

    /** None of them goes back, so that the time need not wait for it. */
    private static void showTheSame(CalmCluster cluster) {
        List<SimulatedNode> nodes = cluster.world().nodes();
        long latest =
                nodes.stream().mapToLong(n -> cluster.world().clocks(n).wallNs()).max().orElse(0);
        for (SimulatedNode node : nodes) {
            NodeClocks clocks = cluster.world().clocks(node);
            clocks.jumpWall((latest - clocks.wallNs()) / 1_000_000);
        }
    }

    /** Never later than the right clocks: that is what {@link TimeOracle} looks at. */
    private static void assertTimeGoesOn(CalmCluster cluster) {
        long before = cluster.world().timeOracle().latestNs();
        cluster.run(10);
        long passedMs = (cluster.world().timeOracle().latestNs() - before) / 1_000_000;
        assertThat(passedMs).isGreaterThan(8L * CalmCluster.timeoutMs());
    }

    /** 42, elections: as far apart as three heartbeats and a time-out can bear. */
    @ParameterizedTest
    @CsvSource({"A, -300", "A, 300", "B, 300", "B, -300"})
    void clocksThatRunApartChangeNoLeader(char letter, int gainPerMille) {
        CalmCluster.play(
                3,
                cluster -> {
                    cluster.world().gain(cluster.node(letter), gainPerMille);
                    assertThat(cluster.shareServed(100)).isGreaterThan(ALMOST_ALWAYS);
                    assertThat(cluster.leaderChanges()).isZero();
                });
    }

    /** 44, writes: what a fresh leader takes comes after all that may be chosen before. */
    @Test
    void aFreshLeaderFirstChoosesWhatOthersMayHaveChosen() {
        CalmCluster.play(
                3,
                cluster -> {
                    cluster.cut("B>A C>A").run(0.3);
                    long chosenInSecret = cluster.world().safety().chosenUpTo();
                    assertThat(chosenInSecret)
                            .isGreaterThan(cluster.world().safety().committedUpTo());
                    cluster.node('A').kill();
                    cluster.require(5, "another leads", () -> cluster.leader() != '-');
                    SimulatedNode fresh = cluster.node(cluster.leader());
                    assertThat(fresh.replica().lastSlot()).isGreaterThanOrEqualTo(chosenInSecret);
                    cluster.require(
                            5,
                            "it commits more",
                            () -> fresh.replica().commitIndex() > chosenInSecret);
                    cluster.restart('A');
                });
    }

    /** 42, beyond the bound: whoever can serve does so in the end. */
    @ParameterizedTest
    @CsvSource({"A, -900", "A, 5000", "B, 5000", "B, -900"})
    void clocksFarApartStopNobodyForLong(char letter, int gainPerMille) {
        CalmCluster.play(
                3,
                cluster -> {
                    cluster.world().gain(cluster.node(letter), gainPerMille);
                    cluster.run(10);
                    assertThat(cluster.shareServed(100)).isGreaterThan(ALMOST_ALWAYS);
                });
    }
}
