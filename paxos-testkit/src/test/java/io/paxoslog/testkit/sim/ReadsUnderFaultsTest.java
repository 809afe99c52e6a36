package io.paxoslog.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients write and read all the time, in every mode, while one trouble comes. That no answer is
 * older than it may be is what {@link ClientReadings}, {@link NodeReads} and the check of all
 * histories look at; these tests say when reads go on, and when they must not.
 */
@Execution(ExecutionMode.CONCURRENT)
class ReadsUnderFaultsTest {
    private static final int SEEDS = 3;
    private static final int THINK_MS = 20;
    private static final int STRAY_PER_MILLE = 100;
    private static final long HOUR_MS = 3_600_000;
    private static final Deed[] OF_ANY_NODE = {
        Deed.CLIENT_READ_BY_FOLLOWER, Deed.CLIENT_READ_BY_QUORUM
    };
    private static final List<Deed> LINEARIZABLE =
            List.of(
                    Deed.CLIENT_READ_BY_LOG,
                    Deed.CLIENT_READ_BY_INDEX,
                    Deed.CLIENT_READ_BY_FOLLOWER,
                    Deed.CLIENT_READ_BY_QUORUM);

    private static void play(int nodes, Consumer<CalmCluster> scenario) {
        play(SEEDS, nodes, 0, scenario);
    }

    private static void play(
            int seeds, int nodes, int strayPerMille, Consumer<CalmCluster> scenario) {
        Swarm swarm = new Swarm(nodes, strayPerMille, THINK_MS, 0, ReadSwarm.steady());
        CalmCluster.play(seeds, swarm, scenario);
    }

    /** In every linearizable mode, and soon. */
    private static void requireAnswers(CalmCluster cluster) {
        for (Deed mode : LINEARIZABLE) {
            long before = cluster.reads(mode);
            cluster.require(10, "answers " + mode, () -> cluster.reads(mode) > before + 1);
        }
    }

    /** 39. */
    @ParameterizedTest
    @ValueSource(ints = {3, 5})
    void aLeaderThatWasStoppedShowsNothingOld(int nodes) {
        play(nodes, cluster -> wakesUpDeposed(cluster, cluster.world()::pause));
    }

    /** 43: its monotonic clock does not tell it that it slept. */
    @ParameterizedTest
    @ValueSource(ints = {3, 5})
    void aLeaderWhoseMachineSleptShowsNothingOld(int nodes) {
        play(nodes, cluster -> wakesUpDeposed(cluster, cluster.world()::sleep));
    }

    private static void wakesUpDeposed(
            CalmCluster cluster, BiConsumer<SimulatedNode, Long> freeze) {
        long wakesAt = cluster.nowMs() + 10L * CalmCluster.timeoutMs();
        freeze.accept(cluster.node('A'), wakesAt);
        cluster.require(3, "another leads", () -> !"A-".contains("" + cluster.leader()));
        requireAnswers(cluster);
        cluster.runUntil(wakesAt).run(3);
        requireAnswers(cluster);
    }

    /** 40: the leader stands still after every single step of what goes on, reads among it. */
    @Test
    void aLeaderMayStandStillAtAnyStep() {
        for (int steps = 1; steps <= 60; steps += 5) {
            int upTo = steps;
            play(
                    1,
                    3,
                    0,
                    cluster -> {
                        SimulatedNode leader = cluster.steps(upTo).node('A');
                        long wakesAt = cluster.nowMs() + 5L * CalmCluster.timeoutMs();
                        cluster.world().pause(leader, wakesAt);
                        cluster.runUntil(wakesAt).run(2);
                    });
        }
    }

    /** 41. */
    @Test
    void wallClocksDoNotMatter() {
        play(
                3,
                cluster -> {
                    for (char letter : new char[] {'A', 'B', 'C'}) {
                        cluster.world().clocks(cluster.node(letter)).jumpWall(HOUR_MS);
                        requireAnswers(cluster);
                        cluster.world().clocks(cluster.node(letter)).jumpWall(-2 * HOUR_MS);
                        requireAnswers(cluster);
                    }
                    assertThat(cluster.leaderChanges()).isZero();
                });
    }

    /** 42: within what elections can bear, and far beyond. */
    @ParameterizedTest
    @CsvSource({"A, -300", "A, 300", "A, -900", "B, 5000"})
    void ratesOfClocksDoNotMatter(char letter, int gainPerMille) {
        play(
                3,
                cluster -> {
                    cluster.world().gain(cluster.node(letter), gainPerMille);
                    cluster.run(20);
                    requireAnswers(cluster);
                });
    }

    /** 44. */
    @Test
    void aFreshLeaderShowsWhatOthersMayHaveChosen() {
        play(
                3,
                cluster -> {
                    cluster.cut("B>A C>A").run(0.3);
                    cluster.node('A').kill();
                    cluster.require(5, "another leads", () -> cluster.leader() != '-');
                    requireAnswers(cluster);
                    cluster.restart('A');
                });
    }

    /** 45: what confirms reads is late, doubled and overtaken. */
    @Test
    void lateConfirmationsConfirmNothingThatCameSince() {
        play(
                SEEDS,
                3,
                STRAY_PER_MILLE,
                cluster -> {
                    for (int i = 0; i < 5; i++) {
                        cluster.cut("A>B").run(2).heal();
                        cluster.cut("C>A").run(2).heal();
                        requireAnswers(cluster);
                    }
                });
    }

    /** 46: it is asked all along, and hears nothing for long. */
    @Test
    void aFollowerThatLagsWaitsOrFails() {
        play(
                3,
                cluster -> {
                    cluster.readFrom('C').cut("A-C B-C").run(2);
                    long linearizable = cluster.reads(OF_ANY_NODE);
                    long stale = cluster.reads(Deed.CLIENT_READ_STALE);
                    cluster.run(20);
                    cluster.require(
                            50, "shows old", () -> cluster.reads(Deed.CLIENT_READ_STALE) > stale);
                    assertThat(cluster.reads(OF_ANY_NODE)).isEqualTo(linearizable);
                    cluster.heal();
                    requireAnswers(cluster);
                });
    }

    /** 48: clients that reach the old leader only, as far as it answers. */
    @Test
    void aLeaderOfTheMinorityAnswersNothing() {
        play(
                5,
                cluster -> {
                    cluster.readFrom('A').split("AB CDE").run(3);
                    long linearizable = cluster.reads(OF_ANY_NODE);
                    long stale = cluster.reads(Deed.CLIENT_READ_STALE);
                    cluster.run(10);
                    cluster.require(
                            50, "shows old", () -> cluster.reads(Deed.CLIENT_READ_STALE) > stale);
                    assertThat(cluster.reads(OF_ANY_NODE)).isEqualTo(linearizable);
                    cluster.readFrom(null);
                    requireAnswers(cluster);
                });
    }
}
