package io.paxoslog.bench.load;

import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What commands hold: their number in 8 bytes, then random bytes that follow from the number, so
 * that an echo can be checked without keeping the command. Does not allocate per command.
 */
final class Payloads {
    /** Fewest bytes of a command. */
    static final int NUMBER_BYTES = Long.BYTES;

    private static final int POOL_BYTES = 1 << 20;

    /** Odd, so that starts do not repeat before all have been used. */
    private static final long STRIDE = 8_191;

    private final UnsafeBuffer pool;
    private final int payloadBytes;

    Payloads(int payloadBytes, long seed) {
        this.payloadBytes = payloadBytes;
        pool = new UnsafeBuffer(new byte[POOL_BYTES + payloadBytes]);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i + Long.BYTES <= pool.capacity(); i += Long.BYTES) {
            pool.putLong(i, random.nextLong());
        }
    }

    int payloadBytes() {
        return payloadBytes;
    }

    /** Writes the command of a number. */
    void write(long number, MutableDirectBuffer target) {
        target.putLong(0, number, ByteOrder.LITTLE_ENDIAN);
        target.putBytes(NUMBER_BYTES, pool, startOf(number), payloadBytes - NUMBER_BYTES);
    }

    static long numberOf(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether the bytes behind the number are those of its command. */
    boolean isEcho(long number, DirectBuffer buffer, int offset) {
        int start = startOf(number);
        for (int i = 0; i < payloadBytes - NUMBER_BYTES; i++) {
            if (buffer.getByte(offset + NUMBER_BYTES + i) != pool.getByte(start + i)) {
                return false;
            }
        }
        return true;
    }

    private static int startOf(long number) {
        return (int) (number * STRIDE & POOL_BYTES - 1);
    }
}
