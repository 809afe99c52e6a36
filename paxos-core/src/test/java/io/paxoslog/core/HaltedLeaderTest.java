package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A leader whose state machine is halted makes room for one that goes on, and never in vain. */
class HaltedLeaderTest {
    private final HandCluster cluster = new HandCluster(3).started();

    /** Node 1 leads, and slot 2 is chosen and known to all. */
    private void choosePoison() {
        cluster.elect(1);
        cluster.propose(1, "poison");
        cluster.run(50);
        for (int id = 1; id <= 3; id++) {
            assertThat(cluster.replica(id).commitIndex()).isEqualTo(2);
        }
    }

    private void halt(int... ids) {
        for (int id : ids) {
            cluster.replica(id).serviceAt(1, 2, 0);
        }
    }

    private void goOn(int... ids) {
        for (int id : ids) {
            cluster.replica(id).serviceAt(2, 0, 0);
        }
    }

    private long elections() {
        return IntStream.rangeClosed(1, 3)
                .mapToLong(
                        id ->
                                cluster.node(id).roles.stream()
                                        .filter(line -> line.startsWith("LEADING"))
                                        .count())
                .sum();
    }

    @Test
    void givesWayToAMemberThatHasAppliedTheSlot() {
        choosePoison();
        halt(1, 3);
        goOn(2);

        cluster.run(2_000);

        assertThat(cluster.replica(2).role()).isEqualTo(Role.LEADING);
        assertThat(cluster.tryPropose(2, "next")).isTrue();
        assertThat(elections()).isEqualTo(2);
    }

    @Test
    void leavesItToTheOneThatGoesOnWhoeverElseCouldHaveWon() {
        for (int healthy = 2; healthy <= 3; healthy++) {
            HandCluster five = new HandCluster(5).started();
            five.elect(1);
            five.propose(1, "poison");
            five.run(50);
            for (int id = 1; id <= 5; id++) {
                five.replica(id).serviceAt(id == healthy ? 2 : 1, id == healthy ? 0 : 2, 0);
            }

            five.run(2_000);

            assertThat(five.replica(healthy).role()).isEqualTo(Role.LEADING);
            assertThat(five.node(1).roles).filteredOn(r -> r.startsWith("LEADING")).hasSize(1);
        }
    }

    @Test
    void keepsLeadingWhileNobodyHasAppliedTheSlot() {
        choosePoison();
        halt(1);
        cluster.replica(2).serviceAt(1, 0, 0);
        cluster.replica(3).serviceAt(1, 0, 0);

        cluster.run(5_000);

        assertThat(cluster.replica(1).role()).isEqualTo(Role.LEADING);
        assertThat(elections()).isEqualTo(1);
    }

    @Test
    void neverPassesLeadershipAroundWhenAllAreHalted() {
        choosePoison();
        halt(1, 2, 3);

        cluster.run(30_000);

        assertThat(cluster.replica(1).role()).isEqualTo(Role.LEADING);
        assertThat(elections()).isEqualTo(1);
    }

    @Test
    void takesNoCommandsWhileAllAreHalted() {
        choosePoison();
        halt(1, 2, 3);

        assertThat(cluster.replica(1).takesCommands()).isFalse();
        assertThat(cluster.tryPropose(1, "more")).isFalse();
        assertThat(cluster.replica(1).lastSlot()).isEqualTo(2);
    }

    @Test
    void isElectedAllTheSameWhenAllAreHaltedAndItsLeaderDies() {
        choosePoison();
        halt(1, 2, 3);
        cluster.node(1).isUp = false;

        for (int i = 0; i < 300 && cluster.replica(2).role() != Role.LEADING; i++) {
            cluster.pass(10, 2, 3);
            cluster.settle();
        }

        assertThat(
                        cluster.replica(2).role() == Role.LEADING
                                || cluster.replica(3).role() == Role.LEADING)
                .isTrue();
    }

    @Test
    void leadsMoreAndMoreSteadilyWhenTheOneThatGoesOnCannotBeElected() {
        choosePoison();
        halt(1, 3);
        goOn(2);
        cluster.node(1).roles.clear();

        // Node 2 answers node 1, but nobody ever hears it ask for votes.
        for (int i = 0; i < 6_000; i++) {
            cluster.pass(10, 1, 2, 3);
            cluster.deliver(
                    letter ->
                            letter.from() != 2 || !(letter.is("Canvass") || letter.is("Prepare")));
            cluster.drop(letter -> true);
        }

        long turns = cluster.node(1).roles.stream().filter(r -> r.startsWith("LEADING")).count();
        long others = cluster.node(3).roles.stream().filter(r -> r.startsWith("LEADING")).count();
        assertThat(turns + others).isBetween(1L, 16L);
    }

    @Test
    void asksNobodyWhileItGoesOn() {
        choosePoison();
        goOn(1, 2, 3);
        cluster.node(1).deeds.clear();

        cluster.run(1_000);

        assertThat(cluster.node(1).deeds).noneMatch(deed -> deed.startsWith("Survey"));
    }

    @Test
    void votesAndServesOthersAllTheSame() {
        choosePoison();
        halt(2, 3);
        goOn(1);

        cluster.propose(1, "next");
        cluster.run(100);

        assertThat(cluster.replica(1).role()).isEqualTo(Role.LEADING);
        for (int id = 1; id <= 3; id++) {
            assertThat(cluster.node(id).committed).contains("3:next");
        }
    }

    @Test
    void leadsAloneInAClusterOfOne() {
        HandCluster one = new HandCluster(1).started();
        one.run(1_000);
        one.propose(1, "poison");
        one.run(50);
        one.replica(1).serviceAt(1, 2, 0);

        one.run(5_000);

        assertThat(one.replica(1).role()).isEqualTo(Role.LEADING);
        assertThat(one.tryPropose(1, "more")).isFalse();
        assertThat(one.replica(1).decide(Decision.skip(2, 0))).isTrue();
        one.settle();
        assertThat(one.node(1).decided).containsExactly("3:skip 2");
    }
}
