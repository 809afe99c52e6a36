package io.paxoslog.transport;

import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Frames one behind the other in a ring of bytes, written once and read by any number of {@link
 * Lane}s. Starts small and doubles up to a limit when what must be kept does not fit. Not
 * thread-safe.
 *
 * <p>Each frame lies behind an {@code int} length at a multiple of eight; a negative length means
 * that so many bytes are left empty, because the frame did not fit in front of the end.
 */
final class FrameRing {
    private static final int PREFIX_BYTES = Long.BYTES;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private final int maxCapacity;
    private int capacity;
    private long head;
    private long frames;
    private long claimedAt;
    private int claimedLength;

    /**
     * @param capacity bytes to start with, a power of two
     * @param maxCapacity most bytes, a power of two
     */
    FrameRing(int capacity, int maxCapacity) {
        if (!BitUtil.isPowerOfTwo(capacity) || !BitUtil.isPowerOfTwo(maxCapacity)) {
            throw new IllegalArgumentException(
                    "not powers of two: " + capacity + ", " + maxCapacity);
        }
        this.capacity = capacity;
        this.maxCapacity = maxCapacity;
        buffer.wrap(ByteBuffer.allocateDirect(capacity));
    }

    /**
     * Makes room for a frame, growing if need be.
     *
     * @param keepFrom position from which on nothing may be overwritten
     * @return offset of the frame in {@link #buffer()}, or {@link FrameSink#REFUSED}
     */
    int claim(int length, long keepFrom) {
        int needed = BitUtil.align(PREFIX_BYTES + length, PREFIX_BYTES);
        long start = startOf(needed);
        while (start + needed - keepFrom > capacity) {
            if (capacity >= maxCapacity) {
                return FrameSink.REFUSED;
            }
            grow();
            start = startOf(needed);
        }
        claimedAt = start;
        claimedLength = length;
        return index(start) + PREFIX_BYTES;
    }

    private long startOf(int needed) {
        int room = capacity - index(head);
        return needed <= room ? head : head + room;
    }

    private void grow() {
        UnsafeBuffer larger = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity * 2));
        long wrapAt = head - index(head);
        long oldest = Math.max(0, head - capacity);
        copy(larger, oldest, wrapAt);
        copy(larger, Math.max(oldest, wrapAt), head);
        buffer.wrap(larger);
        capacity *= 2;
    }

    private void copy(UnsafeBuffer larger, long from, long to) {
        if (from < to) {
            int target = (int) (from & (larger.capacity() - 1));
            larger.putBytes(target, buffer, index(from), (int) (to - from));
        }
    }

    /** The frame claimed last is written. */
    void commit() {
        if (claimedAt != head) {
            buffer.putInt(index(head), (int) (head - claimedAt));
        }
        buffer.putInt(index(claimedAt), claimedLength);
        head = claimedAt + BitUtil.align(PREFIX_BYTES + claimedLength, PREFIX_BYTES);
        frames++;
    }

    /** Where the next frame will begin, at or above. */
    long head() {
        return head;
    }

    /** Frames committed so far. */
    long frames() {
        return frames;
    }

    /** Whether what was written from a position on is still there. */
    boolean holds(long position) {
        return position >= head - capacity;
    }

    /** The position of the frame that is read next by a reader who is at {@code position}. */
    long frameAt(long position) {
        return position - Math.min(0, buffer.getInt(index(position)));
    }

    int frameLength(long frame) {
        return buffer.getInt(index(frame));
    }

    int frameOffset(long frame) {
        return index(frame) + PREFIX_BYTES;
    }

    long frameEnd(long frame) {
        return frame + BitUtil.align(PREFIX_BYTES + frameLength(frame), PREFIX_BYTES);
    }

    MutableDirectBuffer buffer() {
        return buffer;
    }

    DirectBuffer readBuffer() {
        return buffer;
    }

    private int index(long position) {
        return (int) (position & (capacity - 1));
    }
}
