package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a slot is skipped, tried again, and what all nodes make of it. */
class SkipTest {
    private final HandCluster cluster = new HandCluster(3).started();

    /** Node 1 leads, slot 2 is chosen, and nobody has applied it. */
    private void choosePoison() {
        cluster.elect(1);
        cluster.propose(1, "poison");
        cluster.run(50);
    }

    private void halt(int... ids) {
        for (int id : ids) {
            cluster.replica(id).serviceAt(1, 2, 0);
        }
    }

    private boolean decide(Decision decision) {
        boolean taken = cluster.replica(1).decide(decision);
        cluster.settle();
        cluster.run(100);
        return taken;
    }

    private String refusal() {
        return cluster.replica(1).refusal();
    }

    @Test
    void skipsWhatAllMembersHoldBelow() {
        choosePoison();
        halt(1, 2, 3);
        cluster.run(100);

        assertThat(decide(Decision.skip(2, 0))).isTrue();

        for (int id = 1; id <= 3; id++) {
            assertThat(cluster.node(id).decided).containsExactly("3:skip 2");
            assertThat(cluster.node(id).journal.lines())
                    .containsSubsequence("held slot=2 against=0", "decision slot=3 skip 2");
        }
    }

    @Test
    void skipsNothingThatOneMemberHasApplied() {
        choosePoison();
        halt(1, 2);
        cluster.replica(3).serviceAt(2, 0, 0);
        cluster.deliver(letter -> true);
        // Node 1 stays the leader as long as no time passes.
        cluster.replica(1).surveyed(cluster.node(2).config.self(), ballot(), 1, true, 2, 0);
        cluster.replica(1).surveyed(cluster.node(1).config.self(), ballot(), 1, true, 2, 0);
        cluster.replica(1).surveyed(cluster.node(3).config.self(), ballot(), 2, false, 0, 0);

        assertThat(cluster.replica(1).decide(Decision.skip(2, 0))).isFalse();

        assertThat(refusal())
                .isEqualTo("node 3 does not hold at slot 2: it has applied up to slot 2");
    }

    private long ballot() {
        return cluster.replica(1).ballot();
    }

    @Test
    void skipsNothingWhileOneMemberIsAway() {
        choosePoison();
        cluster.node(3).isUp = false;
        halt(1, 2);
        cluster.run(100);

        assertThat(decide(Decision.skip(2, 0))).isFalse();

        assertThat(refusal())
                .isEqualTo(
                        "node 3 has not said where its state machine is: it must be up and hold");
    }

    @Test
    void skipsNothingThatTheLeaderHasApplied() {
        choosePoison();
        halt(2, 3);
        cluster.replica(1).serviceAt(2, 0, 0);
        cluster.run(100);

        assertThat(decide(Decision.skip(2, 0))).isFalse();

        assertThat(refusal())
                .isEqualTo(
                        "node 1, the leader, does not hold at slot 2: it has applied up to slot 2");
    }

    @Test
    void skipsNothingThatAMemberHasYetToTryAgain() {
        choosePoison();
        halt(1, 2, 3);
        cluster.run(100);
        assertThat(decide(Decision.retry(2, 0))).isTrue();
        // Nodes 1 and 2 have tried again; node 3 has not come to it, and may well be able to.
        cluster.replica(1).serviceAt(1, 2, 3);
        cluster.replica(2).serviceAt(1, 2, 3);
        cluster.replica(1).surveyed(cluster.node(1).config.self(), ballot(), 1, true, 2, 3);
        cluster.replica(1).surveyed(cluster.node(2).config.self(), ballot(), 1, true, 2, 3);
        cluster.replica(1).surveyed(cluster.node(3).config.self(), ballot(), 1, true, 2, 0);

        assertThat(decide(Decision.skip(2, 0))).isFalse();

        assertThat(refusal())
                .isEqualTo(
                        "node 3 has not yet tried slot 2 since the decision at slot 3: ask again");
    }

