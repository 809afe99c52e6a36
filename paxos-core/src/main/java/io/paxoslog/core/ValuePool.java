package io.paxoslog.core;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Bounded memory for values, in chunks of powers of two that are used again, so that steady state
 * allocates nothing.
 */
final class ValuePool {
    private static final int SMALLEST_BITS = 8;

    /** Bytes that even the shortest value takes. */
    static final int SMALLEST_BYTES = 1 << SMALLEST_BITS;

    private static final int CLASSES = 31 - SMALLEST_BITS;

    private final long limitBytes;
    private final Chunk[] free = new Chunk[CLASSES];
    private long usedBytes;
    private long freeBytes;

    ValuePool(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Copies bytes into a chunk, or returns null when the bound is reached. */
    Chunk copyOf(DirectBuffer source, int length) {
        int sizeClass = classOf(length);
        int bytes = 1 << (sizeClass + SMALLEST_BITS);
        if (usedBytes + bytes > limitBytes) {
            return null;
        }
        Chunk chunk = free[sizeClass] == null ? new Chunk(sizeClass, bytes) : takeFree(sizeClass);
        usedBytes += bytes;
        chunk.users = 1;
        chunk.buffer.putBytes(0, source, 0, length);
        return chunk;
    }

    private Chunk takeFree(int sizeClass) {
        Chunk chunk = free[sizeClass];
        free[sizeClass] = chunk.next;
        chunk.next = null;
        freeBytes -= chunk.buffer.capacity();
        return chunk;
    }

    /** Gives a chunk back once its last user has. */
    void release(Chunk chunk) {
        if (--chunk.users > 0) {
            return;
        }
        int bytes = chunk.buffer.capacity();
        usedBytes -= bytes;
        // Sizes in use shift over time; what lies free must not pin more memory than the bound
        // either.
        if (usedBytes + freeBytes + bytes <= limitBytes) {
            chunk.next = free[chunk.sizeClass];
            free[chunk.sizeClass] = chunk;
            freeBytes += bytes;
        }
    }

    private static int classOf(int length) {
        int bits = 32 - Integer.numberOfLeadingZeros(Math.max(1, length - 1));
        return Math.max(0, bits - SMALLEST_BITS);
    }

    /** Memory of one value, shared by the parts that a range was split into. */
    static final class Chunk {
        final UnsafeBuffer buffer;
        private final int sizeClass;
        private int users;
        private Chunk next;

        private Chunk(int sizeClass, int bytes) {
            this.sizeClass = sizeClass;
            this.buffer = new UnsafeBuffer(new byte[bytes]);
        }

        Chunk share() {
            users++;
            return this;
        }
    }
}
