package io.paxoslog.core;

import static io.paxoslog.core.Roles.B2;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How a leader keeps in touch: heartbeats, who answers, and what it sends again. */
class LeaderContactTest {
    private static final long BALLOT = SteppedLeader.BALLOT;
    private static final int TIMEOUT = SteppedLeader.TIMEOUT;

    private final SteppedLeader leader = new SteppedLeader();
    private final Roles roles = leader.roles();
    private final Leadership leadership = leader.leadership();

    @Test
    void sendsHeartbeatsAtTheirTime() {
        leader.lead();
        roles.peers.said();

        leadership.onTick(49);
        assertThat(roles.peers.said()).isEmpty();

        leadership.onTick(50);
        assertThat(roles.peers.said())
                .containsExactly("all: Heartbeat b=9.1 floor=2 last=1 connected");
    }

    @Test
    void saysInHeartbeatsThatNoQuorumAnswers() {
        leader.lead();
        roles.peers.said();

        leadership.onTick(TIMEOUT + 1);

        assertThat(roles.peers.said()).containsExactly("all: Heartbeat b=9.1 floor=2 last=1 alone");
    }

    @Test
    void isConnectedWhileAnAcceptQuorumAnswersWithinOneTimeout() {
        leader.lead();

        leadership.heard(0, 0, 0, 0, 0, 0, 0, 0, 100);
        leadership.heard(2, 0, 0, 0, 0, 0, 0, 0, 100);

        assertThat(leadership.isConnected(TIMEOUT + 100)).isTrue();
        assertThat(leadership.isConnected(TIMEOUT + 101)).isFalse();
    }

    @Test
    void countsVotesAsAnswers() {
        leader.lead();

        leadership.accepted(0, 0, 200);
        leadership.accepted(1, 0, 200);

        assertThat(leadership.isConnected(TIMEOUT + 200)).isTrue();
    }

    @Test
    void givesEverybodyOneTimeoutToAnswerANewLeader() {
        leader.lead();

        assertThat(leadership.isConnected(TIMEOUT)).isTrue();
        assertThat(leadership.isConnected(TIMEOUT + 1)).isFalse();
    }

    @Test
    void isStuckWhenOpenSlotsMakeNoProgressForThreeTimeouts() {
        leader.lead();
        leader.propose("a");

        assertThat(leadership.isStuck(3 * TIMEOUT)).isFalse();
        assertThat(leadership.isStuck(3 * TIMEOUT + 1)).isTrue();
    }

    @Test
    void isNotStuckWhenNothingIsOpen() {
        leader.lead();

        assertThat(leadership.isStuck(100 * TIMEOUT)).isFalse();
        leader.propose("a");
        assertThat(leadership.isStuck(101 * TIMEOUT)).isFalse();
    }

    @Test
    void isNotStuckWhileSomethingIsChosen() {
        leader.lead();
        leader.propose("a");
        leader.propose("b");
        roles.openSlots.put(Batches.commands(BALLOT, 2, "a"));
        leadership.accepted(0, 2, 2 * TIMEOUT);
        leadership.accepted(1, 2, 2 * TIMEOUT);

        assertThat(leadership.isStuck(5 * TIMEOUT)).isFalse();
        assertThat(leadership.isStuck(5 * TIMEOUT + 1)).isTrue();
    }

    @Test
    void sendsOpenSlotsAgainToWhoMissedThem() {
        leader.lead();
        leader.propose("a", "b");
        leader.propose("c");
        roles.openSlots.put(Batches.commands(BALLOT, 2, "a", "b"));
        roles.openSlots.put(Batches.commands(BALLOT, 4, "c"));
        roles.peers.said();

        leadership.resend(3, 3, 9);

        assertThat(roles.peers.said())
                .containsExactly(
                        "3: Accept b=9.1 slot=3 b floor=2", "3: Accept b=9.1 slot=4 c floor=2");
    }

    @Test
    void doesNotSendAgainWhatItHoldsUnderAnotherBallot() {
        leader.lead();
        roles.openSlots.put(Batches.commands(B2, 2, "old"));
        roles.peers.said();

        leadership.resend(3, 2, 9);

        assertThat(roles.peers.said()).isEmpty();
    }

    @Test
    void sendsAgainNoMoreThanWasAskedForAndNoMoreThanAStretch() {
        leader.lead();
        String large = "x".repeat(100_000);
        for (int i = 0; i < 8; i++) {
            leader.propose(large);
            roles.openSlots.put(Batches.commands(BALLOT, 2 + i, large));
        }
        roles.peers.said();

        leadership.resend(3, 2, 3);
        assertThat(roles.peers.said()).hasSize(2);

        leadership.resend(3, 2, 9);
        assertThat(roles.peers.said()).hasSize(3);
    }

    @Test
    void sendsNothingAgainForSlotsThatCannotBe() {
        leader.lead();
        leader.propose("a");
        roles.openSlots.put(Batches.commands(BALLOT, 2, "a"));
        roles.peers.said();

        leadership.resend(3, Long.MAX_VALUE, Long.MAX_VALUE);

        assertThat(roles.peers.said()).isEmpty();
    }
}
