package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Seat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeWarningsTest {
    private static final List<Change.Member> THREE = List.of(member(1), member(2), member(3));

    private static Change.Member member(int node) {
        return new Change.Member(MemberId.of(node, 7), "h:" + (9_000 + 10 * node));
    }

    private static List<String> warnings(List<Change.Member> before, Change.Member... members) {
        int voters = (int) List.of(members).stream().filter(one -> one.seat().votes()).count();
        int majority = voters / 2 + 1;
        return warnings(before, majority, majority, members);
    }

    private static List<String> warnings(
            List<Change.Member> before, int prepare, int accept, Change.Member... members) {
        return ChangeWarnings.of(before, new Change(1, List.of(members), prepare, accept, 10));
    }

    @Test
    void saysNothingOfAnOddNumberOrOfObservers() {
        Change.Member observer = member(4).as(Seat.OBSERVER);
        assertThat(warnings(THREE, member(1), member(2), member(3), observer)).isEmpty();
        assertThat(warnings(List.of(member(1)), member(1), member(2), member(3))).isEmpty();
    }

    @Test
    void saysThatOneMoreBearsNoMore() {
        assertThat(warnings(THREE, member(1), member(2), member(3), member(4)))
                .containsExactly("4 voters go on without 1, as 3 do");
        List<Change.Member> four = List.of(member(1), member(2), member(3), member(4));
        assertThat(warnings(four, member(1), member(2), member(3), member(5))).isEmpty();
    }

    @Test
    void saysWhenEveryOneIsNeeded() {
        assertThat(warnings(THREE, member(1), member(2)))
                .containsExactly("every one of 2 voters is needed then");
        assertThat(warnings(THREE, member(1)))
                .containsExactly("one voter: when it is gone, so is the cluster");
        assertThat(warnings(THREE, 3, 1, member(1), member(2), member(3)))
                .containsExactly("every one of 3 voters is needed then");
    }

    @Test
    void namesVotersThatFallTogetherWhereAnotherZoneHasNone() {
        Change.Member east = member(1).in("east");
        Change.Member west = member(2).in("west");
        Change.Member alsoWest = member(3).in("west");
        Change.Member spare = member(4).as(Seat.SPARE).in("north");
        assertThat(warnings(THREE, east, west, alsoWest)).isEmpty();
        assertThat(warnings(THREE, east, west, alsoWest, spare))
                .containsExactly("voters 2 and 3 are in zone west, and no voter is in north");
        assertThat(warnings(THREE, member(1), member(2), member(3), spare)).isEmpty();
    }

    @Test
    void saysWhenNoSpareIsLeft() {
        Change.Member spare = member(4).as(Seat.SPARE);
        List<Change.Member> before = List.of(member(1), member(2), member(3), spare);
        assertThat(warnings(before, member(1), member(2), spare.as(Seat.VOTER)))
                .containsExactly(
                        "no spare is left then: nobody takes the place of a voter by itself");
        assertThat(warnings(before, member(1), member(2), member(3), spare)).isEmpty();
    }
}
