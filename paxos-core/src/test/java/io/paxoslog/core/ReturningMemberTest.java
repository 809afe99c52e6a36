package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What others do when a member may have forgotten votes. Node 1 leads. */
class ReturningMemberTest {
    private static final int TIMEOUT = HandCluster.ELECTION_TIMEOUT;

    private HandCluster cluster = new HandCluster(3);

    private Replica leader() {
        return cluster.replica(1);
    }

    private long member(int node) {
        return cluster.node(node).config.self();
    }

    private void lead() {
        cluster.started();
        cluster.elect(1);
    }

    /** A member said just now that only a ballot above this leads it back. */
    private void returning(int node, long promised) {
        leader().returning(member(node), promised);
    }

    private boolean prepares() {
        return cluster.waiting().stream().anyMatch(letter -> letter.is("Prepare"));
    }

    @Test
    void isLedBackByAStableLeaderWithoutLosingAnything() {
        lead();
        long before = leader().ballot();
        cluster.propose(1, "a");
        cluster.deliver(HandCluster.among(1, 2));
        cluster.losePower(3, before);
        cluster.propose(1, "b");

        cluster.run(2 * TIMEOUT);

        assertThat(cluster.replica(3).role()).isEqualTo(Role.FOLLOWING);
        assertThat(leader().role()).isEqualTo(Role.LEADING);
        assertThat(leader().ballot()).isEqualTo(Ballot.inNextRound(before, 1));
        assertThat(cluster.node(3).committed).containsExactly("2:a", "3:b");
    }

    @Test
    void asksOneAfterTheOtherForWhatComesNextWhenItHearsNobody() {
        lead();
        cluster.losePower(3, leader().ballot());
        cluster.drop(letter -> true);

        cluster.pass(5 * TIMEOUT, 3);

        assertThat(cluster.waiting()).anyMatch(letter -> letter.is("Fetch") && letter.to() == 1);
        assertThat(cluster.waiting()).anyMatch(letter -> letter.is("Fetch") && letter.to() == 2);
    }

    @Test
    void aBallotAboveItsPromiseStays() {
        lead();
        returning(3, Ballot.NONE);

        assertThat(leader().role()).isEqualTo(Role.LEADING);
    }

    @Test
    void aLeaderWaitsForItsOwnPromiseAsOnlyItMayHoldWhatItProposed() {
        cluster = new HandCluster(5);
        lead();
        cluster.propose(1, "x");
        cluster.drop(letter -> letter.to() != 1);
        cluster.settle();
        returning(5, leader().ballot());
        cluster.deliver(letter -> letter.to() != letter.from() && letter.to() != 5);
        assertThat(leader().role()).as("three others promised").isEqualTo(Role.PREPARING);

        cluster.deliver(letter -> letter.to() != 5);

        assertThat(leader().role()).isEqualTo(Role.LEADING);
        assertThat(cluster.node(1).committed).contains("2:x");
    }

    @Test
    void aLeaderRenewsItsBallotOnlySoOften() {
        lead();
        returning(3, leader().ballot());
        cluster.run(TIMEOUT);
        long second = leader().ballot();
        for (int i = 0; i < 15; i++) {
            returning(3, leader().ballot());
            cluster.run(2 * TIMEOUT);
        }
        assertThat(leader().ballot()).isEqualTo(second);

        cluster.run(10 * TIMEOUT);
        returning(3, leader().ballot());

        assertThat(leader().ballot()).isGreaterThan(second);
    }

    @Test
    void aLeaderStaysIfTooFewOthersCouldPromise() {
        cluster = new HandCluster(5, 4, 2, 100);
        lead();
        cluster.pass(TIMEOUT - 10, 1);
        cluster.deliver(HandCluster.among(1, 2, 3));
        cluster.pass(TIMEOUT - 10, 1);
        cluster.deliver(HandCluster.among(1, 2, 3));
        cluster.pass(TIMEOUT - 10, 1);
        cluster.deliver(HandCluster.among(1, 2, 3));
        cluster.drop(letter -> true);
        assertThat(leader().role()).isEqualTo(Role.LEADING);

        returning(5, leader().ballot());

        assertThat(leader().role()).isEqualTo(Role.LEADING);
        assertThat(prepares()).isFalse();
    }

    @Test
    void oneThatReturnsItselfDoesNotCountAmongThoseWhoCouldPromise() {
        cluster = new HandCluster(5, 4, 2, 100);
        lead();
        returning(4, Ballot.NONE);
        returning(5, leader().ballot());

        assertThat(leader().role()).isEqualTo(Role.LEADING);
    }

    @Test
    void aPromiseFarAboveAllThatIsKnownIsAskedForFirst() {
        lead();
        returning(3, Ballot.of(Ballot.MAX_ROUND, 3));

        assertThat(leader().role()).isEqualTo(Role.LEADING);
        assertThat(cluster.waiting()).anyMatch(letter -> letter.is("Question"));
    }

    @Test
    void aCandidateGoesAboveItsPromiseAndCountsItAmongThoseWhoWillVote() {
        cluster = new HandCluster(3, 1, 3, 100);
        lead();
        long promised = leader().ballot();
        cluster.losePower(3, promised);
        cluster.node(1).isUp = false;

        cluster.restart(1, cluster.node(1).journal.size());
        cluster.run(8 * TIMEOUT);

        assertThat(cluster.replica(3).role()).isEqualTo(Role.FOLLOWING);
        assertThat(cluster.replica(3).leader()).isPositive();
    }
}
