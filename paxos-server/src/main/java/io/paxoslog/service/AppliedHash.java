package io.paxoslog.service;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * A rolling hash over everything applied: equal on two nodes that applied the same values in the
 * same slots, however these were batched, and almost surely different otherwise. No-ops count for
 * nothing by themselves; the slots of what follows give them away.
 */
final class AppliedHash {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private long hash;

    void add(long slot, long originBallot, long timestamp, byte kind) {
        mix(slot);
        mix(originBallot);
        mix(timestamp);
        mix(kind);
    }

    void add(DirectBuffer buffer, int offset, int length) {
        mix(length);
        int end = offset + length;
        int position = offset;
        for (; position <= end - Long.BYTES; position += Long.BYTES) {
            mix(buffer.getLong(position, ByteOrder.LITTLE_ENDIAN));
        }
        for (; position < end; position++) {
            mix(buffer.getByte(position));
        }
    }

    private void mix(long word) {
        long product = (hash ^ word) * MULTIPLIER;
        hash = product ^ (product >>> 29);
    }

    long value() {
        return hash;
    }
}
