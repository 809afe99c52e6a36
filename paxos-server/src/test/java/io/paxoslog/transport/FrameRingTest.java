package io.paxoslog.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every reader sees every frame once, in order and whole, or knows that it fell behind. */
class FrameRingTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void readersSeeWhatWasWritten(long seed) {
        Random random = new Random(seed);
        FrameRing ring = new FrameRing(64, 4096);
        Lane lane = new Lane(ring);
        Queue<List<Integer>> waiting = new ArrayDeque<>();
        int number = 0;
        for (int round = 0; round < 20_000; round++) {
            if (random.nextInt(5) < 3) {
                int length = 4 + random.nextInt(random.nextInt(60) == 0 ? 1000 : 40);
                if (write(ring, lane, ++number, length)) {
                    waiting.add(List.of(number, length));
                }
            } else if (lane.hasNext()) {
                assertThat(lane.isOverrun()).isFalse();
                assertThat(List.of(lane.buffer().getInt(lane.offset()), lane.length()))
                        .isEqualTo(waiting.poll());
                lane.advance();
            } else {
                assertThat(waiting).isEmpty();
            }
        }
        assertThat(number).isGreaterThan(10_000);
    }

    @Test
    void whatMustBeKeptIsNeverOverwritten() {
        FrameRing ring = new FrameRing(64, 128);
        Lane keeper = new Lane(ring);
        List<Integer> taken = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            if (write(ring, keeper, i, 24)) {
                taken.add(i);
            }
        }
        assertThat(taken).containsExactly(1, 2, 3, 4);
        assertThat(keeper.buffer().getInt(keeper.offset())).isEqualTo(1);
    }

    @Test
    void aSlowReaderIsOverrunAndSkipsToTheEnd() {
        FrameRing ring = new FrameRing(128, 128);
        Lane keeper = new Lane(ring);
        Lane slow = new Lane(ring);
        for (int i = 1; i <= 10; i++) {
            assertThat(write(ring, keeper, i, 24)).isTrue();
            keeper.advance();
        }
        assertThat(slow.isOverrun()).isTrue();
        assertThat(slow.skipAll()).isEqualTo(10);
        assertThat(slow.hasNext()).isFalse();
        write(ring, keeper, 11, 24);
        assertThat(slow.isOverrun()).isFalse();
        assertThat(slow.buffer().getInt(slow.offset())).isEqualTo(11);
    }

    @Test
    void aFrameThatCannotFitIsRefused() {
        FrameRing ring = new FrameRing(64, 128);
        assertThat(ring.claim(120, 0)).isNotEqualTo(FrameSink.REFUSED);
        assertThat(ring.claim(121, 0)).isEqualTo(FrameSink.REFUSED);
    }

    @Test
    void capacitiesArePowersOfTwo() {
        assertThatThrownBy(() -> new FrameRing(100, 128))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean write(FrameRing ring, Lane keeper, int number, int length) {
        int offset = ring.claim(length, keeper.cursor());
        if (offset == FrameSink.REFUSED) {
            return false;
        }
        ring.buffer().putInt(offset, number);
        ring.commit();
        return true;
    }
}
