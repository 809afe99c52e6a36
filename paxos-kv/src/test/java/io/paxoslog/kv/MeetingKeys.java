package io.paxoslog.kv;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Keys of 16 bytes that a forger chose: all have one hash, whose first bits are zero. */
final class MeetingKeys {
    private static final int BYTES = 16;
    private static final int ZERO_BITS = 4;

    private final long target;

    MeetingKeys() {
        long candidate = 0;
        while (ByteHash.of(0, key(1, candidate)) >>> (Long.SIZE - ZERO_BITS) != 0) {
            candidate++;
        }
        target = candidate;
    }

    Slice key(long number) {
        return key(number, target);
    }

    /** The second half undoes what the first did to the hash. */
    private static Slice key(long number, long target) {
        long begun = ByteHash.mix(BYTES);
        long first = Long.rotateLeft(begun ^ (number * ByteHash.OTHER), 27) * ByteHash.MULTIPLIER;
        byte[] bytes = new byte[BYTES];
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .putLong((target ^ first) * inverse(ByteHash.OTHER));
        return Slice.of(bytes);
    }

    /** Of an odd number, by Newton's steps, each of which doubles the bits that are right. */
    private static long inverse(long odd) {
        long inverse = odd;
        for (int step = 0; step < 6; step++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }
}
