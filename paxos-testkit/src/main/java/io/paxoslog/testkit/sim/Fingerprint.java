package io.paxoslog.testkit.sim;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Hashes of bytes and numbers, the same on every machine. */
public final class Fingerprint {
    private Fingerprint() {}

    /** Of some bytes; their number counts. */
    public static long of(DirectBuffer buffer, int offset, int length) {
        long hash = length;
        int end = offset + length;
        int position = offset;
        for (; position <= end - Long.BYTES; position += Long.BYTES) {
            hash = SimRandom.mix(hash ^ buffer.getLong(position, ByteOrder.LITTLE_ENDIAN));
        }
        for (; position < end; position++) {
            hash = hash * 0x100000001B3L + buffer.getByte(position);
        }
        return SimRandom.mix(hash);
    }

    /** Of a chain of numbers, one more. */
    public static long of(long before, long number) {
        return SimRandom.mix(before * 31 + number);
    }
}
