package io.paxoslog.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that are not simply cut; the numbers are those of the fault scenarios. */
@Execution(ExecutionMode.CONCURRENT)
class PartitionsTest {
    private static final long HOUR_MS = 3_600_000;
    private static final double ALMOST_ALWAYS = 0.95;

    /** 27. */
    @Test
    void majorityGoesOnWithoutALeaderOnTheSmallSide() {
        CalmCluster.play(
                5,
                cluster -> {
                    cluster.split("AB CDE");
                    cluster.run(0.1);
                    long committed = cluster.node('A').replica().commitIndex();
                    cluster.require(
                            3, "the majority leads", () -> "CDE".indexOf(cluster.leader()) >= 0);
                    cluster.require(
                            1, "A gives way", () -> !cluster.node('A').replica().takesCommands());
                    assertThat(cluster.run(1).shareServed(20)).isGreaterThan(ALMOST_ALWAYS);
                    assertThat(cluster.node('A').replica().commitIndex()).isEqualTo(committed);
                });
    }

    /** 28. */
    @Test
    void theOnlyNodeThatReachesAMajorityLeads() {
        CalmCluster.play(
                5,
                cluster -> {
                    // With nothing to do, a leader cannot tell by its progress that it leads
                    // nobody.
                    cluster.beSilent(true).only("C-A C-B C-D C-E");
                    cluster.require(5, "C leads", () -> cluster.leads('C'));
                    cluster.beSilent(false).run(1).mark();
                    assertThat(cluster.shareServed(50)).isGreaterThan(ALMOST_ALWAYS);
                    assertThat(cluster.leaderChanges()).isZero();
                });
    }

    /** 29. */
    @Test
    void theOnlyNodeThatCanWinCatchesUpAndLeads() {
        CalmCluster.play(
                5,
                cluster -> {
                    cluster.split("C ABDE").run(3);
                    long lead = cluster.node('A').replica().commitIndex();
                    assertThat(cluster.node('C').replica().commitIndex()).isLessThan(lead);
                    cluster.only("C-B C-D C-E");
                    cluster.require(5, "C leads", () -> cluster.leads('C'));
                    cluster.require(
                            1,
                            "C has caught up",
                            () -> cluster.node('C').replica().commitIndex() >= lead);
                    assertThat(cluster.run(1).shareServed(20)).isGreaterThan(ALMOST_ALWAYS);
                });
    }

    /** 30. */
    @ParameterizedTest
    @CsvSource({"3, A-B B-C", "3, B-A A-C", "5, A-B B-C C-D D-E", "5, D-B B-A A-C C-E"})
    void aChainDoesNotSeeSaw(int nodes, String links) {
        CalmCluster.play(
                nodes,
                cluster -> {
                    cluster.only(links).run(20);
                    assertThat(cluster.leaderChanges()).isLessThanOrEqualTo(2);
                    cluster.mark();
                    long committed = cluster.world().safety().committedUpTo();
                    assertThat(cluster.shareServed(100)).isGreaterThan(ALMOST_ALWAYS);
                    assertThat(cluster.leaderChanges()).isZero();
                    assertThat(cluster.world().nodes())
                            .allMatch(node -> node.replica().commitIndex() > committed);
                });
    }

    /** 30, with the middle of the chain starting again and again. */
    @Test
    void whoHasJustStartedHelpsNobodyAgainstALiveLeader() {
        CalmCluster.play(
                3,
                cluster -> {
                    cluster.only("A-B B-C").run(2);
                    for (int i = 0; i < 30; i++) {
                        cluster.node('B').kill();
                        cluster.restart('B');
                        cluster.run(1);
                    }
                    assertThat(cluster.leaderChanges()).isZero();
                });
    }

    /** 31. */
    @Test
    void theBridgeDoesNotHoldTheMajorityBack() {
        CalmCluster.play(
                5,
                cluster -> {
                    cluster.only("D-B B-E D-E A-B");
                    cluster.require(
                            5, "D, B or E leads", () -> "DBE".indexOf(cluster.leader()) >= 0);
                    cluster.run(1).mark();
                    assertThat(cluster.shareServed(50)).isGreaterThan(ALMOST_ALWAYS);
                    assertThat(cluster.leaderChanges()).isZero();
                });
    }

