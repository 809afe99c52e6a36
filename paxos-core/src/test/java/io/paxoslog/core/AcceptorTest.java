package io.paxoslog.core;

import static io.paxoslog.core.Roles.B1;
import static io.paxoslog.core.Roles.B2;
import static io.paxoslog.core.Roles.B3;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Promises and votes. */
class AcceptorTest {
    private final Roles roles = new Roles();
    private final Acceptor acceptor = roles.acceptor;

    @Test
    void writesAPromiseDownBeforeItSaysIt() {
        acceptor.prepare(2, B2, 1);

        assertThat(roles.deeds)
                .containsExactly("promised 2.2", "2: Promise b=2.2 commit=0 slots=0");
    }

    @Test
    void saysAPromiseAgainWithoutWritingItAgain() {
        acceptor.prepare(2, B2, 1);
        roles.peers.said();

        acceptor.prepare(2, B2, 1);

        assertThat(roles.journal.lines()).containsExactly("promised 2.2");
        assertThat(roles.peers.said()).containsExactly("2: Promise b=2.2 commit=0 slots=0");
    }

    @Test
    void promisesWithEveryValueAboveTheSlotThatPrepareNamed() {
        acceptor.accept(1, Batches.commands(B1, 1, "a", "b", "c"), 1);
        acceptor.accept(1, Batches.commands(B1, 5, "e"), 1);
        roles.peers.said();

        acceptor.prepare(2, B2, 3);

        assertThat(roles.peers.said())
                .containsExactly(
                        "2: PromisedSlots b=2.2 held b=1.1 slot=3 c",
                        "2: PromisedSlots b=2.2 held b=1.1 slot=5 e",
                        "2: Promise b=2.2 commit=0 slots=2");
    }

    @Test
    void promisesWithNothingAtOrBelowItsCommitIndex() {
        acceptor.accept(1, Batches.commands(B1, 1, "a", "b", "c"), 1);
        roles.learner.chosenUpTo(B1, 2);
        roles.peers.said();

        acceptor.prepare(2, B2, 1);

        assertThat(roles.peers.said())
                .containsExactly(
                        "2: PromisedSlots b=2.2 held b=1.1 slot=3 c",
                        "2: Promise b=2.2 commit=2 slots=1");
    }

    @Test
    void countsTheSlotsOfANoOpRangeInAPromise() {
        acceptor.accept(1, Batches.noOps(B1, 1, 40), 1);
        roles.peers.said();

        acceptor.prepare(2, B2, 11);

        assertThat(roles.peers.said())
                .containsExactly(
                        "2: PromisedSlots b=2.2 held b=1.1 slot=11 no-op x30",
                        "2: Promise b=2.2 commit=0 slots=30");
    }

    @Test
    void letsTheJournalReportWhatHasLostItsBytes() {
        Roles small = new Roles(256);
        small.acceptor.accept(2, Batches.commands(B2, 5, "e"), 6);
        small.acceptor.accept(2, Batches.commands(B2, 6, "f"), 6);
        small.peers.said();

        small.acceptor.prepare(3, B3, 1);

        assertThat(small.peers.said())
                .containsExactly(
                        "3: stored PromisedSlots b=3.3 held b=2.2 5..5",
                        "3: PromisedSlots b=3.3 held b=2.2 slot=6 f",
                        "3: Promise b=3.3 commit=0 slots=2");
    }

    @Test
    void writesAValueDownBeforeItVotes() {
        acceptor.accept(2, Batches.commands(B2, 1, "a", "b"), 1);

        assertThat(roles.deeds)
                .containsExactly(
                        "promised 2.2", "accepted b=2.2 slot=1 a,b", "2: Accepted b=2.2 upTo=2");
    }

    @Test
    void votesAgainForWhatItHoldsWithoutWritingItAgain() {
        acceptor.accept(2, Batches.commands(B2, 1, "a"), 1);
        roles.peers.said();

        acceptor.accept(2, Batches.commands(B2, 1, "a"), 1);

        assertThat(roles.journal.lines())
                .containsExactly("promised 2.2", "accepted b=2.2 slot=1 a");
        assertThat(roles.peers.said()).containsExactly("2: Accepted b=2.2 upTo=1");
    }

    @Test
    void votesUpToTheFirstHoleAboveTheFloor() {
        acceptor.accept(2, Batches.commands(B2, 1, "a"), 1);
        acceptor.accept(2, Batches.commands(B2, 3, "c"), 1);

        assertThat(roles.peers.said()).last().isEqualTo("2: Accepted b=2.2 upTo=1");
    }

    @Test
    void votesPastAHoleOnceItIsFilled() {
        acceptor.accept(2, Batches.commands(B2, 1, "a"), 1);
        acceptor.accept(2, Batches.commands(B2, 3, "c"), 1);

        acceptor.accept(2, Batches.commands(B2, 2, "b"), 1);

        assertThat(roles.peers.said()).last().isEqualTo("2: Accepted b=2.2 upTo=3");
    }

    @Test
    void doesNotMindHolesBelowTheFloor() {
        acceptor.accept(2, Batches.commands(B2, 9, "i"), 9);

        assertThat(roles.peers.said()).containsExactly("2: Accepted b=2.2 upTo=9");
    }

