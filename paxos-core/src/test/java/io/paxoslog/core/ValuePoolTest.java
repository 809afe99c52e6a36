package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Bounded memory in chunks that are used again. */
class ValuePoolTest {
    private final UnsafeBuffer source = new UnsafeBuffer(new byte[1 << 20]);

    @Test
    void copiesTheBytes() {
        source.putStringWithoutLengthAscii(0, "apple");

        ValuePool.Chunk chunk = new ValuePool(1024).copyOf(source, 5);
        source.putStringWithoutLengthAscii(0, "pears");

        assertThat(chunk.buffer.getStringWithoutLengthAscii(0, 5)).isEqualTo("apple");
    }

    @Test
    void refusesWhatWouldPassTheBound() {
        ValuePool pool = new ValuePool(1024);

        assertThat(pool.copyOf(source, 512)).isNotNull();
        assertThat(pool.copyOf(source, 513)).isNull();
        assertThat(pool.copyOf(source, 512)).isNotNull();
        assertThat(pool.copyOf(source, 1)).isNull();
    }

    @Test
    void takesPowersOfTwoButNoLessThanTheSmallest() {
        ValuePool pool = new ValuePool(1 << 20);

        assertThat(pool.copyOf(source, 1).buffer.capacity()).isEqualTo(ValuePool.SMALLEST_BYTES);
        assertThat(pool.copyOf(source, 256).buffer.capacity()).isEqualTo(256);
        assertThat(pool.copyOf(source, 257).buffer.capacity()).isEqualTo(512);
        assertThat(pool.copyOf(source, 65_537).buffer.capacity()).isEqualTo(131_072);
    }

    @Test
    void givesReleasedMemoryOutAgain() {
        ValuePool pool = new ValuePool(256);
        ValuePool.Chunk first = pool.copyOf(source, 200);

        pool.release(first);

        assertThat(pool.copyOf(source, 100)).isSameAs(first);
    }

    @Test
    void keepsSharedMemoryUntilItsLastUserIsGone() {
        ValuePool pool = new ValuePool(256);
        ValuePool.Chunk first = pool.copyOf(source, 200).share();

        pool.release(first);
        assertThat(pool.copyOf(source, 1)).isNull();

        pool.release(first);
        assertThat(pool.copyOf(source, 1)).isNotNull();
    }

    @Test
    void letsMemoryOfOneSizeServeAnother() {
        ValuePool pool = new ValuePool(1024);
        for (int i = 0; i < 4; i++) {
            pool.release(pool.copyOf(source, 256));
        }

        assertThat(pool.copyOf(source, 1024)).isNotNull();
    }

    @Test
    void givesUpFreeChunksThatTheBoundHasNoPlaceFor() {
        ValuePool pool = new ValuePool(1024);
        ValuePool.Chunk small = pool.copyOf(source, 256);
        pool.release(small);
        ValuePool.Chunk large = pool.copyOf(source, 1024);

        pool.release(large);

        assertThat(pool.copyOf(source, 256)).isSameAs(small);
        assertThat(pool.copyOf(source, 512)).isNotSameAs(large);
    }
}
