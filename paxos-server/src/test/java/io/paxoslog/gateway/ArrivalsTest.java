package io.paxoslog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When all that waited in sockets was read. */
class ArrivalsTest {
    private long bytes;
    private final Arrivals arrivals = new Arrivals(() -> bytes);

    private boolean turn(int received, boolean hasReadAll) {
        bytes += received;
        return arrivals.areAllHeard(hasReadAll);
    }

    @Test
    void onceNothingMoreComesOutOfThemAndNothingIsLeft() {
        assertThat(turn(100, true)).isFalse();
        assertThat(turn(0, false)).isFalse();
        assertThat(turn(0, true)).isTrue();
        assertThat(turn(1, true)).isFalse();
    }

    @Test
    void underLoadOnceEachWasReadFromAsOftenAsItHasRoom() {
        int turns = 1;
        while (!turn(100, true)) {
            turns++;
        }
        assertThat(turns).isEqualTo(Arrivals.MOST_WAITING);
        assertThat(turn(100, true)).isFalse();
    }

    @Test
    void notWhileSomethingThatCameOutIsLeft() {
        for (int i = 0; i < 2 * Arrivals.MOST_WAITING; i++) {
            assertThat(turn(100, false)).isFalse();
        }
        assertThat(turn(100, true)).isTrue();
    }
}
