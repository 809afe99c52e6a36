package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ElectionLinesTest {
    private static final long BALLOT = Ballot.of(1, 1);

    private final List<String> written = new ArrayList<>();
    private long nowMs = 1_000;
    private final ElectionLines lines =
            new ElectionLines(written::add, () -> TimeUnit.MILLISECONDS.toNanos(nowMs));

    private void canvass() {
        lines.role(Role.CANVASSING, BALLOT, 0, "no leader was heard");
        nowMs += 100;
    }

    private void follow(int leader) {
        lines.role(Role.FOLLOWING, BALLOT, leader, "a leader was heard");
        nowMs += 100;
    }

    /** How many lines an hour alone costs, at five lines a second before. */
    @Test
    void anHourWithoutAMajorityIsToldInAFewLines() {
        for (int i = 0; i < 36_000; i++) {
            canvass();
        }
        assertThat(written).hasSizeBetween(60, 70);
        assertThat(written.get(0))
                .isEqualTo("canvassing ballot 1.1 leader none: no leader was heard");
        assertThat(written.get(1)).endsWith("(9 lines like it left out in 1 s)");
        assertThat(written.get(2)).endsWith("(19 lines like it left out in 2 s)");
        assertThat(written.get(3)).endsWith("(39 lines like it left out in 4 s)");
        assertThat(written.get(written.size() - 1))
                .endsWith("(599 lines like it left out in 60 s)");
    }

    @Test
    void whatIsNewIsToldAtOnce() {
        canvass();
        canvass();
        lines.role(Role.PREPARING, BALLOT, 0, "a quorum would promise");
        lines.role(Role.LEADING, BALLOT, 1, "a quorum promised");
        assertThat(written).hasSize(3);
        assertThat(written.get(2)).isEqualTo("leading ballot 1.1 leader 1: a quorum promised");
    }

    @Test
    void everythingIsNewsAgainOnceALeaderHasStayed() {
        canvass();
        canvass();
        follow(2);
        nowMs += 5_000;
        canvass();
        follow(2);
        assertThat(written).hasSize(4);
        assertThat(written.get(2)).startsWith("canvassing").doesNotContain("left out");
    }

    @Test
    void leadersThatComeAndGoAreNotToldEachTimeAndTheLastIs() {
        for (int i = 0; i < 100; i++) {
            canvass();
            follow(2);
        }
        assertThat(written.size()).isLessThan(15);
        assertThat(written.get(written.size() - 1)).contains("leader 2");
    }

    @Test
    void anotherLeaderIsAlwaysTold() {
        follow(2);
        follow(3);
        follow(2);
        assertThat(written).hasSize(3);
        assertThat(written.get(2)).contains("leader 2");
    }
}
