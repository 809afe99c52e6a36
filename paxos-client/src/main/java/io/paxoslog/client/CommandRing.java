package io.paxoslog.client;

import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The commands that are not answered yet, laid out as they travel: a length and the bytes, one
 * behind the other. Bounded; sequences count from 1.
 */
final class CommandRing {
    static final int LENGTH_BYTES = Integer.BYTES;

    private final UnsafeBuffer ring;
    private final long[] positions;
    private final int window;
    private long first = 1;
    private long next = 1;
    private long tail;
    private int runBytes;

    CommandRing(int window, int bytes) {
        this.window = window;
        ring = new UnsafeBuffer(new byte[bytes]);
        positions = new long[BitUtil.findNextPositivePowerOfTwo(window)];
    }

    /** The next command is this one; nothing was kept so far. */
    void beginAt(long sequence) {
        first = sequence;
        next = sequence;
    }

    /** Keeps a command and returns its sequence; 0 when there is no room. */
    long add(DirectBuffer source, int offset, int length) {
        int bytes = LENGTH_BYTES + length;
        if (next - first >= window) {
            return 0;
        }
        long position = contiguous(bytes);
        long head = first == next ? position : position(first);
        if (position + bytes - head > ring.capacity()) {
            return 0;
        }
        ring.putInt(index(position), length, ByteOrder.LITTLE_ENDIAN);
        ring.putBytes(index(position) + LENGTH_BYTES, source, offset, length);
        positions[(int) next & (positions.length - 1)] = position;
        tail = position + bytes;
        return next++;
    }

    /** A command never wraps around the end of the ring: it begins at the next round instead. */
    private long contiguous(int bytes) {
        int left = ring.capacity() - index(tail);
        return bytes <= left ? tail : tail + left;
    }

    boolean canEverTake(int length) {
        return LENGTH_BYTES + length <= ring.capacity();
    }

    /** Bytes in flight once a command of this length is added. */
    long bytesWith(int length) {
        long head = first == next ? tail : position(first);
        return tail - head + LENGTH_BYTES + length;
    }

    void clear() {
        first = next;
    }

    void removeFirst() {
        first++;
    }

    /**
     * How many commands from a sequence on, and at most so many, lie side by side in at most so
     * many bytes; one at least, whatever its size.
     */
    int run(long sequence, int maxBytes, int maxCommands) {
        long begin = position(sequence);
        long end = begin + bytes(sequence);
        long last = sequence;
        while (last + 1 < next
                && last + 1 - sequence < maxCommands
                && position(last + 1) == end
                && index(end) != 0) {
            long longer = end + bytes(last + 1);
            if (longer - begin > maxBytes) {
                break;
            }
            end = longer;
            last++;
        }
        runBytes = (int) (end - begin);
        return (int) (last - sequence + 1);
    }

    /** Bytes from the first command to the end of this one, as {@link #bytesWith} counts them. */
    long bytesUpTo(long sequence) {
        return position(sequence) + bytes(sequence) - position(first);
    }

    /** Bytes of the run that was last asked for. */
    int runBytes() {
        return runBytes;
    }

    int offset(long sequence) {
        return index(position(sequence));
    }

    DirectBuffer buffer() {
        return ring;
    }

    /** Lowest sequence without a reply; one above {@link #last()} when there is none. */
    long first() {
        return first;
    }

    long last() {
        return next - 1;
    }

    boolean isEmpty() {
        return first == next;
    }

    int count() {
        return (int) (next - first);
    }

    private int bytes(long sequence) {
        int index = index(position(sequence));
        return LENGTH_BYTES + ring.getInt(index, ByteOrder.LITTLE_ENDIAN);
    }

    private long position(long sequence) {
        return positions[(int) sequence & (positions.length - 1)];
    }

    private int index(long position) {
        return (int) position & (ring.capacity() - 1);
    }
}
