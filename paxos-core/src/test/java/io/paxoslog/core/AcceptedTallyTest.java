package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How far each member has accepted a ballot, and what that chooses. */
class AcceptedTallyTest {
    private static final Quorum TWO = new Quorum(2);
    private final AcceptedTally tally = new AcceptedTally();

    @Test
    void winsNothingWithoutAQuorum() {
        tally.accepted(0, 9);

        assertThat(tally.wonUpTo(0b111, TWO)).isZero();
    }

    @Test
    void winsUpToWhereAQuorumHasCome() {
        tally.accepted(0, 9);
        tally.accepted(1, 4);
        tally.accepted(2, 6);

        assertThat(tally.wonUpTo(0b111, TWO)).isEqualTo(6);
        assertThat(tally.wonUpTo(0b111, new Quorum(3))).isEqualTo(4);
        assertThat(tally.wonUpTo(0b111, new Quorum(1))).isEqualTo(9);
    }

    @Test
    void countsAMemberOnceHoweverOftenItVotes() {
        tally.accepted(1, 5);
        tally.accepted(1, 5);

        assertThat(tally.wonUpTo(0b111, TWO)).isZero();
    }

    @Test
    void doesNotFallWithALateVote() {
        tally.accepted(0, 9);
        tally.accepted(1, 9);

        tally.accepted(1, 3);

        assertThat(tally.wonUpTo(0b111, TWO)).isEqualTo(9);
    }

    @Test
    void leavesOutWhoIsNoMember() {
        tally.accepted(0, 9);
        tally.accepted(3, 9);

        assertThat(tally.wonUpTo(0b111, TWO)).isZero();
    }

    @Test
    void startsAgainWithEachBallot() {
        tally.accepted(0, 9);
        tally.accepted(1, 9);

        tally.begin();

        assertThat(tally.wonUpTo(0b111, TWO)).isZero();
    }

    @Test
    void countsTheLastOfTheMostMembersThereMayBe() {
        for (int i = 15; i < Membership.MAX_MEMBERS; i++) {
            tally.accepted(i, 7);
        }

        assertThat(tally.wonUpTo(-1 >>> 1, new Quorum(16))).isEqualTo(7);
        assertThat(tally.wonUpTo(-1 >>> 1, new Quorum(17))).isZero();
    }
}
