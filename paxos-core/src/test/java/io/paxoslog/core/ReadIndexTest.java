package io.paxoslog.core;

import static io.paxoslog.core.Seat.OBSERVER;
import static io.paxoslog.core.Seat.VOTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a read needs, as a leader finds out, here and for others. Node 1 leads first. */
class ReadIndexTest {
    private HandCluster cluster;

    private void founded(HandCluster newCluster) {
        cluster = newCluster.founded();
        assertThat(cluster.replica(1).commitIndex()).isEqualTo(2);
    }

    private void foundedOfThree() {
        founded(new HandCluster(3));
    }

    /** A read comes, and the turn ends. */
    private void read(int id, long ticket) {
        cluster.replica(id).read(ticket);
        cluster.replica(id).endTurn();
    }

    private List<String> readsOf(int id) {
        return cluster.node(id).reads;
    }

    private long waiting(String name) {
        return cluster.waiting().stream().filter(letter -> letter.is(name)).count();
    }

    /** Node 3 leads by the word of node 2 while node 1 hears nothing, and chooses one more. */
    private void leadBehindTheBackOfNode1() {
        cluster.elect(3, 2, 3);
        cluster.propose(3, "b");
        cluster.deliver(HandCluster.among(2, 3));
        assertThat(cluster.replica(3).commitIndex()).isEqualTo(3);
        assertThat(cluster.replica(1).role()).isEqualTo(Role.LEADING);
        cluster.drop(letter -> true);
    }

    @Test
    void isAnsweredOnceAMajorityHasConfirmed() {
        foundedOfThree();

        read(1, 1);
        assertThat(readsOf(1)).isEmpty();
        cluster.deliver(Letter.to(2, "Confirm"));
        assertThat(readsOf(1)).isEmpty();
        cluster.deliver(Letter.from(2, "Confirmed"));

        assertThat(readsOf(1)).containsExactly("1@2");
    }

    @Test
    void oneQuestionGoesOutForAllReadsOfATurn() {
        foundedOfThree();

        cluster.replica(1).read(1);
        cluster.replica(1).read(2);
        read(1, 7);
        cluster.replica(1).endTurn();

        assertThat(waiting("Confirm")).isEqualTo(2);
        cluster.settle();
        assertThat(readsOf(1)).containsExactly("7@2");
    }

