package io.paxoslog.apply;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class WaitingQueriesTest {
    private static final long TOPIC = 7;

    private final WaitingQueries waiting = new WaitingQueries();

    private void add(long ticket) {
        waiting.add(ticket, ticket, 0, 1_000, TOPIC, new UnsafeBuffer(new byte[1]), 0, 1);
    }

    /** Else it would be answered with what there is then, and what is news left out. */
    @Test
    void whoHasNoTimeLeftHearsWhatIsNewsUntilHeIsAskedAgain() {
        add(1);
        add(2);
        add(3);
        waiting.end(2);
        waiting.wake(TOPIC, 40);
        waiting.wake(TOPIC, 41);
        for (long ticket : new long[] {2, 3, 1}) {
            WaitingQueries.Waiting one = waiting.takeWoken();
            assertThat(one.ticket).isEqualTo(ticket);
            assertThat(one.news).isEqualTo(40);
            assertThat(one.isLast).isEqualTo(ticket == 2);
        }
        assertThat(waiting.hasWoken()).isFalse();
    }

    @Test
    void whoWasTakenIsToldNothingMore() {
        add(1);
        add(2);
        waiting.end(1);
        WaitingQueries.Waiting ended = waiting.takeWoken();
        waiting.answered(ended);
        waiting.wake(TOPIC, 40);
        assertThat(ended.news).isZero();
        assertThat(waiting.takeWoken().ticket).isEqualTo(2);
        assertThat(waiting.hasWoken()).isFalse();
    }

    @Test
    void whoIsToBeAskedAgainAnywayIsAskedOnce() {
        add(1);
        waiting.end(1);
        waiting.wake(TOPIC, 40);
        waiting.wakeAll();
        assertThat(waiting.takeWoken().news).isZero();
        assertThat(waiting.hasWoken()).isFalse();
    }
}
