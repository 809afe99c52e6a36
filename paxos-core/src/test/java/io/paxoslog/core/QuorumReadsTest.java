package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Reads that go on without the leader, which is node 1 as long as it is there. */
class QuorumReadsTest {
    private HandCluster cluster;

    private void founded(HandCluster newCluster) {
        cluster = newCluster.founded();
        assertThat(cluster.replica(2).commitIndex()).isEqualTo(2);
    }

    private void foundedOfThree() {
        founded(new HandCluster(3));
    }

    private void read(int id, long ticket) {
        cluster.replica(id).readByQuorum(ticket);
        cluster.replica(id).endTurn();
    }

    private List<String> readsOf(int id) {
        return cluster.node(id).quorumReads;
    }

    @Test
    void goOnWithoutTheLeaderWhileNothingIsOpen() {
        foundedOfThree();
        cluster.node(1).isUp = false;

        read(2, 1);
        assertThat(readsOf(2)).isEmpty();
        cluster.settle();

        assertThat(readsOf(2)).containsExactly("1@2");
    }

    @Test
    void oneQuestionToEachVoterIsForAllReadsOfATurn() {
        foundedOfThree();

        cluster.replica(2).readByQuorum(1);
        cluster.replica(2).readByQuorum(2);
        read(2, 9);
        cluster.replica(2).endTurn();

        assertThat(cluster.waiting()).hasSize(3).allMatch(letter -> letter.is("AskHighest"));
        cluster.settle();
        assertThat(readsOf(2)).containsExactly("9@2");
    }

