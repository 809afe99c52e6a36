package io.paxoslog.media;

import static io.paxoslog.media.Forger.data;
import static io.paxoslog.media.Forger.error;
import static io.paxoslog.media.Forger.flipped;
import static io.paxoslog.media.Forger.heartbeat;
import static io.paxoslog.media.Forger.measurement;
import static io.paxoslog.media.Forger.message;
import static io.paxoslog.media.Forger.nak;
import static io.paxoslog.media.Forger.padding;
import static io.paxoslog.media.Forger.setup;
import static io.paxoslog.media.Forger.status;
import static io.paxoslog.media.Forger.together;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.protocol.SetupFlyweight;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final int TERM = Forger.TERM_BYTES;
    private static final int STREAM = 10;
    private static final int SESSION = 77;
    private static final byte[] FOUR_BYTES = {1, 2, 3, 4};

    @Test
    void whatAeronSendsPasses() {
        assertThat(areData(message(STREAM, SESSION, 0, FOUR_BYTES))).isTrue();
        assertThat(areData(heartbeat(STREAM, SESSION, 64, Forger.WHOLE))).isTrue();
        byte[] two =
                together(
                        message(STREAM, SESSION, 0, FOUR_BYTES),
                        message(STREAM, SESSION, 64, new byte[100]));
        assertThat(areData(two)).isTrue();
        byte[] toTheEnd =
                together(
                        message(STREAM, SESSION, TERM - 160, FOUR_BYTES),
                        padding(STREAM, SESSION, TERM - 96, 96));
        assertThat(areData(toTheEnd)).isTrue();
    }

    @Test
    void aFrameThatDoesNotFitItsDatagramDoesNot() {
        for (int length : new int[] {1, 17, 31, 65, 0x7FFF_FFE0, Integer.MAX_VALUE, -1, -40}) {
            assertThat(areData(data(STREAM, SESSION, 0, Forger.BEGIN, length, FOUR_BYTES)))
                    .as("length %d", length)
                    .isFalse();
        }
        assertThat(areData(data(STREAM, SESSION, 0, Forger.WHOLE, 0, FOUR_BYTES))).isFalse();
    }

    @Test
    void framesOfOneDatagramFollowEachOther() {
        byte[] first = message(STREAM, SESSION, 0, FOUR_BYTES);
        assertThat(areData(together(first, message(STREAM, SESSION, 96, FOUR_BYTES)))).isFalse();
        assertThat(areData(together(first, message(STREAM, 78, 64, FOUR_BYTES)))).isFalse();
        assertThat(areData(together(first, message(11, SESSION, 64, FOUR_BYTES)))).isFalse();
        assertThat(areData(together(first, setup(STREAM, SESSION)))).isFalse();
        assertThat(areData(together(first, new byte[32]))).isFalse();
        assertThat(areData(Arrays.copyOf(first, first.length - 1))).isFalse();
        assertThat(areData(Arrays.copyOf(first, 16))).isFalse();
    }

    @Test
    void nothingReachesBeyondItsTerm() {
        assertThat(areData(message(STREAM, SESSION, TERM - 32, FOUR_BYTES))).isFalse();
        assertThat(areData(message(STREAM, SESSION, -64, FOUR_BYTES))).isFalse();
        assertThat(areData(message(STREAM, SESSION, 0x7FFF_FFE0, FOUR_BYTES))).isFalse();
        assertThat(areData(message(STREAM, SESSION, 8, FOUR_BYTES))).isFalse();
        assertThat(areData(padding(STREAM, SESSION, TERM - 96, 128))).isFalse();
        assertThat(areData(padding(STREAM, SESSION, TERM - 96, 64))).isFalse();
        assertThat(areData(heartbeat(STREAM, SESSION, TERM, Forger.WHOLE))).isFalse();
    }

    @Test
    void aBitTheOtherWayRoundLeavesFramesThatFitOrNothing() {
        byte[] sound =
                together(
                        message(STREAM, SESSION, 128, new byte[100]),
                        message(STREAM, SESSION, 288, FOUR_BYTES));
        for (int bit = 0; bit < sound.length * Byte.SIZE; bit++) {
            byte[] other = flipped(sound, bit);
            if (areData(other)) {
                int first = Frames.frameLength(new UnsafeBuffer(other), 0);
                assertThat(first).isBetween(32, other.length);
                int next = Frames.frameLength(new UnsafeBuffer(other), 160);
                assertThat(first > 160 || (next >= 32 && next <= 64)).isTrue();
            }
        }
    }

    @Test
    void aSetUpIsOfAStreamThatCanBe() {
        assertThat(isSetup(setup(STREAM, SESSION))).isTrue();
        for (int term : new int[] {0, -1, 1 << 15, (1 << 16) + 32, Integer.MIN_VALUE}) {
            assertThat(isSetup(setup(STREAM, SESSION, term, 1408, 0))).as("%d", term).isFalse();
        }
        for (int mtu : new int[] {0, 32, 33, -32, 65_536, Integer.MAX_VALUE}) {
            assertThat(isSetup(setup(STREAM, SESSION, TERM, mtu, 0))).as("%d", mtu).isFalse();
        }
        for (int offset : new int[] {-32, 8, TERM, Integer.MAX_VALUE}) {
            assertThat(isSetup(setup(STREAM, SESSION, TERM, 1408, offset))).isFalse();
        }
        assertThat(isSetup(Arrays.copyOf(setup(STREAM, SESSION), 39))).isFalse();
        assertThat(isSetup(Arrays.copyOf(setup(STREAM, SESSION), 64))).isFalse();
    }

    @Test
    void whatReceiversSayFitsToo() {
        assertThat(isOfReceiver(status(STREAM, SESSION, 64, 1 << 17, 0))).isTrue();
        assertThat(isOfReceiver(nak(STREAM, SESSION, 64, 96))).isTrue();
        assertThat(isOfReceiver(measurement(STREAM, SESSION, 5, 0x80))).isTrue();
        assertThat(isOfReceiver(error(STREAM, SESSION, 0))).isTrue();

        assertThat(isOfReceiver(status(STREAM, SESSION, 64, -1, 0))).isFalse();
        assertThat(isOfReceiver(status(STREAM, SESSION, -64, 1, 0))).isFalse();
        assertThat(isOfReceiver(nak(STREAM, SESSION, 64, -1))).isFalse();
        assertThat(isOfReceiver(nak(STREAM, SESSION, 65, 32))).isFalse();
        assertThat(isOfReceiver(error(STREAM, SESSION, 1))).isFalse();
        assertThat(isOfReceiver(error(STREAM, SESSION, Integer.MAX_VALUE))).isFalse();
        assertThat(isOfReceiver(setup(STREAM, SESSION))).isFalse();
        assertThat(isOfReceiver(Arrays.copyOf(nak(STREAM, SESSION, 0, 32), 27))).isFalse();
        assertThat(isOfReceiver(new byte[0])).isFalse();
    }

    private static boolean areData(byte[] datagram) {
        return Frames.areData(new UnsafeBuffer(datagram), datagram.length, TERM);
    }

    private static boolean isSetup(byte[] datagram) {
        UnsafeBuffer buffer = new UnsafeBuffer(datagram);
        return Frames.isSetup(buffer, datagram.length, new SetupFlyweight(buffer));
    }

    private static boolean isOfReceiver(byte[] datagram) {
        return Frames.isOfReceiver(new UnsafeBuffer(datagram), datagram.length);
    }
}
