package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class MembershipsTest {
    private static final int LIMIT = 10;

    private final ReplicaConfig config = HandCluster.configOf(1, 3, 2, 2, LIMIT);
    private final Memberships memberships = new Memberships(config);
    private final Membership genesis = Roles.genesis(config);

    private boolean adopt(long at, Membership entry) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[entry.encodedLength()]);
        entry.encode(buffer, 0);
        boolean isValid = memberships.adopt(at, buffer, 0, buffer.capacity());
        memberships.reached(at);
        return isValid;
    }

    private void recover(long at, Membership entry) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[entry.encodedLength()]);
        entry.encode(buffer, 0);
        memberships.recover(at, buffer, 0, buffer.capacity());
    }

    private Membership next(int limit, int... nodes) {
        return SuccessionTest.after(genesis, 1, limit, nodes);
    }

    @Test
    void isInForceWhenTheSlotBeforeItsFirstIsKnown() {
        adopt(1, genesis);
        adopt(5, next(LIMIT, 1, 2, 4));

        assertThat(memberships.current().size()).isEqualTo(3);
        assertThat(memberships.now().slot()).isEqualTo(1);
        assertThat(memberships.next().firstSlot()).isEqualTo(15);
        assertThat(memberships.lastGoverned()).isEqualTo(14);
        memberships.reached(13);
        assertThat(memberships.now().slot()).isEqualTo(1);

        memberships.reached(14);

        assertThat(memberships.now().slot()).isEqualTo(5);
        assertThat(memberships.next()).isNull();
    }

    @Test
    void keepsTheNumbersOfThoseWhoStay() {
        adopt(1, genesis);
        adopt(5, next(LIMIT, 2, 4));

        assertThat(memberships.numberOf(MemberId.of(2, 102))).isEqualTo(1);
        assertThat(memberships.numberOf(MemberId.of(4, 104))).isEqualTo(3);
        assertThat(memberships.next().members()).isEqualTo(0b1010);
        assertThat(memberships.voters()).isEqualTo(0b1111);
        memberships.reached(14);
        assertThat(memberships.voters()).isEqualTo(0b1010);
        assertThat(memberships.isVoter()).isFalse();
        assertThat(memberships.numberOf(MemberId.of(3, 103))).isEqualTo(2);
    }

    @Test
    void letsThoseGoWhoWereMembersBeforeTheLastTwo() {
        adopt(1, genesis);
        Membership second = next(LIMIT, 1, 2);
        adopt(5, second);
        memberships.reached(14);

        adopt(20, SuccessionTest.after(second, 5, LIMIT, 1, 4));

        assertThat(memberships.numberOf(MemberId.of(3, 103))).isEqualTo(Memberships.NOBODY);
        assertThat(memberships.numberOf(MemberId.of(4, 104))).isEqualTo(2);
    }

    @Test
    void keepsTheSmallerWindowOfAMembershipToCome() {
        adopt(1, genesis);
        assertThat(memberships.lastProposable(4)).isEqualTo(14);
        adopt(5, next(2, 1, 2, 3));

        assertThat(memberships.lastProposable(5)).isEqualTo(15);
        assertThat(memberships.lastProposable(13)).isEqualTo(16);
        memberships.reached(14);
        assertThat(memberships.lastProposable(14)).isEqualTo(16);
    }

    @Test
    void keepsTheSmallerWindowOfTheOneInForce() {
        adopt(1, genesis);
        adopt(5, next(100, 1, 2, 3));

        assertThat(memberships.lastProposable(13)).isEqualTo(23);
        memberships.reached(14);
        assertThat(memberships.lastProposable(14)).isEqualTo(114);
    }

    @Test
    void knowsBothAgainFromTheLastTwo() {
        Membership second = next(3, 1, 2, 4);
        Membership third = SuccessionTest.after(second, 5, 7, 1, 4);
        recover(5, second);
        recover(40, third);
        memberships.reached(40);

        assertThat(memberships.now().slot()).isEqualTo(5);
        assertThat(memberships.next().firstSlot()).isEqualTo(43);
        assertThat(memberships.isNextKnown()).isTrue();
        memberships.reached(42);
        assertThat(memberships.now().slot()).isEqualTo(40);
    }

    @Test
    void doesNotKnowWhatGovernsBelowTheOlderOfTheLastTwo() {
        adopt(1, genesis);
        Membership second = next(3, 1, 2, 4);
        recover(20, second);
        recover(40, SuccessionTest.after(second, 20, 7, 1, 4));
        memberships.reached(10);

        assertThat(memberships.isNextKnown()).isFalse();

        memberships.reached(30);
        assertThat(memberships.isNextKnown()).isTrue();
    }

    @Test
    void askEachMembershipInTheWindow() {
        adopt(1, genesis);
        adopt(5, next(LIMIT, 3, 4, 5));

        // 1, 2, 3 are numbers 0, 1, 2; 4 and 5 are 3 and 4.
        assertThat(memberships.couldPrepare(0b00111)).isFalse();
        assertThat(memberships.couldAccept(0b11000)).isFalse();
        assertThat(memberships.couldPrepare(0b01110)).isTrue();
        assertThat(memberships.couldAccept(0b11011)).isTrue();
    }

    @Test
    void learnersAreHeardUntilNobodyWantsThemAnyMore() {
        adopt(1, genesis);

        int members = memberships.learn(next(LIMIT, 1, 2, 4));
        assertThat(members).isEqualTo(0b1011);
        assertThat(memberships.voters()).isEqualTo(0b0111);

        memberships.dropLearners();
        assertThat(memberships.numberOf(MemberId.of(4, 104))).isEqualTo(Memberships.NOBODY);
        assertThat(memberships.roster().all()).isEqualTo(0b0111);
    }
}