    @Test
    void countsOnlyWhatItHoldsUnderThePresentBallot() {
        acceptor.accept(1, Batches.commands(B1, 1, "a", "b"), 1);

        acceptor.accept(2, Batches.commands(B2, 1, "a"), 1);

        assertThat(roles.peers.said()).last().isEqualTo("2: Accepted b=2.2 upTo=1");
    }

    @Test
    void countsWhatIsKnownChosenAsHeld() {
        roles.learner.chosen(Batches.commands(B1, 1, "a", "b"));

        acceptor.accept(2, Batches.commands(B2, 3, "c"), 1);

        assertThat(roles.peers.said()).containsExactly("2: Accepted b=2.2 upTo=3");
    }

    @Test
    void forgetsTheFloorOfALowerBallot() {
        acceptor.accept(1, Batches.commands(B1, 7, "g"), 7);
        roles.peers.said();

        acceptor.accept(2, Batches.commands(B2, 7, "g"), 5);

        assertThat(roles.peers.said()).containsExactly("2: Accepted b=2.2 upTo=4");
    }

    @Test
    void keepsTheHighestFloorOfABallot() {
        acceptor.hearFloor(B2, 7);

        acceptor.accept(2, Batches.commands(B2, 7, "g"), 5);

        assertThat(roles.peers.said()).containsExactly("2: Accepted b=2.2 upTo=7");
    }

    @Test
    void doesNotVoteBeforeItHasHeardAFloorAfterARestart() {
        acceptor.recoverAccepted(Batches.commands(B2, 1, "a"));

        acceptor.vote(2);

        assertThat(roles.peers.said()).isEmpty();
    }

    @Test
    void votesForWhatTheJournalHeldOnceAFloorIsHeard() {
        acceptor.recoverAccepted(Batches.commands(B2, 1, "a"));

        acceptor.hearFloor(B2, 1);
        acceptor.vote(2);

        assertThat(roles.peers.said()).containsExactly("2: Accepted b=2.2 upTo=1");
        assertThat(roles.journal.lines()).isEmpty();
    }

    @Test
    void takesTheLastSlotOfTheWindowAndRefusesTheNext() {
        // 100 slots may be open.
        acceptor.accept(2, Batches.commands(B2, 104, "in"), 5);
        acceptor.accept(2, Batches.commands(B2, 105, "out"), 5);

        assertThat(roles.journal.lines())
                .containsExactly("promised 2.2", "accepted b=2.2 slot=104 in");
    }

    /** A limit that is smaller since then must not shut out what its leader proposed before. */
    @Test
    void theWindowBeginsBehindWhatIsKnownChosenHere() {
        roles.learner.chosen(Batches.commands(B1, 1, "a"));

        acceptor.accept(2, Batches.commands(B2, 101, "in"), 1);
        acceptor.accept(2, Batches.commands(B2, 102, "out"), 1);

        assertThat(roles.journal.lines()).last().isEqualTo("accepted b=2.2 slot=101 in");
    }

    @Test
    void writesNothingForSlotsKnownChosen() {
        roles.learner.chosen(Batches.commands(B1, 1, "a"));

        acceptor.accept(2, Batches.commands(B2, 1, "other"), 1);

        assertThat(roles.journal.lines()).containsExactly("chosen b=none slot=1 a", "promised 2.2");
        assertThat(roles.peers.said()).containsExactly("2: Accepted b=2.2 upTo=1");
    }

    @Test
    void writesOnlyThePartOfABatchThatIsNotKnownChosen() {
        roles.learner.chosen(Batches.commands(B1, 1, "a"));

        acceptor.accept(2, Batches.commands(B2, 1, "a", "b"), 1);

        assertThat(roles.journal.lines()).last().isEqualTo("accepted b=2.2 slot=2 b");
    }

    @Test
    void writesNothingAgainForABatchWhoseBeginningIsKnownChosen() {
        acceptor.accept(2, Batches.commands(B2, 1, "a", "b"), 1);
        roles.learner.chosenUpTo(B2, 1);
        int records = roles.journal.size();

        acceptor.accept(2, Batches.commands(B2, 1, "a", "b"), 2);

        assertThat(roles.journal.size()).isEqualTo(records);
    }

    @Test
    void neitherWritesNorVotesWhenMemoryIsUsedUp() {
        Roles small = new Roles(256);
        small.acceptor.accept(2, Batches.commands(B2, 1, "a"), 1);
        small.peers.said();
        int records = small.journal.size();

        small.acceptor.accept(2, Batches.commands(B2, 2, "b"), 1);

        assertThat(small.journal.size()).isEqualTo(records);
        assertThat(small.peers.said()).isEmpty();
    }

    @Test
    void replacesTheValueOfALowerBallot() {
        acceptor.accept(1, Batches.commands(B1, 1, "old", "older"), 1);

        acceptor.accept(2, Batches.commands(B2, 1, "new"), 1);
        roles.peers.said();

        acceptor.prepare(3, B3, 1);
        assertThat(roles.peers.said())
                .containsExactly(
                        "3: PromisedSlots b=3.3 held b=2.2 slot=1 new",
                        "3: PromisedSlots b=3.3 held b=1.1 slot=2 older",
                        "3: Promise b=3.3 commit=0 slots=2");
    }
}
