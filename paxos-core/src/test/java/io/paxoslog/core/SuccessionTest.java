package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SuccessionTest {
    private static final int LIMIT = 10;

    private final Succession succession = new Succession();
    private final Membership genesis = Roles.genesis(HandCluster.configOf(1, 3, 2, 2, LIMIT));

    /** What a membership becomes with these nodes, made from the entry at a slot. */
    static Membership after(Membership before, long previous, int limit, int... nodes) {
        int majority = ReplicaConfig.majorityOf(nodes.length);
        return before.after(
                new Change(
                        previous,
                        Arrays.stream(nodes)
                                .mapToObj(i -> new Change.Member(MemberId.of(i, 100 + i), "h:" + i))
                                .toList(),
                        majority,
                        majority,
                        limit));
    }

    @Test
    void theFoundingOneGovernsItsOwnSlot() {
        assertThat(succession.adopt(1, genesis)).isTrue();

        assertThat(succession.slot()).isEqualTo(1);
        assertThat(succession.firstSlot()).isEqualTo(1);
        assertThat(succession.older()).isNull();
    }

    @Test
    void isInForceAWindowAfterItsEntry() {
        succession.adopt(1, genesis);

        assertThat(succession.adopt(5, after(genesis, 1, 3, 1, 2, 4))).isTrue();

        assertThat(succession.slot()).isEqualTo(5);
        assertThat(succession.firstSlot()).isEqualTo(5 + LIMIT);
        assertThat(succession.older()).isSameAs(genesis);
    }

    @Test
    void isVoidWhileAnotherOneIsPending() {
        succession.adopt(1, genesis);
        Membership next = after(genesis, 1, 3, 1, 2, 4);
        succession.adopt(5, next);

        assertThat(succession.adopt(14, after(next, 5, 3, 1, 2))).isFalse();
        assertThat(succession.adopt(15, after(next, 5, 3, 1, 2))).isTrue();
        assertThat(succession.firstSlot()).isEqualTo(15 + 3);
    }

    @Test
    void isVoidWhenMadeFromAnotherOne() {
        succession.adopt(1, genesis);
        Membership next = after(genesis, 1, 3, 1, 2, 4);
        succession.adopt(5, next);

        assertThat(succession.adopt(20, after(next, 1, 3, 1, 2))).isFalse();
        assertThat(succession.adopt(20, after(next, 15, 3, 1, 2))).isFalse();
        assertThat(succession.adopt(20, after(next, 5, 3, 1, 2))).isTrue();
    }

    @Test
    void isVoidWhenItUsesAnIdAgain() {
        succession.adopt(1, genesis);
        Membership without = after(genesis, 1, LIMIT, 1, 2);
        succession.adopt(5, without);

        assertThat(without.highestNode()).isEqualTo(3);
        assertThat(succession.adopt(20, after(without, 5, LIMIT, 1, 2, 3))).isFalse();
        assertThat(succession.adopt(20, after(without, 5, LIMIT, 1, 2, 4))).isTrue();
    }

    @Test
    void takesNoneAgainAndNoneOutOfOrder() {
        succession.adopt(1, genesis);

        assertThat(succession.adopt(1, genesis)).isFalse();
        assertThat(succession.adopt(5, genesis)).isFalse();
    }

    @Test
    void beginsWithTheFoundingOneOnly() {
        assertThat(succession.adopt(5, after(genesis, 1, 3, 1, 2))).isFalse();
    }

    @Test
    void theLastTwoAreAllItTakes() {
        Membership second = after(genesis, 1, 3, 1, 2, 4);
        Membership third = after(second, 5, 7, 1, 4);
        Succession from = new Succession();
        from.recover(5, second);
        from.recover(40, third);
        succession.adopt(1, genesis);
        succession.adopt(5, second);
        succession.adopt(40, third);

        assertThat(from.firstSlot()).isEqualTo(succession.firstSlot()).isEqualTo(43);
        assertThat(from.olderSlot()).isEqualTo(succession.olderSlot()).isEqualTo(5);
        Membership fourth = after(third, 40, 2, 1, 4, 5);
        assertThat(from.adopt(43, fourth)).isTrue();
        assertThat(succession.adopt(43, fourth)).isTrue();
        assertThat(from.firstSlot()).isEqualTo(succession.firstSlot()).isEqualTo(50);
    }
}