    @Test
    void aTicketIsNotUsedAgain() {
        foundedOfThree();
        cluster.replica(1).read(5);

        assertThatThrownBy(() -> cluster.replica(1).read(5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5 comes after 5");
    }

    @Test
    void aVoteOnWhatWasProposedSinceConfirmsWithoutAMessageOfItsOwn() {
        foundedOfThree();

        cluster.replica(1).read(1);
        cluster.propose(1, "b");
        cluster.replica(1).endTurn();

        assertThat(waiting("Confirm")).isZero();
        cluster.deliver(HandCluster.among(1, 2));
        assertThat(readsOf(1)).containsExactly("1@3");
    }

    @Test
    void anOlderVoteThatArrivesLaterConfirmsNothing() {
        foundedOfThree();
        cluster.propose(1, "slow");
        cluster.deliver(Letter.any("Accept"));
        cluster.deliver(letter -> letter.is("Accepted") && letter.from() != 2);
        Letter late = cluster.waiting().stream().filter(Letter.from(2, "Accepted")).findAny().get();
        assertThat(cluster.replica(1).commitIndex()).isEqualTo(3);
        cluster.elect(3, 2, 3);
        cluster.propose(3, "b");
        cluster.deliver(HandCluster.among(2, 3));
        cluster.drop(letter -> true);

        read(1, 1);
        cluster.hear(late);

        assertThat(cluster.replica(3).commitIndex()).isEqualTo(4);
        assertThat(readsOf(1)).isEmpty();
    }

    @Test
    void whatWasConfirmedForAnEarlierReadCountsForNoLaterOne() {
        foundedOfThree();
        read(1, 1);
        cluster.settle();
        assertThat(readsOf(1)).containsExactly("1@2");
        leadBehindTheBackOfNode1();

        read(1, 2);

        assertThat(readsOf(1)).containsExactly("1@2");
    }

    @Test
    void anAnswerToAnEarlierQuestionCountsForNoLaterRead() {
        foundedOfThree();
        read(1, 1);
        cluster.deliver(Letter.any("Confirm"));
        List<Letter> late = cluster.waiting();
        leadBehindTheBackOfNode1();

        cluster.replica(1).read(2);
        late.forEach(cluster::hear);
        cluster.replica(1).endTurn();
        late.forEach(cluster::hear);

        // Those answers are of nodes 2 and 3 as they were when the first read had come.
        assertThat(readsOf(1)).containsExactly("1@2");
    }

    @Test
    void oneConfirmationTooFewIsNotEnough() {
        founded(new HandCluster(5));
        read(1, 1);

        cluster.deliver(Letter.to(2, "Confirm"));
        cluster.deliver(Letter.any("Confirmed"));
        assertThat(readsOf(1)).isEmpty();
        cluster.deliver(Letter.to(3, "Confirm"));
        cluster.deliver(Letter.any("Confirmed"));

        assertThat(readsOf(1)).containsExactly("1@2");
    }

    @Test
    void asManyConfirmAsMeetEachPrepareQuorum() {
        founded(new HandCluster(5, 4, 2, 1000));
        read(1, 1);
        cluster.deliver(Letter.to(2, "Confirm"));
        cluster.deliver(Letter.any("Confirmed"));
        assertThat(readsOf(1)).containsExactly("1@2");

        founded(new HandCluster(5, 2, 4, 1000));
        read(1, 1);
        cluster.deliver(letter -> letter.is("Confirm") && letter.to() < 4);
        cluster.deliver(Letter.any("Confirmed"));
        assertThat(readsOf(1)).isEmpty();
        cluster.deliver(Letter.to(4, "Confirm"));
        cluster.deliver(Letter.any("Confirmed"));
        assertThat(readsOf(1)).containsExactly("1@2");
    }

    @Test
    void aClusterOfOneAsksNobody() {
        founded(new HandCluster(1));

        read(1, 1);

        assertThat(readsOf(1)).containsExactly("1@2");
        assertThat(waiting("Confirm")).isZero();
    }

    @Test
    void whoPromisedAHigherBallotConfirmsNothingAndEndsTheLeadership() {
        foundedOfThree();
        leadBehindTheBackOfNode1();

        read(1, 1);
        cluster.deliver(Letter.any("Confirm"));

        assertThat(waiting("Confirmed")).isZero();
        cluster.settle();
        assertThat(cluster.replica(1).role()).isEqualTo(Role.FOLLOWING);
        assertThat(readsOf(1)).isEmpty();
    }

    /** Two slots may be open, so what four hold that are not known chosen is proposed in halves. */
    @Test
    void waitsForAllThatPhase1ReportedAlsoBeyondItsWindow() {
        founded(new HandCluster(3, 2, 2, 2));
        cluster.propose(1, "b", "c");
        cluster.deliver(HandCluster.among(1, 2).and(Letter.any("AllChosen").negate()));
        cluster.drop(letter -> true);
        cluster.propose(1, "d", "e");
        cluster.deliver(HandCluster.among(1, 3).and(Letter.any("AllChosen").negate()));
        cluster.drop(letter -> true);
        assertThat(cluster.replica(1).commitIndex()).isEqualTo(6);
        cluster.node(1).isUp = false;
        cluster.pass(2 * HandCluster.ELECTION_TIMEOUT, 2, 3);
        cluster.drop(letter -> true);
        while (cluster.replica(3).role() != Role.LEADING) {
            cluster.pass(10, 3);
            cluster.deliver(letter -> !Letter.any("Accept", "Accepted", "Fetch").test(letter));
        }
        assertThat(cluster.replica(3).commitIndex()).isEqualTo(2);
        assertThat(cluster.replica(3).lastSlot()).isEqualTo(4);

        read(3, 1);
        cluster.deliver(Letter.any("Confirm", "Confirmed", "Heartbeat", "HeartbeatHeard"));
        cluster.deliverOnce(Letter.any("Accept"));
        cluster.deliverOnce(Letter.any("Accepted"));
        assertThat(cluster.replica(3).commitIndex()).isEqualTo(4);
        assertThat(readsOf(3)).isEmpty();
        cluster.settle();

        assertThat(readsOf(3)).containsExactly("1@6");
    }

    @Test
    void waitsForAllThatWasProposedWhenItCame() {
        foundedOfThree();
        cluster.propose(1, "b");
        cluster.deliver(Letter.any("Accept"));
        // Votes that nobody but this leader lacks may have shown others that it is chosen.
        read(1, 1);

        cluster.deliver(Letter.any("Confirm", "Confirmed"));
        assertThat(readsOf(1)).isEmpty();
        cluster.settle();

        assertThat(readsOf(1)).containsExactly("1@3");
    }

    @Test
    void theNextHeartbeatConfirmsWhereTheQuestionIsLostOrNotKnown() {
        foundedOfThree();
        read(1, 1);
        cluster.drop(letter -> true);

        cluster.pass(HandCluster.HEARTBEAT, 1);
        cluster.deliver(Letter.any("Heartbeat"));
        cluster.deliver(Letter.from(2, "HeartbeatHeard"));

        assertThat(readsOf(1)).containsExactly("1@2");
    }

    @Test
    void anAnswerToAnEarlierHeartbeatConfirmsNothing() {
        foundedOfThree();
        cluster.pass(HandCluster.HEARTBEAT, 1);
        cluster.deliver(Letter.any("Heartbeat"));
        List<Letter> late =
                cluster.waiting().stream().filter(letter -> letter.is("HeartbeatHeard")).toList();
        leadBehindTheBackOfNode1();

        read(1, 1);
        late.forEach(cluster::hear);

        assertThat(late).isNotEmpty();
        assertThat(readsOf(1)).isEmpty();
    }

    @Test
    void aFollowersReadIsAnsweredByTheLeader() {
        foundedOfThree();
        cluster.propose(1, "b");
        cluster.deliver(HandCluster.among(1, 3));
        cluster.drop(letter -> true);

        cluster.replica(2).read(1);
        cluster.replica(2).read(2);
        cluster.replica(2).endTurn();
        assertThat(waiting("AskIndex")).isEqualTo(1);
        cluster.deliver(Letter.any("AskIndex"));
        cluster.replica(1).endTurn();
        cluster.settle();

        assertThat(readsOf(2)).containsExactly("2@3");
        assertThat(readsOf(1)).isEmpty();
    }

    @Test
    void aFollowerLearnsWithTheIndexWhatIsChosen() {
        foundedOfThree();
        cluster.propose(1, "b");
        cluster.deliver(Letter.any("Accept", "Accepted"));
        assertThat(cluster.replica(2).commitIndex()).isEqualTo(2);

        read(2, 1);
        cluster.deliver(Letter.any("AskIndex"));
        cluster.replica(1).endTurn();
        cluster.deliver(Letter.any("Confirm", "Confirmed", "Indexed"));

        assertThat(readsOf(2)).containsExactly("1@3");
        assertThat(cluster.replica(2).commitIndex()).isEqualTo(3);
    }

    @Test
    void aFollowerAsksAgainNowAndThen() {
        foundedOfThree();
        read(2, 1);
        cluster.drop(letter -> true);

        cluster.pass(HandCluster.HEARTBEAT - 10, 2);
        assertThat(waiting("AskIndex")).isZero();
        cluster.pass(10, 2);

        assertThat(waiting("AskIndex")).isEqualTo(1);
        cluster.settle();
        cluster.run(HandCluster.HEARTBEAT);
        assertThat(readsOf(2)).containsExactly("1@2");
    }

    @Test
    void theNextLeaderIsAskedForWhatTheOneBeforeLeftUnanswered() {
        foundedOfThree();
        read(2, 1);
        cluster.drop(letter -> true);
        cluster.elect(3, 2, 3);

        cluster.run(10);
        cluster.run(HandCluster.HEARTBEAT);

        assertThat(readsOf(2)).hasSize(1);
        assertThat(readsOf(2).get(0)).startsWith("1@");
    }

    @Test
    void whatALeaderCouldNotHaveConfirmedItAsksWhoeverLeadsNext() {
        foundedOfThree();
        read(1, 1);
        leadBehindTheBackOfNode1();

        cluster.run(2 * HandCluster.HEARTBEAT);

        assertThat(cluster.replica(1).role()).isEqualTo(Role.FOLLOWING);
        assertThat(readsOf(1)).containsExactly("1@3");
    }

    @Test
    void whatCameBeforeABallotIsNotAnsweredByItsConfirmations() {
        foundedOfThree();
        read(1, 1);
        cluster.elect(1);

        cluster.run(HandCluster.HEARTBEAT);

        // Asked again under the new ballot, as soon as that leads.
        assertThat(readsOf(1)).hasSize(1);
    }

    @Test
    void whatWaitsWhileALeaderRenewsItsBallotIsAnsweredUnderTheNewOne() {
        foundedOfThree();
        long before = cluster.replica(1).ballot();
        read(1, 1);
        cluster.drop(letter -> true);
        cluster.replica(1).returning(cluster.node(3).config.self(), before);
        assertThat(cluster.replica(1).role()).isEqualTo(Role.PREPARING);
        cluster.replica(1).endTurn();

        cluster.run(2 * HandCluster.HEARTBEAT);

        assertThat(cluster.replica(1).role()).isEqualTo(Role.LEADING);
        assertThat(cluster.replica(1).ballot()).isGreaterThan(before);
        assertThat(readsOf(1)).hasSize(1);
    }

    @Test
    void anAnswerToAnEarlierStartIsNotOneToThis() {
        foundedOfThree();
        read(2, 1);
        cluster.deliver(Letter.any("AskIndex"));
        cluster.replica(1).endTurn();
        cluster.deliver(Letter.any("Confirm", "Confirmed"));
        Letter late = cluster.waiting().stream().filter(Letter.to(2, "Indexed")).findAny().get();
        cluster.propose(1, "b");
        cluster.settle();

        cluster.restartDrawing(2, new NonceKey(8, 9));
        cluster.run(HandCluster.HEARTBEAT);
        cluster.drop(letter -> true);
        read(2, 1);
        cluster.hear(late);

        assertThat(readsOf(2)).isEmpty();
    }

    @Test
    void whoKnowsNoLeaderWaitsForOne() {
        cluster = new HandCluster(3).started();
        read(2, 1);
        assertThat(waiting("AskIndex")).isZero();

        cluster.elect(1);
        cluster.run(2 * HandCluster.HEARTBEAT);

        assertThat(readsOf(2)).hasSize(1);
    }

    @Test
    void whoReturnsConfirmsNothing() {
        foundedOfThree();
        cluster.losePower(2, cluster.replica(1).ballot());
        cluster.drop(letter -> true);

        read(1, 1);
        cluster.deliver(Letter.to(2, "Confirm"));
        cluster.deliver(Letter.any("Confirmed"));

        assertThat(readsOf(1)).isEmpty();
    }

    @Test
    void observersReadAndConfirmNothing() {
        founded(new HandCluster(3, 2, 2, 10));
        cluster.join();
        Change.Member[] seats = {
            cluster.member(1, VOTER),
            cluster.member(2, VOTER),
            cluster.member(3, VOTER),
            cluster.member(4, OBSERVER)
        };
        assertThat(cluster.replica(1).change(cluster.changeTo(1, seats))).isTrue();
        cluster.run(400);
        cluster.drop(letter -> true);

        read(1, 1);
        assertThat(cluster.waiting()).noneMatch(letter -> letter.to() == 4);
        cluster.replica(1)
                .heartbeatHeard(
                        cluster.node(4).config.self(),
                        cluster.replica(1).ballot(),
                        1,
                        Long.MAX_VALUE,
                        0,
                        0,
                        0,
                        0,
                        0);
        assertThat(readsOf(1)).isEmpty();
        cluster.settle();
        read(4, 1);
        cluster.deliver(Letter.any("AskIndex"));
        cluster.replica(1).endTurn();
        cluster.settle();

        assertThat(readsOf(4)).containsExactly("1@" + cluster.replica(1).commitIndex());
    }

    /** Nodes 4 and 5 are to take the places of 2 and 3; entry and window are proposed. */
    private void changeProposed() {
        founded(new HandCluster(3, 2, 2, 10));
        cluster.join();
        cluster.join();
        assertThat(cluster.replica(1).change(cluster.changeTo(1, 1, 4, 5))).isTrue();
        for (int i = 0; i < 100 && waiting("Accept") == 0; i++) {
            cluster.pass(10, 1, 2, 3, 4, 5);
            cluster.deliver(letter -> !letter.is("Accept"));
        }
        assertThat(cluster.replica(1).lastSlot()).isEqualTo(2 + 10);
    }

    @Test
    void whoWasAMemberConfirmsNoLaterIndex() {
        changeProposed();
        read(1, 1);
        cluster.deliver(letter -> letter.is("Confirm") && letter.to() <= 3);
        cluster.deliver(Letter.any("Confirmed"));
        assertThat(readsOf(1)).isEmpty();

        // The window is filled by votes of nodes 1 and 2, and nodes 4 and 5 have said nothing yet.
        cluster.deliver(letter -> letter.is("Accept") && letter.to() <= 2);
        cluster.deliver(letter -> letter.is("Accepted") && letter.from() <= 2);
        assertThat(cluster.replica(1).membershipFirstSlot()).isEqualTo(3 + 10);
        assertThat(cluster.replica(1).commitIndex()).isEqualTo(2 + 10);
        assertThat(readsOf(1)).isEmpty();

        cluster.run(2 * HandCluster.HEARTBEAT);
        assertThat(readsOf(1)).hasSize(1);
    }

    @Test
    void whatDoesNotFitIsAskedAgain() {
        foundedOfThree();
        for (int i = 1; i <= ReadIndex.MOST_WAITING; i++) {
            cluster.replica(1).askIndex(MemberId.of(100 + i, 7), 1);
        }
        read(1, 1);
        cluster.deliver(Letter.any("Confirm", "Confirmed"));
        assertThat(waiting("Indexed")).isEqualTo(ReadIndex.MOST_WAITING);
        assertThat(readsOf(1)).isEmpty();
        cluster.drop(letter -> true);

        cluster.replica(1).endTurn();
        cluster.settle();

        assertThat(readsOf(1)).containsExactly("1@2");
    }

    @Test
    void soManyQuestionsAreOnTheirWayAndNoMore() {
        foundedOfThree();
        for (int i = 1; i <= 2 * ReadIndex.MOST_QUESTIONS; i++) {
            read(1, i);
        }
        assertThat(waiting("Confirm")).isEqualTo(2L * ReadIndex.MOST_QUESTIONS);

        cluster.settle();
        cluster.replica(1).endTurn();
        cluster.settle();

        assertThat(readsOf(1)).last().isEqualTo(2 * ReadIndex.MOST_QUESTIONS + "@2");
    }
}
