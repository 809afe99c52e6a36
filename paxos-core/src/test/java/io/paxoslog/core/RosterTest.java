package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RosterTest {
    private final Roster roster = new Roster();
    private final List<String> told = new ArrayList<>();

    RosterTest() {
        roster.keptBy(
                new Roster.Keeper() {
                    @Override
                    public void joined(int number, long member, String address) {
                        told.add("joined " + number + " " + MemberId.text(member) + " " + address);
                    }

                    @Override
                    public void left(int number, long member) {
                        told.add("left " + number + " " + MemberId.text(member));
                    }
                });
    }

    private static long member(int node) {
        return MemberId.of(node, 16 + node);
    }

    @Test
    void aNumberStaysWhateverBecomesOfOthers() {
        roster.add(member(1), "a");
        roster.add(member(2), "b");
        roster.add(member(3), "c");

        roster.retain(0b110);

        assertThat(roster.numberOf(1)).isEqualTo(Roster.NOBODY);
        assertThat(roster.numberOf(2)).isEqualTo(1);
        assertThat(roster.numberOf(3)).isEqualTo(2);
        assertThat(roster.all()).isEqualTo(0b110);
        assertThat(roster.end()).isEqualTo(3);
    }

    @Test
    void forgetsWhatWasKeptUnderANumberBeforeItIsGivenAway() {
        roster.add(member(1), "a");
        roster.add(member(2), "b");
        told.clear();

        roster.retain(0b10);
        assertThat(roster.add(member(7), "g")).isEqualTo(0b01);

        assertThat(told).containsExactly("left 0 1/11", "joined 0 7/17 g");
    }

    @Test
    void learnsWhoANodeIsOnceOnly() {
        roster.add(MemberId.of(1, 0), "a");
        roster.add(member(1), "a");
        roster.add(MemberId.of(1, 99), "a");

        assertThat(roster.member(0)).isEqualTo(member(1));
        assertThat(told).hasSize(1);
    }

    @Test
    void hasNumbersForAllMembersThereMayBeAndOneMore() {
        for (int node = 1; node <= Membership.MAX_MEMBERS + 1; node++) {
            roster.add(member(node), "");
        }

        assertThat(Integer.bitCount(roster.all())).isEqualTo(32);
        assertThat(roster.numberOf(32)).isEqualTo(31);
        assertThatIllegalStateException().isThrownBy(() -> roster.add(member(33), ""));
    }
}