    @Test
    void aTicketIsNotUsedAgain() {
        foundedOfThree();
        cluster.replica(1).readByQuorum(5);

        assertThatThrownBy(() -> cluster.replica(1).readByQuorum(4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4 comes after 5");
    }

    @Test
    void theReadsOfTheLeaderItselfWaitForItsOwnCount() {
        foundedOfThree();
        cluster.propose(1, "b");
        cluster.deliver(Letter.any("Accept"));
        cluster.drop(letter -> letter.is("Accepted"));

        read(1, 1);
        cluster.deliver(Letter.any("AskHighest", "Highest"));
        assertThat(readsOf(1)).isEmpty();
        cluster.settle();
        cluster.replica(1).endTurn();

        assertThat(readsOf(1)).containsExactly("1@3");
    }

    @Test
    void whatTheLeaderAloneKnewChosenIsShownSoByVotes() {
        foundedOfThree();
        cluster.propose(1, "acknowledged");
        cluster.deliver(Letter.any("Accept", "Accepted"));
        assertThat(cluster.replica(1).commitIndex()).isEqualTo(3);
        cluster.node(1).isUp = false;
        assertThat(cluster.replica(2).commitIndex()).isEqualTo(2);

        read(2, 1);
        cluster.settle();
        cluster.replica(2).endTurn();

        assertThat(readsOf(2)).containsExactly("1@3");
        assertThat(cluster.node(2).committed).endsWith("2:a", "3:acknowledged");
    }

    @Test
    void whatIsNotShownChosenIsWaitedForUntilTheNextLeader() {
        foundedOfThree();
        cluster.propose(1, "open");
        cluster.deliver(letter -> letter.is("Accept") && letter.to() == 2);
        cluster.drop(letter -> true);
        cluster.node(1).isUp = false;

        read(2, 1);
        cluster.settle();
        cluster.replica(2).endTurn();
        assertThat(readsOf(2)).isEmpty();

        cluster.run(4 * HandCluster.ELECTION_TIMEOUT);
        assertThat(readsOf(2)).hasSize(1);
        assertThat(cluster.node(2).committed).contains("3:open");
    }

    @Test
    void votesUnderDifferentBallotsShowNothing() {
        founded(new HandCluster(5));
        cluster.propose(1, "open");
        cluster.deliver(letter -> letter.is("Accept") && letter.to() <= 2);
        cluster.drop(letter -> true);
        cluster.elect(3, 3, 4, 5);
        cluster.drop(letter -> true);
        cluster.propose(3, "other");
        cluster.deliverOnce(letter -> letter.is("Accept") && List.of(3, 4).contains(letter.to()));
        cluster.drop(letter -> true);

        read(4, 1);
        cluster.deliver(HandCluster.among(3, 4));
        cluster.settle();
        cluster.replica(4).endTurn();

        // Four voted on slot 3, two of them on another value.
        assertThat(cluster.replica(4).lastSlot()).isEqualTo(3);
        assertThat(cluster.replica(4).commitIndex()).isEqualTo(2);
    }

    /**
     * Two of three, as far as node 3 knows; three of five, by an entry that it is about to learn.
     */
    @Test
    void votesShowNothingBeyondTheSlotsWhoseMembersAreKnown() {
        founded(new HandCluster(3, 2, 2, 10));
        cluster.join();
        cluster.join();
        assertThat(cluster.replica(1).change(cluster.changeTo(1, 1, 2, 3, 4, 5))).isTrue();
        for (int i = 0;
                i < 100 && cluster.waiting().stream().noneMatch(Letter.to(3, "Accept"));
                i++) {
            cluster.pass(10, 1, 2, 3, 4, 5);
            cluster.deliver(letter -> !letter.is("Accept"));
        }
        Letter entry = cluster.waiting().stream().filter(Letter.to(3, "Accept")).findFirst().get();
        assertThat(entry.text()).contains("slot=3 ");
        cluster.drop(entry::equals);
        cluster.deliverOnce(Letter.any("Accept"));
        cluster.deliverOnce(Letter.any("Accepted"));
        assertThat(cluster.replica(1).lastSlot()).isEqualTo(13);
        cluster.deliverOnce(
                letter -> letter.is("Accept") && (letter.to() == 1 || letter.to() == 3));
        cluster.drop(letter -> true);
        cluster.hear(entry);
        assertThat(cluster.replica(3).commitIndex()).isEqualTo(2);
        assertThat(cluster.replica(3).lastSlot()).isEqualTo(13);

        read(3, 1);
        cluster.deliver(HandCluster.among(1, 3));
        assertThat(cluster.replica(3).commitIndex()).isEqualTo(12);
        cluster.settle();

        assertThat(cluster.replica(3).commitIndex()).isEqualTo(12);
    }

    @Test
    void askSoManyThatEachAcceptQuorumHasOne() {
        founded(new HandCluster(5, 2, 4, 1000));
        read(2, 1);
        cluster.deliver(Letter.to(3, "AskHighest"));
        cluster.deliver(Letter.from(3, "Highest"));
        assertThat(readsOf(2)).isEmpty();
        cluster.deliver(Letter.to(4, "AskHighest"));
        cluster.deliver(Letter.from(4, "Highest"));
        assertThat(readsOf(2)).containsExactly("1@2");
    }

    /** On an old copy this node does not know that it was told more before; others do. */
    @Test
    void noNodeTakesItsOwnWordAlone() {
        founded(new HandCluster(3, 1, 3, 1000));
        read(2, 1);
        cluster.deliver(HandCluster.among(2));
        assertThat(readsOf(2)).isEmpty();

        cluster.deliver(HandCluster.among(2, 3));

        assertThat(readsOf(2)).containsExactly("1@2");
    }

    @Test
    void whoVotesAloneAsksNobodyElse() {
        cluster = new HandCluster(1).founded();

        read(1, 1);
        cluster.settle();

        assertThat(readsOf(1)).hasSize(1);
    }

    @Test
    void oneTooFewIsNotEnough() {
        founded(new HandCluster(5));
        // Slot 3 is chosen by nodes 1, 4 and 5; nodes 2 and 3 know nothing of it.
        cluster.propose(1, "b");
        cluster.deliver(HandCluster.among(1, 4, 5));
        cluster.drop(letter -> true);
        assertThat(cluster.replica(1).commitIndex()).isEqualTo(3);

        read(2, 1);
        cluster.deliver(HandCluster.among(2, 3));

        assertThat(readsOf(2)).isEmpty();
    }

    @Test
    void doNotWaitForWhatCannotHaveBeenChosen() {
        foundedOfThree();
        cluster.propose(1, "unfinished");
        cluster.deliver(letter -> letter.is("Accept") && letter.to() == 1);
        cluster.drop(letter -> true);

        read(2, 1);
        cluster.deliver(letter -> letter.from() != 3 && letter.to() != 3);
        assertThat(readsOf(2)).isEmpty();
        cluster.settle();

        assertThat(readsOf(2)).containsExactly("1@2");
    }

    @Test
    void laterAnswersHoldUpNoEarlierRead() {
        foundedOfThree();
        read(2, 1);
        cluster.deliverOnce(Letter.to(2, "AskHighest"));
        cluster.deliverOnce(Letter.to(3, "AskHighest"));
        cluster.deliverOnce(Letter.from(2, "Highest"));
        cluster.propose(1, "b");
        cluster.deliverOnce(letter -> letter.is("Accept") && letter.to() != 3);
        read(2, 2);
        cluster.deliver(Letter.to(2, "AskHighest"));
        cluster.deliver(Letter.from(2, "Highest"));
        cluster.deliver(Letter.from(3, "Highest"));

        assertThat(readsOf(2)).containsExactly("1@2");
    }

    @Test
    void waitForTheHighestThatWasHeardOf() {
        foundedOfThree();
        cluster.propose(1, "b");
        cluster.deliver(HandCluster.among(1, 3));
        cluster.drop(letter -> true);
        cluster.node(1).isUp = false;

        read(2, 1);
        cluster.deliver(Letter.any("AskHighest", "Highest"));

        // Node 3 told of slot 3, which node 2 does not hold.
        assertThat(readsOf(2)).isEmpty();
    }

    @Test
    void anAnswerToAnEarlierQuestionCountsForNoLaterRead() {
        foundedOfThree();
        read(2, 1);
        cluster.deliver(Letter.any("AskHighest"));
        List<Letter> late = cluster.waiting().stream().filter(Letter.any("Highest")).toList();
        cluster.drop(letter -> true);
        cluster.propose(1, "b");
        cluster.deliver(HandCluster.among(1, 3));
        cluster.drop(letter -> true);

        cluster.replica(2).readByQuorum(2);
        late.forEach(cluster::hear);
        cluster.replica(2).endTurn();
        late.forEach(cluster::hear);

        assertThat(late).hasSize(3);
        assertThat(readsOf(2)).containsExactly("1@2");
    }

    @Test
    void anAnswerToAnEarlierStartIsNotOneToThis() {
        foundedOfThree();
        read(2, 1);
        cluster.deliver(Letter.any("AskHighest"));
        List<Letter> late = cluster.waiting().stream().filter(Letter.any("Highest")).toList();
        cluster.drop(letter -> true);

        cluster.restartDrawing(2, new NonceKey(8, 9));
        read(2, 1);
        late.forEach(cluster::hear);

        assertThat(readsOf(2)).isEmpty();
    }

    @Test
    void whoIsNotHeardIsAskedAgain() {
        foundedOfThree();
        read(2, 1);
        cluster.drop(letter -> true);

        cluster.pass(HandCluster.HEARTBEAT, 2);

        assertThat(cluster.waiting().stream().filter(Letter.any("AskHighest"))).hasSize(3);
        cluster.settle();
        assertThat(readsOf(2)).containsExactly("1@2");
    }

    @Test
    void whoReturnsTellsNothing() {
        foundedOfThree();
        cluster.losePower(3, cluster.replica(1).ballot());
        cluster.node(1).isUp = false;
        cluster.drop(letter -> true);

        read(2, 1);
        cluster.settle();

        assertThat(readsOf(2)).isEmpty();
    }

    @Test
    void whatIsShownToOthersTheLeadersReadsWaitFor() {
        foundedOfThree();
        cluster.propose(1, "b");
        cluster.deliver(Letter.any("Accept"));
        cluster.drop(letter -> letter.is("Accepted"));
        read(2, 1);
        cluster.deliver(letter -> letter.from() != 1 && letter.to() != 1);
        cluster.replica(2).endTurn();
        assertThat(readsOf(2)).containsExactly("1@3");
        assertThat(cluster.replica(1).commitIndex()).isEqualTo(2);
        cluster.drop(letter -> true);

        cluster.replica(1).read(1);
        cluster.replica(1).endTurn();
        cluster.deliver(Letter.any("Confirm", "Confirmed"));

        assertThat(cluster.node(1).reads).isEmpty();
        cluster.run(2 * HandCluster.HEARTBEAT);
        assertThat(cluster.node(1).reads).containsExactly("1@3");
    }

    @Test
    void whoseMembershipPassedMeanwhileDoesNotCountForTheNext() {
        founded(new HandCluster(3, 2, 2, 10));
        for (int i = 0; i < 3; i++) {
            cluster.join();
        }
        assertThat(cluster.replica(1).change(cluster.changeTo(1, 1, 4, 5, 6))).isTrue();
        Predicate<Letter> isNews =
                letter -> letter.to() == 3 && !Letter.any("AskHighest", "Highest").test(letter);
        // Node 3 hears nothing of it.
        for (int i = 0; i < 40; i++) {
            cluster.pass(10, 1, 2, 4, 5, 6);
            cluster.drop(isNews);
            cluster.deliver(isNews.negate());
        }
        long first = cluster.replica(1).membershipFirstSlot();
        assertThat(cluster.replica(1).commitIndex()).isGreaterThanOrEqualTo(first);
        cluster.drop(letter -> true);
        long known = first - 1;

        // Then it hears of all up to the last slot of the membership that it was in.
        read(3, 1);
        for (int id = 1; id <= 2; id++) {
            cluster.replica(3).highest(cluster.node(id).config.self(), numberOfRead(), known);
        }
        cluster.node(1).sendChosen(3, cluster.replica(3).commitIndex() + 1, known);
        cluster.deliver(letter -> letter.is("Chosen") && letter.to() == 3);
        cluster.replica(3).endTurn();

        assertThat(cluster.replica(3).commitIndex()).isEqualTo(known);
        assertThat(readsOf(3)).isEmpty();
    }

    /** The number that a waiting question of node 3 is asked with. */
    private long numberOfRead() {
        Letter question =
                cluster.waiting().stream().filter(Letter.from(3, "AskHighest")).findAny().get();
        return Long.parseUnsignedLong(question.text().split(" ", -1)[1], 16);
    }
}
