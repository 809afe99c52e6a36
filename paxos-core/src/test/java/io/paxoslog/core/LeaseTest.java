package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Until when a leader counts on what it was granted. It has number 0. */
class LeaseTest {
    private static final int TICKS = 100;
    private static final int COUNTED = 88;
    private static final int OWN = 0;
    private static final long NONCE = 77;

    private final Lease lease = new Lease(TICKS);
    private final Tenure three = tenure(0b111, 2);

    private static Tenure tenure(int voters, int prepareQuorum) {
        int size = Integer.bitCount(voters);
        long[] identities =
                LongStream.rangeClosed(1, size)
                        .map(id -> MemberId.of((int) id, 100 + id))
                        .toArray();
        ReplicaConfig config = HandCluster.configOf(1, size, prepareQuorum, size, 10);
        return new Tenure(1, 2, Membership.genesis(config, identities), voters, voters);
    }

    @BeforeEach
    void begin() {
        lease.begin(NONCE);
    }

    @Test
    void countsFromWhenItAskedAndForLess() {
        assertThat(lease.ask(NONCE, 1_000)).isEqualTo(TICKS);
        lease.granted(1, NONCE, TICKS);

        assertThat(lease.runs(three, OWN, 1_000 + COUNTED - 1)).isTrue();
        assertThat(lease.runs(three, OWN, 1_000 + COUNTED)).isFalse();
    }

    @Test
    void needsSoManyThatEachPrepareQuorumHasOne() {
        Tenure five = tenure(0b11111, 3);
        lease.ask(NONCE, 1_000);
        lease.granted(1, NONCE, TICKS);
        assertThat(lease.runs(five, OWN, 1_001)).isFalse();

        lease.granted(4, NONCE, TICKS);
        assertThat(lease.runs(five, OWN, 1_001)).isTrue();
    }

    @Test
    void countsOnlyVotersOfTheMembershipThatMatters() {
        lease.ask(NONCE, 1_000);
        lease.granted(1, NONCE, TICKS);
        lease.granted(2, NONCE, TICKS);

        assertThat(lease.runs(tenure(0b11001, 2), OWN, 1_001)).isFalse();
        assertThat(lease.runs(tenure(0b11010, 2), OWN, 1_001)).isFalse();
    }

    @Test
    void whatWasGrantedToAnEarlierBallotDoesNotCount() {
        lease.ask(NONCE, 1_000);
        lease.begin(NONCE + 1);
        lease.ask(NONCE + 1, 1_001);

        lease.granted(1, NONCE, TICKS);
        assertThat(lease.runs(three, OWN, 1_002)).isFalse();

        lease.granted(1, NONCE + 1, TICKS);
        assertThat(lease.runs(three, OWN, 1_002)).isTrue();
    }

    @Test
    void anAnswerToWhatWasNotAskedDoesNotCount() {
        lease.ask(NONCE, 1_000);
        lease.granted(1, NONCE + 1, TICKS);
        lease.granted(1, NONCE + Lease.REMEMBERED, TICKS);

        assertThat(lease.runs(three, OWN, 1_001)).isFalse();
    }

    @Test
    void anAnswerToAHeartbeatOfWhichItIsNotKnownWhenItLeftDoesNotCount() {
        for (int i = 0; i <= Lease.REMEMBERED; i++) {
            lease.ask(NONCE + i, 1_000 + i);
        }
        lease.granted(1, NONCE, TICKS);

        assertThat(lease.runs(three, OWN, 1_000)).isFalse();
    }

    @Test
    void anAnswerToAnEarlierHeartbeatCountsFromWhenThatOneLeft() {
        lease.ask(NONCE, 1_000);
        lease.ask(NONCE + 1, 1_050);
        lease.granted(1, NONCE, TICKS);

        assertThat(lease.runs(three, OWN, 1_000 + COUNTED)).isFalse();
    }

    @Test
    void nobodyGrantsMoreThanWasAskedFor() {
        lease.ask(NONCE, 1_000);
        lease.granted(1, NONCE, Integer.MAX_VALUE);

        assertThat(lease.runs(three, OWN, 1_000 + COUNTED)).isFalse();
    }

    @Test
    void givenUpItCountsOnNothingThatComesLater() {
        lease.ask(NONCE, 1_000);
        lease.granted(1, NONCE, TICKS);
        lease.giveUp();
        assertThat(lease.runs(three, OWN, 1_001)).isFalse();
        assertThat(lease.ask(NONCE + 1, 1_001)).isZero();

        lease.granted(2, NONCE, TICKS);
        assertThat(lease.runs(three, OWN, 1_001)).isFalse();
    }

    @Test
    void whoMustPromiseItselfNeedsNobodyElse() {
        lease.ask(NONCE, 1_000);

        assertThat(lease.runs(tenure(0b111, 3), OWN, 1_001)).isTrue();
        assertThat(new Lease(0).runs(tenure(0b111, 3), OWN, 1_001)).isFalse();
    }

    @Test
    void whoLeavesGrantsNothingToWhoeverComesUnderItsNumber() {
        lease.ask(NONCE, 1_000);
        lease.granted(1, NONCE, TICKS);

        lease.left(1, MemberId.of(2, 102));

        assertThat(lease.runs(three, OWN, 1_001)).isFalse();
    }
}
