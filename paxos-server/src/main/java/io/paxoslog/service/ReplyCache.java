package io.paxoslog.service;

import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The replies of one session from the lowest that its client lacks to the last. Rings that grow to
 * what the session keeps in flight, and then stay.
 */
final class ReplyCache {
    /** Slot and length in front of each reply. */
    static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;

    private static final int SLOT_OFFSET = 0;
    private static final int LENGTH_OFFSET = Long.BYTES;

    /** In the place of the length of a reply: the log skipped the command, and there is none. */
    private static final int SKIPPED = 1 << 31;

    private UnsafeBuffer ring = new UnsafeBuffer(new byte[1024]);
    private long[] positions = new long[64];
    private long first = 1;
    private long next = 1;
    private long tail;
    private int cachedBytes;

    void clear() {
        clear(1);
    }

    /** Holds nothing, and the next sequence is this one. */
    void clear(long sequence) {
        first = sequence;
        next = sequence;
        tail = 0;
        cachedBytes = 0;
    }

    /** The command at a slot was the next one, and the log skipped it. */
    void appendSkipped(long slot) {
        int index = begin(slot, 0);
        ring.putInt(index + LENGTH_OFFSET, SKIPPED, ByteOrder.LITTLE_ENDIAN);
    }

    void append(long slot, DirectBuffer reply, int replyBytes) {
        int index = begin(slot, replyBytes);
        ring.putInt(index + LENGTH_OFFSET, replyBytes, ByteOrder.LITTLE_ENDIAN);
        ring.putBytes(index + HEADER_BYTES, reply, 0, replyBytes);
    }

    /** Appends bytes with a number in front of them. */
    void append(long slot, int number, DirectBuffer buffer, int offset, int length) {
        int bytes = Integer.BYTES + length;
        int index = begin(slot, bytes);
        ring.putInt(index + LENGTH_OFFSET, bytes, ByteOrder.LITTLE_ENDIAN);
        ring.putInt(index + HEADER_BYTES, number, ByteOrder.LITTLE_ENDIAN);
        ring.putBytes(index + HEADER_BYTES + Integer.BYTES, buffer, offset, length);
    }

    private int begin(long slot, int replyBytes) {
        int recordBytes = HEADER_BYTES + replyBytes;
        makeRoom(recordBytes);
        tail = contiguous(tail, recordBytes, ring.capacity());
        int index = index(tail);
        ring.putLong(index + SLOT_OFFSET, slot, ByteOrder.LITTLE_ENDIAN);
        positions[(int) next & (positions.length - 1)] = tail;
        tail += recordBytes;
        cachedBytes += recordBytes;
        next++;
        return index;
    }

    /** Forgets the replies below a sequence. */
    void trim(long awaited) {
        while (first < next && first < awaited) {
            cachedBytes -= HEADER_BYTES + length(first);
            first++;
        }
    }

    private void makeRoom(int recordBytes) {
        if (count() == positions.length) {
            rebuild(positions.length * 2, ring.capacity());
        }
        while (!fits(recordBytes)) {
            rebuild(positions.length, BitUtil.findNextPositivePowerOfTwo(ring.capacity() + 1));
        }
    }

    private boolean fits(int recordBytes) {
        int capacity = ring.capacity();
        long head = first == next ? tail : position(first);
        return recordBytes <= capacity
                && contiguous(tail, recordBytes, capacity) + recordBytes - head <= capacity;
    }

    private void rebuild(int newCount, int newBytes) {
        UnsafeBuffer oldRing = ring;
        long[] oldPositions = positions;
        ring = new UnsafeBuffer(new byte[newBytes]);
        positions = new long[newCount];
        long to = 0;
        for (long sequence = first; sequence < next; sequence++) {
            long from = oldPositions[(int) sequence & (oldPositions.length - 1)];
            int index = (int) from & (oldRing.capacity() - 1);
            int bytes =
                    HEADER_BYTES
                            + (oldRing.getInt(index + LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN)
                                    & ~SKIPPED);
            to = contiguous(to, bytes, newBytes);
            ring.putBytes(index(to), oldRing, index, bytes);
            positions[(int) sequence & (newCount - 1)] = to;
            to += bytes;
        }
        tail = to;
    }

    /** A record never wraps around the end of the ring: it begins at the next round instead. */
    private static long contiguous(long position, int recordBytes, int capacity) {
        int left = capacity - ((int) position & (capacity - 1));
        return recordBytes <= left ? position : position + left;
    }

    private int index(long position) {
        return (int) position & (ring.capacity() - 1);
    }

    private long position(long sequence) {
        return positions[(int) sequence & (positions.length - 1)];
    }

    int count() {
        return (int) (next - first);
    }

    int cachedBytes() {
        return cachedBytes;
    }

    long first() {
        return first;
    }

    long last() {
        return next - 1;
    }

    long slot(long sequence) {
        return ring.getLong(index(position(sequence)) + SLOT_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    int length(long sequence) {
        return lengthWord(sequence) & ~SKIPPED;
    }

    /** Whether the log skipped the command, so that its reply is none. */
    boolean isSkipped(long sequence) {
        return (lengthWord(sequence) & SKIPPED) != 0;
    }

    private int lengthWord(long sequence) {
        return ring.getInt(index(position(sequence)) + LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    int offset(long sequence) {
        return index(position(sequence)) + HEADER_BYTES;
    }

    DirectBuffer bytes() {
        return ring;
    }
}