    @Test
    void skipsWhatAllHaveTriedAgainInVain() {
        choosePoison();
        halt(1, 2, 3);
        cluster.run(100);
        decide(Decision.retry(2, 0));
        for (int id = 1; id <= 3; id++) {
            cluster.replica(id).serviceAt(1, 2, 3);
        }
        cluster.run(100);

        assertThat(decide(Decision.skip(2, 0))).isTrue();

        assertThat(cluster.node(3).decided).containsExactly("3:retry 2", "4:skip 2");
    }

    @Test
    void countsNoWordGivenToTheLeaderBefore() {
        choosePoison();
        halt(1, 2, 3);
        cluster.run(100);
        cluster.node(1).isUp = false;
        cluster.replica(2).serviceAt(2, 0, 0);
        cluster.elect(2, 2, 3);
        halt(2);
        cluster.run(60);

        assertThat(cluster.replica(2).decide(Decision.skip(2, 0))).isFalse();
        assertThat(cluster.replica(2).refusal()).startsWith("node 1 has not said");
    }

    @Test
    void refusesWhatCannotBeDecided() {
        choosePoison();
        halt(1, 2, 3);
        cluster.run(100);

        assertThat(decide(Decision.retry(9, 0))).isFalse();
        assertThat(refusal()).isEqualTo("slot 9 is not chosen yet: the last one that is, is 2");
        assertThat(decide(Decision.skip(1, 0))).isFalse();
        assertThat(refusal())
                .isEqualTo("node 1, the leader, does not hold at slot 1: it is halted at slot 2");
        assertThat(decide(Decision.skip(2, 0))).isTrue();
        assertThat(decide(Decision.retry(2, 0))).isFalse();
        assertThat(refusal()).isEqualTo("slot 2 is skipped already, by the decision at slot 3");
        assertThat(cluster.replica(2).decide(Decision.skip(2, 0))).isFalse();
        assertThat(cluster.replica(2).refusal()).isEqualTo("this node does not lead");
    }

    @Test
    void refusesASecondDecisionWhileOneIsOnItsWay() {
        choosePoison();
        assertThat(cluster.replica(1).decide(Decision.retry(2, 0))).isTrue();

        assertThat(cluster.replica(1).decide(Decision.retry(2, 0))).isFalse();

        assertThat(refusal()).isEqualTo("another decision is on its way: ask again");
    }

    @Test
    void changesLimitsOnlyFromTheOnesThatAreInForce() {
        choosePoison();
        Decision.Limits limits = new Decision.Limits(1, 2, 3, 40);

        assertThat(decide(Decision.limits(limits, 0))).isTrue();
        assertThat(decide(Decision.limits(limits, 0))).isFalse();

        assertThat(refusal())
                .isEqualTo(
                        "the limits were changed at slot 3 by somebody else: look at them again");
        assertThat(decide(Decision.limits(limits, 3))).isTrue();
        assertThat(cluster.replica(1).limitsDecidedAt()).isEqualTo(4);
    }

    @Test
    void tellsTheStateMachineAfterARestartWhatItHoldsBelow() {
        choosePoison();
        halt(1, 2, 3);
        cluster.run(100);

        cluster.restart(3, cluster.node(3).journal.size());

        assertThat(cluster.node(3).holds).containsExactly("2 against 0");
    }

    @Test
    void knowsAfterARestartWhatWasDecided() {
        choosePoison();
        halt(1, 2, 3);
        cluster.run(100);
        decide(Decision.skip(2, 0));

        cluster.restart(3, cluster.node(3).journal.size());

        assertThat(cluster.node(3).decided).containsExactly("3:skip 2");
        cluster.replica(3).serviceAt(1, 2, 0);
        assertThat(cluster.node(3).journal.lines())
                .filteredOn(l -> l.startsWith("held"))
                .hasSize(1);
    }

    @Test
    void learnsADecisionFromWhoeverServesIt() {
        choosePoison();
        halt(1, 2, 3);
        cluster.run(100);
        cluster.replica(1).decide(Decision.skip(2, 0));
        cluster.deliver(HandCluster.among(1, 2));
        cluster.drop(letter -> true);

        cluster.run(1_000);

        assertThat(cluster.node(3).decided).containsExactly("3:skip 2");
    }
}
