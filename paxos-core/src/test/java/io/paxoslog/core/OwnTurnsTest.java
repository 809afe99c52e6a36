package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OwnTurnsTest {
    private static final int HEARTBEAT = 50;
    private static final int TIMEOUT = 300;
    private static final int PERIOD = 3 * TIMEOUT;

    private final OwnTurns turns = new OwnTurns(HEARTBEAT, TIMEOUT);
    private long now = 1_000_000;

    OwnTurnsTest() {
        turns.start(now);
    }

    private void run(int ticks, int step) {
        for (int i = 0; i < ticks; i += step) {
            now += step;
            turns.onTick(now);
        }
    }

    @Test
    void whatIsUsualBetweenTwoTurnsIsNotLost() {
        run(10 * PERIOD, 12);
        assertThat(turns.lost()).isZero();
    }

    @Test
    void whatIsMoreIsLost() {
        run(3 * PERIOD, 100);
        assertThat(turns.lost()).isEqualTo(88);
    }

    @Test
    void aSinglePauseDoesNotShow() {
        run(2 * PERIOD, 1);
        now += 50 * PERIOD;
        run(PERIOD, 1);
        assertThat(turns.lost()).isZero();
        run(PERIOD, 1);
        assertThat(turns.lost()).isZero();
    }

    @Test
    void itIsForgottenWithThePeriod() {
        run(3 * PERIOD, 100);
        run(2 * PERIOD, 1);
        assertThat(turns.lost()).isZero();
    }
}
