package io.paxoslog.media;

import static io.paxoslog.media.Forger.message;
import static io.paxoslog.media.Forger.padding;
import static io.paxoslog.media.Forger.together;
import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FrameMapTest {
    private static final int TERM = Forger.TERM_BYTES;
    private final FrameMap map = new FrameMap(TERM, 100, 100, 0);

    @Test
    void whatComesTwiceOrCutDifferentlyAgrees() {
        byte[] a = frame(0, 100);
        byte[] b = frame(160, 10);
        byte[] c = frame(224, 10);
        take(together(a, b), 0);
        assertThat(agrees(together(a, b), 0)).isTrue();
        assertThat(agrees(together(b, c), 160)).isTrue();
        assertThat(agrees(b, 160)).isTrue();
        assertThat(agrees(together(a, b, c), 0)).isTrue();
    }

    @Test
    void aFrameThatBeginsInsideAnotherDoesNot() {
        take(frame(64, 200), 64);
        assertThat(agrees(frame(96, 10), 96)).isFalse();
        assertThat(agrees(frame(32, 300), 32)).isFalse();
        assertThat(agrees(frame(64, 10), 64)).isTrue();
        assertThat(agrees(together(frame(64, 10), frame(128, 10)), 64)).isFalse();
    }

    @Test
    void aFrameOverOnesThatCameDoesNot() {
        take(frame(3200, 10), 3200);
        assertThat(agrees(frame(0, 4000), 0)).isFalse();
        assertThat(agrees(frame(0, 3168), 0)).isTrue();
    }

    @Test
    void whatFillsATermUpIsItsHeaderAlone() {
        map.moveTo(TERM - 1024);
        int at = TERM - 512;
        take(padding(1, 1, at, 512), at);
        assertThat(agrees(padding(1, 1, at, 512), at)).isTrue();
        assertThat(agrees(frame(0, 10), TERM)).isTrue();
    }

    @Test
    void whatWasConsumedIsForgotten() {
        take(frame(0, 4000), 0);
        assertThat(agrees(frame(TERM / 2 + 64, 10), TERM / 2 + 64)).isFalse();
        map.moveTo(4032);
        assertThat(agrees(frame(TERM / 2 + 64, 10), TERM / 2 + 64)).isTrue();
    }

    @Test
    void onlyHalfATermIsTaken() {
        assertThat(map.isInWindow(0, TERM / 2)).isTrue();
        assertThat(map.isInWindow(32, TERM / 2)).isFalse();
        assertThat(map.isInWindow(-32, 32)).isFalse();
        map.moveTo(64);
        assertThat(map.isInWindow(32, 32)).isFalse();
        map.moveTo(32);
        assertThat(map.isInWindow(32, 32)).isFalse();
        map.moveTo(10L * TERM);
        assertThat(map.isInWindow(10L * TERM, 32)).isTrue();
    }

    @Test
    void dataLieNoFurtherBehindAGapThanWhatCameWithoutOne() {
        FrameMap large = new FrameMap(64 * TERM, 100, 100, 0);
        assertThat(large.reach()).isEqualTo(TERM);
        take(large, frame(64, 32), 64);
        assertThat(large.reach()).isEqualTo(TERM);
        take(large, frame(0, 32), 0);
        assertThat(large.reach()).isEqualTo(128 + TERM + 128);
        large.moveTo(96);
        assertThat(large.reach()).isEqualTo(128 + TERM + 128);
        large.moveTo(10L * TERM);
        assertThat(large.reach()).isEqualTo(21L * TERM);
    }

    @Test
    void gapsOfAllLengthsAreClosedByWhatWasMissing() {
        for (int length = 1; length < 200; length++) {
            FrameMap large = new FrameMap(64 * TERM, 100, 100, 0);
            for (int i = length; i > 0; i--) {
                take(large, frame(32 * i, 0), 32L * i);
            }
            take(large, frame(0, 0), 0);
            assertThat(large.reach()).isEqualTo(TERM + 2 * 32L * (length + 1));
        }
    }

    @Test
    void whatFillsATermUpLeavesNoGap() {
        int at = TERM - 512;
        map.moveTo(at);
        take(padding(1, 1, at, 512), at);
        assertThat(map.reach()).isEqualTo(3L * TERM);
    }

    private static byte[] frame(int at, int payload) {
        return message(1, 1, at, new byte[payload]);
    }

    private void take(byte[] datagram, long position) {
        take(map, datagram, position);
    }

    private static void take(FrameMap map, byte[] datagram, long position) {
        map.take(new UnsafeBuffer(datagram), datagram.length, position);
    }

    private boolean agrees(byte[] datagram, long position) {
        return map.agrees(new UnsafeBuffer(datagram), datagram.length, position);
    }
}