    /** 32. */
    @Test
    void aLeaderThatHearsNobodyStepsDown() {
        CalmCluster.play(
                3,
                cluster -> {
                    cluster.cut("B>A C>A");
                    cluster.require(
                            2,
                            "A steps down",
                            () -> cluster.node('A').replica().role() != Role.LEADING);
                    cluster.require(3, "another leads", () -> "BC".indexOf(cluster.leader()) >= 0);
                    cluster.run(1).mark();
                    assertThat(cluster.shareServed(50)).isGreaterThan(ALMOST_ALWAYS);
                    assertThat(cluster.leaderChanges()).isZero();
                });
    }

    /** 32. */
    @Test
    void aLeaderThatNobodyHearsLearnsOfTheNext() {
        CalmCluster.play(
                3,
                cluster -> {
                    cluster.cut("A>B A>C");
                    cluster.require(3, "another leads", () -> "BC".indexOf(cluster.leader()) >= 0);
                    char next = cluster.leader();
                    cluster.require(
                            1,
                            "A follows it",
                            () ->
                                    cluster.node('A').replica().leader()
                                            == cluster.node(next).node());
                    cluster.mark();
                    assertThat(cluster.shareServed(50)).isGreaterThan(ALMOST_ALWAYS);
                    assertThat(cluster.leaderChanges()).isZero();
                });
    }

    /** 32. */
    @Test
    void aFollowerThatHearsNobodyUnseatsNobody() {
        CalmCluster.play(
                3,
                cluster -> {
                    cluster.cut("A>C B>C");
                    assertThat(cluster.shareServed(50)).isGreaterThan(ALMOST_ALWAYS);
                    assertThat(cluster.leaderChanges()).isZero();
                    assertThat(cluster.heal().shareServed(20)).isGreaterThan(ALMOST_ALWAYS);
                    assertThat(cluster.leaderChanges()).isZero();
                });
    }

    /** 33. */
    @ParameterizedTest
    @CsvSource({"3, 75", "3, 150", "5, 75", "5, 150"})
    void aFlappingLinkDisturbsFew(int nodes, int periodMs) {
        int minutes = 10;
        CalmCluster.play(
                1,
                new Swarm(nodes, 0, 50),
                cluster -> {
                    long end = cluster.nowMs() + minutes * 60_000L;
                    cluster.outages()
                            .flap(
                                    cluster.node('A').node(),
                                    cluster.node('B').node(),
                                    periodMs,
                                    end);
                    assertThat(cluster.shareServed(minutes * 60_000.0 / CalmCluster.timeoutMs()))
                            .isGreaterThanOrEqualTo(0.9);
                    assertThat(cluster.leaderChanges()).isLessThanOrEqualTo(5);
                });
    }

    /** 34. */
    @Test
    void aHermitComesBackWithoutUnseatingTheLeader() {
        CalmCluster.play(
                1,
                new Swarm(3, 0, 500),
                cluster -> {
                    long round = cluster.world().highestRound();
                    cluster.split("C AB").runUntil(cluster.nowMs() + HOUR_MS);
                    assertThat(cluster.node('C').replica().role()).isEqualTo(Role.CANVASSING);
                    cluster.heal().run(20);
                    assertThat(cluster.leaderChanges()).isZero();
                    assertThat(cluster.world().highestRound()).isEqualTo(round);
                });
    }

    /** 35. */
    @Test
    void cloggingInTurnIsSurvivedAgainAndAgain() {
        int rounds = 1_000;
        CalmCluster.play(
                1,
                new Swarm(5, 0, 100),
                cluster -> {
                    Outages outages = cluster.outages();
                    for (int i = 0; i < rounds; i++) {
                        cluster.runUntil(outages.clogInTurn(5, 60));
                        long before = cluster.acknowledged();
                        cluster.require(
                                10, "a write succeeds", () -> cluster.acknowledged() > before);
                    }
                });
    }

    /** 37. */
    @ParameterizedTest
    @ValueSource(ints = {3, 5})
    void nobodyIsServedWhileEverybodyIsAlone(int nodes) {
        CalmCluster.play(
                nodes,
                cluster -> {
                    cluster.only("").run(0.1);
                    long before = cluster.acknowledged();
                    long round = cluster.world().highestRound();
                    assertThat(cluster.run(20).acknowledged()).isEqualTo(before);
                    assertThat(cluster.leader()).isEqualTo('-');
                    assertThat(cluster.world().highestRound()).isEqualTo(round);
                    cluster.heal().require(10, "one leads", cluster.world()::hasLeader);
                    cluster.mark();
                    assertThat(cluster.shareServed(20)).isGreaterThan(ALMOST_ALWAYS);
                    assertThat(cluster.leaderChanges()).isZero();
                });
    }
}
