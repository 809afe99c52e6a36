package io.paxoslog.kv;

import java.nio.ByteOrder;

/** A hash of bytes that is the same on every machine; not against forgers. */
final class ByteHash {
    static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    static final long OTHER = 0xC2B2AE3D27D4EB4FL;

    private ByteHash() {}

    static long mix(long value) {
        long mixed = (value ^ (value >>> 32)) * MULTIPLIER;
        mixed = (mixed ^ (mixed >>> 29)) * OTHER;
        return mixed ^ (mixed >>> 32);
    }

    static long of(long before, Slice bytes) {
        long hash = mix(before + bytes.length);
        int i = 0;
        for (; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
            long next = bytes.buffer.getLong(bytes.offset + i, ByteOrder.LITTLE_ENDIAN);
            hash = Long.rotateLeft(hash ^ (next * OTHER), 27) * MULTIPLIER;
        }
        for (; i < bytes.length; i++) {
            hash = (hash ^ (bytes.buffer.getByte(bytes.offset + i) & 0xFF)) * MULTIPLIER;
            hash ^= hash >>> 29;
        }
        return mix(hash);
    }
}
