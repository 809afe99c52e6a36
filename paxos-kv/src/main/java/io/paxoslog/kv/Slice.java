package io.paxoslog.kv;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Bytes somewhere in a buffer that belongs to somebody else. */
final class Slice {
    private static final DirectBuffer NOTHING = new UnsafeBuffer(new byte[0]);

    DirectBuffer buffer = NOTHING;
    int offset;
    int length;

    static Slice of(byte[] bytes) {
        return new Slice().set(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    Slice set(DirectBuffer of, int from, int bytes) {
        buffer = of;
        offset = from;
        length = bytes;
        return this;
    }

    Slice set(Slice other) {
        return set(other.buffer, other.offset, other.length);
    }

    void clear() {
        set(NOTHING, 0, 0);
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** Whether it is the one byte that, as an end, says that there is none. */
    boolean isZeroByte() {
        return length == 1 && buffer.getByte(offset) == 0;
    }

    int compareTo(Slice other) {
        int both = Math.min(length, other.length);
        for (int i = 0; i < both; i++) {
            int difference =
                    (buffer.getByte(offset + i) & 0xFF)
                            - (other.buffer.getByte(other.offset + i) & 0xFF);
            if (difference != 0) {
                return difference;
            }
        }
        return Integer.compare(length, other.length);
    }

    byte[] copy() {
        byte[] copy = new byte[length];
        buffer.getBytes(offset, copy);
        return copy;
    }
}
