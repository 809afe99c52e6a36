package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When a leader is overdue, and while it holds others back. */
class ElectionTimerTest {
    private static final int SHORTEST = 150;
    private final ElectionTimer timer = new ElectionTimer(SHORTEST, 7);

    @Test
    void isOverdueBetweenOneAndTwoShortestTimeoutsAfterARestart() {
        Set<Long> lengths = new HashSet<>();
        for (int i = 0; i < 2000; i++) {
            lengths.add(lengthOf(timer, 1000L * i));
        }

        assertThat(lengths).allMatch(length -> length >= SHORTEST && length <= 2 * SHORTEST);
        assertThat(lengths).contains((long) SHORTEST, 2L * SHORTEST).hasSize(SHORTEST + 1);
    }

    @Test
    void drawsTheSameFromTheSameSeedAndOthersFromAnother() {
        ElectionTimer same = new ElectionTimer(SHORTEST, 7);
        ElectionTimer other = new ElectionTimer(SHORTEST, 8);
        int equal = 0;
        for (int i = 0; i < 50; i++) {
            long length = lengthOf(timer, 0);
            assertThat(lengthOf(same, 0)).isEqualTo(length);
            equal += lengthOf(other, 0) == length ? 1 : 0;
        }

        assertThat(equal).isLessThan(10);
    }

    private static long lengthOf(ElectionTimer timer, long now) {
        timer.restart(now);
        long length = 0;
        while (!timer.isLeaderOverdue(now + length)) {
            length++;
        }
        return length;
    }

    @Test
    void isNotOverdueWhileALeaderIsHeard() {
        timer.restart(0);

        for (long now = 0; now < 3000; now += 100) {
            timer.leaderHeard(now);
            assertThat(timer.isLeaderOverdue(now + 100)).isFalse();
        }
    }

    @Test
    void hearsALiveLeaderForTheShortestTimeout() {
        timer.leaderHeard(1000);

        assertThat(timer.hearsLiveLeader(1000 + SHORTEST - 1)).isTrue();
        assertThat(timer.hearsLiveLeader(1000 + SHORTEST)).isFalse();
    }

    @Test
    void hearsNoLiveLeaderBeforeOneWasHeard() {
        timer.restart(0);

        assertThat(timer.hearsLiveLeader(1)).isFalse();
    }

    @Test
    void hearsNoLiveLeaderOnceThatIsGone() {
        timer.leaderHeard(1000);

        timer.leaderGone();

        assertThat(timer.hearsLiveLeader(1001)).isFalse();
    }

    @Test
    void worksWithTicksBelowZero() {
        timer.leaderHeard(-1000);

        assertThat(timer.hearsLiveLeader(-900)).isTrue();
        assertThat(timer.isLeaderOverdue(-901)).isFalse();
        assertThat(timer.isLeaderOverdue(-700)).isTrue();
    }

    @Test
    void isUpToFourTimesAsLongWhereAnswersComeLate() {
        for (int i = 0; i < 5; i++) {
            timer.answeredLate(0);
        }

        assertThat(timer.longestNow()).isEqualTo(4 * timer.longestTicks());
        for (int i = 0; i < 2000; i++) {
            assertThat(lengthOf(timer, 0)).isBetween(4L * SHORTEST, 8L * SHORTEST);
        }
    }

    @Test
    void isShorterAgainOnceAnswersCameInTimeForLong() {
        timer.answeredLate(0);
        timer.answeredLate(0);
        long steady = 20L * timer.longestNow();

        timer.onTick(steady - 1);
        assertThat(timer.longestNow()).isEqualTo(4 * timer.longestTicks());
        timer.onTick(steady);
        assertThat(timer.longestNow()).isEqualTo(2 * timer.longestTicks());
        timer.onTick(steady + steady / 2);
        assertThat(timer.longestNow()).isEqualTo(timer.longestTicks());
        timer.onTick(3 * steady);
        assertThat(timer.longestNow()).isEqualTo(timer.longestTicks());
    }
}
