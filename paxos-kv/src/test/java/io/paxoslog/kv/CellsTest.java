package io.paxoslog.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Bytes of any length in cells of one. */
class CellsTest {
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares two of them.
    private record Stored(int first, int from, byte[] bytes) {}

    private final Cells cells = new Cells();
    private final Random random = new Random(5);

    private Stored store(int length) {
        int from = random.nextInt(Cells.USABLE_BYTES);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        int first = cells.allocate(from + length);
        cells.write(first, from, new UnsafeBuffer(bytes), 0, length);
        return new Stored(first, from, bytes);
    }

    private void check(Stored stored) {
        int length = stored.bytes.length;
        byte[] read = new byte[length];
        cells.read(stored.first, stored.from, new UnsafeBuffer(read), 0, length);
        assertThat(read).isEqualTo(stored.bytes);
        assertThat(compare(stored, read)).isZero();
        if (length > 0) {
            int at = random.nextInt(length);
            read[at]++;
            int expected = Byte.compareUnsigned(stored.bytes[at], read[at]);
            assertThat(Integer.signum(compare(stored, read))).isEqualTo(Integer.signum(expected));
            byte[] shorter = java.util.Arrays.copyOf(stored.bytes, length - 1);
            assertThat(compare(stored, shorter)).isPositive();
        }
    }

    private int compare(Stored stored, byte[] other) {
        return cells.compare(
                stored.first,
                stored.from,
                stored.bytes.length,
                new UnsafeBuffer(other),
                0,
                other.length);
    }

    @Test
    void whatIsStoredStaysWhileOthersComeAndGo() {
        List<Stored> all = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (all.size() > 400 || (!all.isEmpty() && random.nextInt(3) == 0)) {
                Stored gone = all.remove(random.nextInt(all.size()));
                check(gone);
                cells.free(gone.first);
            } else {
                all.add(store(random.nextInt(random.nextInt(10) == 0 ? 5_000 : 200)));
            }
        }
        all.forEach(this::check);
    }

    @Test
    void whatWasGivenBackIsTakenAgainByWhateverComes() {
        int large = cells.allocate(60 * 500);
        int other = cells.allocate(60 * 500);
        int next = cells.allocate(1);
        cells.free(large);
        cells.free(other);
        for (int i = 0; i < 500; i++) {
            assertThat(cells.allocate(61)).isLessThan(next);
        }
        assertThat(cells.allocate(1)).isEqualTo(next + 1);
    }
}
