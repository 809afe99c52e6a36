package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** Ballots are totally ordered and each belongs to one node. */
class BallotTest {
    @Test
    void comparesByRoundFirst() {
        assertThat(Ballot.of(2, 1)).isGreaterThan(Ballot.of(1, Ballot.MAX_NODE));
    }

    @Test
    void comparesByOwnerWithinARound() {
        assertThat(Ballot.of(2, 3)).isGreaterThan(Ballot.of(2, 2));
    }

    @Test
    void givesBackRoundAndOwner() {
        long highest = Ballot.of(Ballot.MAX_ROUND, Ballot.MAX_NODE);

        assertThat(Ballot.round(highest)).isEqualTo(Ballot.MAX_ROUND);
        assertThat(Ballot.owner(highest)).isEqualTo(Ballot.MAX_NODE);
        assertThat(highest).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void isAboveNoneFromTheFirst() {
        assertThat(Ballot.of(1, 1)).isGreaterThan(Ballot.NONE);
    }

    @Test
    void isInTheNextRoundAboveAnyBallotOfTheRoundBefore() {
        long next = Ballot.inNextRound(Ballot.of(4, Ballot.MAX_NODE), 1);

        assertThat(next).isEqualTo(Ballot.of(5, 1));
    }

    @Test
    void isInTheFirstRoundWhenNoneWasSeen() {
        assertThat(Ballot.inNextRound(Ballot.NONE, 3)).isEqualTo(Ballot.of(1, 3));
    }

    @Test
    void reachesTheLastRound() {
        assertThat(Ballot.inNextRound(Ballot.of(Ballot.MAX_ROUND - 1, 1), 2))
                .isEqualTo(Ballot.of(Ballot.MAX_ROUND, 2));
    }

    @Test
    void isNoneWhenRoundsAreUsedUp() {
        assertThat(Ballot.inNextRound(Ballot.of(Ballot.MAX_ROUND, 1), 2)).isEqualTo(Ballot.NONE);
    }

    @Test
    void refusesRoundsAndOwnersThatDoNotFit() {
        assertThatIllegalArgumentException().isThrownBy(() -> Ballot.of(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Ballot.of(Ballot.MAX_ROUND + 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Ballot.of(1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Ballot.of(1, Ballot.MAX_NODE + 1));
    }

    @Test
    void readsAsRoundAndOwner() {
        assertThat(Ballot.text(Ballot.of(12, 3))).isEqualTo("12.3");
    }
}
