package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a node has granted, and who is held back by it. It is node 2, and node 1 leads. */
class GrantTest {
    private static final int TICKS = 100;
    private static final long LEADER = MemberId.of(1, 101);
    private static final long SELF = MemberId.of(2, 102);
    private static final long OTHER = MemberId.of(3, 103);
    private static final long BALLOT = Ballot.of(4, 1);
    private static final long NONCE = 1_000;

    private Grant grant = started(TICKS, 0);

    private static Grant started(int ticks, int before) {
        Grant grant = new Grant(HandCluster.configOf(2, 3, 2, 2, 10).leasing(ticks, before));
        grant.start(1_000);
        return grant;
    }

    private int heartbeat(long nonce, int asked) {
        return grant.give(LEADER, BALLOT, nonce, asked, true);
    }

    @Test
    void holdsOthersAndItselfBackButNotTheHolder() {
        assertThat(heartbeat(NONCE, TICKS)).isEqualTo(TICKS);
        grant.onTick(1_001);

        assertThat(grant.holdsBack(OTHER)).isTrue();
        assertThat(grant.holdsBack(SELF)).isTrue();
        assertThat(grant.holdsBack(LEADER)).isFalse();
    }

    @Test
    void runsFromTheFirstTickAfterTheLeaderWasHeard() {
        heartbeat(NONCE, TICKS);
        assertThat(grant.holdsBack(OTHER)).isTrue();

        // The process stood still between its last tick and what it heard.
        grant.onTick(5_000);
        grant.onTick(5_000 + TICKS - 1);
        assertThat(grant.holdsBack(OTHER)).isTrue();

        grant.onTick(5_000 + TICKS);
        assertThat(grant.holdsBack(OTHER)).isFalse();
    }

    @Test
    void nothingThatComesLaterMakesItShorter() {
        heartbeat(NONCE, TICKS);
        grant.onTick(1_001);
        assertThat(heartbeat(NONCE + 1, 10)).isEqualTo(10);
        grant.onTick(1_002);

        grant.onTick(1_001 + TICKS - 1);
        assertThat(grant.holdsBack(OTHER)).isTrue();
    }

    @Test
    void grantsNoMoreThanItsOwnSettingWhateverIsAskedFor() {
        assertThat(heartbeat(NONCE, Integer.MAX_VALUE)).isEqualTo(TICKS);
        grant.onTick(1_001);

        grant.onTick(1_001 + TICKS);
        assertThat(grant.holdsBack(OTHER)).isFalse();
    }

    @Test
    void grantsNothingWhereLeasesAreOff() {
        grant = started(0, 0);

        assertThat(heartbeat(NONCE, TICKS)).isZero();
        assertThat(grant.holdsBack(OTHER)).isFalse();
    }

    @Test
    void grantsNothingToWhomNoAcceptQuorumAnswersAsItIsToBeReplaced() {
        assertThat(grant.give(LEADER, BALLOT, NONCE, TICKS, false)).isZero();

        assertThat(grant.holdsBack(OTHER)).isFalse();
    }

    @Test
    void grantsNothingToAnotherBeforeTheFirstHasRunOut() {
        heartbeat(NONCE, TICKS);
        grant.onTick(1_001);

        assertThat(grant.give(OTHER, Ballot.of(5, 3), 7, TICKS, true)).isZero();
        assertThat(grant.holdsBack(OTHER)).isTrue();

        grant.onTick(1_001 + TICKS);
        assertThat(grant.give(OTHER, Ballot.of(5, 3), 8, TICKS, true)).isEqualTo(TICKS);
        assertThat(grant.holdsBack(LEADER)).isTrue();
    }

    @Test
    void isOverWhenTheLeaderGivesItUp() {
        heartbeat(NONCE, TICKS);
        assertThat(heartbeat(NONCE + 1, 0)).isZero();

        assertThat(grant.holdsBack(OTHER)).isFalse();
    }

    @Test
    void aHeartbeatThatWasOvertakenNeitherEndsNorBeginsOne() {
        heartbeat(NONCE + 5, TICKS);
        heartbeat(NONCE + 4, 0);
        assertThat(grant.holdsBack(OTHER)).isTrue();

        heartbeat(NONCE + 6, 0);
        assertThat(heartbeat(NONCE + 3, TICKS)).isZero();
        assertThat(grant.holdsBack(OTHER)).isFalse();
    }

    @Test
    void isOverWhenItsLeaderHasHandedOverAndStaysSo() {
        heartbeat(NONCE, TICKS);
        grant.givenUp(Ballot.of(3, 1));
        assertThat(grant.holdsBack(OTHER)).isTrue();

        grant.givenUp(BALLOT);
        assertThat(heartbeat(NONCE + 1, TICKS)).isZero();
        assertThat(grant.holdsBack(OTHER)).isFalse();
    }

    @Test
    void whoStartsHelpsNobodyUntilAllThatItMayHaveGrantedHasRunOut() {
        grant = started(TICKS, 300);

        grant.onTick(1_299);
        assertThat(grant.holdsBack(OTHER)).isTrue();
        assertThat(grant.holdsBack(LEADER)).isTrue();

        grant.onTick(1_300);
        assertThat(grant.holdsBack(OTHER)).isFalse();
    }

    @Test
    void waitsAlsoWhereLeasesWereSwitchedOff() {
        grant = started(0, 300);

        assertThat(grant.holdsBack(OTHER)).isTrue();
    }
}
