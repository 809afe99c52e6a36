package io.paxoslog.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The rings behind the replies of a session. */
class ReplyCacheTest {
    private final ReplyCache cache = new ReplyCache();

    @Test
    void givesBackWhatWasAppendedThroughGrowthAndManyRounds() {
        Random random = new Random(7);
        ArrayDeque<byte[]> kept = new ArrayDeque<>();
        for (int i = 1; i <= 5_000; i++) {
            byte[] reply = new byte[random.nextInt(300)];
            random.nextBytes(reply);
            cache.append(i * 10L, new UnsafeBuffer(reply), reply.length);
            kept.add(reply);
            int target = i % 1_000 < 500 ? 100 : 3;
            while (kept.size() > target) {
                kept.remove();
            }
            cache.trim(i - kept.size() + 1L);
            assertHolds(kept, i);
        }
    }

    private void assertHolds(ArrayDeque<byte[]> kept, long last) {
        assertThat(cache.count()).isEqualTo(kept.size());
        assertThat(cache.last()).isEqualTo(last);
        assertThat(cache.first()).isEqualTo(last - kept.size() + 1);
        long sequence = cache.first();
        int bytes = 0;
        for (byte[] reply : kept) {
            byte[] actual = new byte[cache.length(sequence)];
            cache.bytes().getBytes(cache.offset(sequence), actual);
            if (!Arrays.equals(actual, reply) || cache.slot(sequence) != sequence * 10) {
                throw new AssertionError("sequence " + sequence + " of " + last);
            }
            bytes += ReplyCache.HEADER_BYTES + reply.length;
            sequence++;
        }
        assertThat(cache.cachedBytes()).isEqualTo(bytes);
    }

    @Test
    void trimBeyondTheLastForgetsNoSequence() {
        cache.append(5, new UnsafeBuffer(new byte[1]), 1);
        cache.trim(100);
        assertThat(cache.count()).isZero();
        assertThat(cache.last()).isEqualTo(1);
        assertThat(cache.first()).isEqualTo(2);
    }

    @Test
    void holdsAReplyLargerThanItsFirstRing() {
        byte[] reply = new byte[100_000];
        reply[99_999] = 9;
        cache.append(5, new UnsafeBuffer(reply), reply.length);
        assertThat(cache.bytes().getByte(cache.offset(1) + 99_999)).isEqualTo((byte) 9);
    }
}
