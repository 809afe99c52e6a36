package io.paxoslog.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The ring of commands that wait for their replies. */
class CommandRingTest {

    @Test
    void givesBackEachCommandThroughManyRounds() {
        CommandRing ring = new CommandRing(64, 4096);
        Random random = new Random(3);
        ArrayDeque<byte[]> kept = new ArrayDeque<>();
        for (int i = 0; i < 20_000; i++) {
            byte[] command = new byte[random.nextInt(200)];
            random.nextBytes(command);
            if (ring.add(new UnsafeBuffer(command), 0, command.length) > 0) {
                kept.add(command);
            } else {
                for (int n = random.nextInt(kept.size()) + 1; n > 0; n--) {
                    kept.remove();
                    ring.removeFirst();
                }
            }
            assertHolds(ring, kept);
        }
        assertThat(ring.last()).isGreaterThan(5_000);
    }

    /** Walks the runs as the sender does. */
    private static void assertHolds(CommandRing ring, ArrayDeque<byte[]> kept) {
        assertThat(ring.count()).isEqualTo(kept.size());
        long sequence = ring.first();
        int left = 0;
        int position = 0;
        for (byte[] command : kept) {
            if (left == 0) {
                left = ring.run(sequence, 700, 100);
                position = ring.offset(sequence);
                assertThat(position + ring.runBytes()).isLessThanOrEqualTo(4096);
                assertThat(ring.runBytes()).isLessThanOrEqualTo(700);
            }
            int length = ring.buffer().getInt(position, ByteOrder.LITTLE_ENDIAN);
            byte[] actual = new byte[length];
            ring.buffer().getBytes(position + CommandRing.LENGTH_BYTES, actual);
            if (!Arrays.equals(actual, command)) {
                throw new AssertionError("sequence " + sequence);
            }
            position += CommandRing.LENGTH_BYTES + length;
            left--;
            sequence++;
        }
    }

    @Test
    void aRunIsOneCommandAtLeast() {
        CommandRing ring = new CommandRing(4, 1024);
        ring.add(new UnsafeBuffer(new byte[500]), 0, 500);
        assertThat(ring.run(1, 10, 100)).isEqualTo(1);
        assertThat(ring.runBytes()).isEqualTo(504);
    }

    @Test
    void aRunHasNoMoreCommandsOrBytesThanAskedFor() {
        CommandRing ring = new CommandRing(8, 1024);
        for (int i = 0; i < 5; i++) {
            ring.add(new UnsafeBuffer(new byte[8]), 0, 8);
        }
        assertThat(ring.run(1, 1000, 3)).isEqualTo(3);
        assertThat(ring.run(1, 1000, 100)).isEqualTo(5);
        assertThat(ring.run(2, 25, 100)).isEqualTo(2);
        ring.removeFirst();
        assertThat(ring.bytesUpTo(2)).isEqualTo(12);
        assertThat(ring.bytesUpTo(5)).isEqualTo(48);
    }

    @Test
    void fullRingTakesNothingMore() {
        CommandRing ring = new CommandRing(2, 1024);
        UnsafeBuffer command = new UnsafeBuffer(new byte[8]);
        assertThat(ring.add(command, 0, 8)).isEqualTo(1);
        assertThat(ring.add(command, 0, 8)).isEqualTo(2);
        assertThat(ring.add(command, 0, 8)).isZero();
        ring.removeFirst();
        assertThat(ring.add(command, 0, 8)).isEqualTo(3);
    }
}
