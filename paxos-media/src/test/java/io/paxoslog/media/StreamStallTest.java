package io.paxoslog.media;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamStallTest {
    private static final long WINDOW = 1 << 20;

    private long nowNs = Long.MAX_VALUE - 1;
    private final StreamStall stall = new StreamStall(nowNs);

    @BeforeEach
    void hearAllOnce() {
        assertThat(look(0, 0, 0)).isFalse();
    }

    private boolean look(long sent, long heard, long missed) {
        nowNs += StreamStall.PAUSE_NS;
        assertThat(stall.isDue(nowNs - 1)).isFalse();
        assertThat(stall.isDue(nowNs)).isTrue();
        return stall.isStuck(nowNs, sent, heard + WINDOW, missed);
    }

    /** As behind a tunnel that loses every other datagram of this size. */
    @Test
    void isStuckWhenWhatWasSentBeforeIsMissedStill() {
        assertThat(look(300_000, 20_000, 5)).isFalse();
        assertThat(look(400_000, 40_000, 50)).isTrue();
        assertThat(look(400_000, 60_000, 90)).isTrue();
    }

    @Test
    void isNotStuckWhenWhatIsMissedComesSoon() {
        assertThat(look(300_000, 290_000, 5)).isFalse();
        assertThat(look(600_000, 580_000, 50)).isFalse();
        assertThat(look(900_000, 900_000, 90)).isFalse();
    }

    @Test
    void isNotStuckBehindAListenerThatStandsStill() {
        assertThat(look(300_000, 20_000, 5)).isFalse();
        assertThat(look(400_000, 20_000, 5)).isFalse();
        assertThat(look(400_000, 20_000, 5)).isFalse();
    }

    /** A listener that has more to do than it can loses some; that is no matter of sizes. */
    @Test
    void isNotStuckWhileMuchIsHeard() {
        assertThat(look(1_000_000, 20_000, 5)).isFalse();
        assertThat(look(2_000_000, 980_000, 50)).isFalse();
        assertThat(look(3_000_000, 1_960_000, 90)).isFalse();
    }

    /** A stream that was opened again under load may never come to rest. */
    @Test
    void aStreamThatNeverWasAtRestIsJudgedByTheWindowItBeganWith() {
        StreamStall busy = new StreamStall(nowNs);
        busy.begins(WINDOW);
        assertThat(busy.isStuck(nowNs, WINDOW, WINDOW + 20_000, 5)).isFalse();
        assertThat(busy.isStuck(nowNs, WINDOW + 20_000, WINDOW + 40_000, 9)).isTrue();
    }

    @Test
    void anIdleStreamIsNotStuck() {
        assertThat(look(300_000, 300_000, 5)).isFalse();
        assertThat(look(300_000, 300_000, 5)).isFalse();
    }
}
