package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** A node id and the incarnation of its directory in one number. */
class MemberIdTest {
    @Test
    void givesBackNodeAndIncarnation() {
        long member = MemberId.of(Ballot.MAX_NODE, MemberId.MAX_INCARNATION);

        assertThat(MemberId.node(member)).isEqualTo(Ballot.MAX_NODE);
        assertThat(MemberId.incarnation(member)).isEqualTo(MemberId.MAX_INCARNATION);
        assertThat(member).isPositive();
    }

    @Test
    void differsFromTheSameNodeWithAnotherDirectory() {
        assertThat(MemberId.of(1, 7)).isNotEqualTo(MemberId.of(1, 8));
    }

    @Test
    void mayBeWithoutIncarnation() {
        assertThat(MemberId.incarnation(MemberId.of(3, 0))).isZero();
    }

    @Test
    void refusesNodesAndIncarnationsThatDoNotFit() {
        assertThatIllegalArgumentException().isThrownBy(() -> MemberId.of(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> MemberId.of(Ballot.MAX_NODE + 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> MemberId.of(1, -1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemberId.of(1, MemberId.MAX_INCARNATION + 1));
    }

    @Test
    void readsAsNodeAndIncarnationInHex() {
        assertThat(MemberId.text(MemberId.of(2, 255))).isEqualTo("2/ff");
    }
}
