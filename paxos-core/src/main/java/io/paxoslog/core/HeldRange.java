package io.paxoslog.core;

import java.nio.ByteOrder;

/**
 * Consecutive slots held under one ballot, with one origin and timestamp. Its bytes may be in
 * memory, or <em>shed</em>: in the journal only.
 */
final class HeldRange {
    long ballot;
    long firstSlot;
    long lastSlot;
    boolean isShed;

    /** Accepted here once, and lost to damage: announced, never voted about, never told. */
    boolean isUnknown;

    private byte kind;
    private long originBallot;
    private long timestamp;
    private ValuePool.Chunk chunk;
    private int offset;
    private int length;

    HeldRange hold(Batch batch, ValuePool.Chunk newChunk) {
        ballot = batch.ballot();
        firstSlot = batch.firstSlot();
        lastSlot = batch.lastSlot();
        isShed = false;
        isUnknown = false;
        kind = batch.kind();
        originBallot = batch.originBallot();
        timestamp = batch.timestamp();
        chunk = newChunk;
        offset = 0;
        length = batch.length();
        return this;
    }

    /** Becomes the same as another range, sharing its bytes. */
    HeldRange share(HeldRange other) {
        ballot = other.ballot;
        firstSlot = other.firstSlot;
        lastSlot = other.lastSlot;
        isShed = other.isShed;
        isUnknown = other.isUnknown;
        kind = other.kind;
        originBallot = other.originBallot;
        timestamp = other.timestamp;
        chunk = other.chunk == null ? null : other.chunk.share();
        offset = other.offset;
        length = other.length;
        return this;
    }

    /**
     * Whether a value accepted under {@code newBallot} counts more: under one ballot a slot has one
     * value, so it may also say again what was lost.
     */
    boolean givesWayTo(long newBallot) {
        return ballot < newBallot || (isUnknown && ballot == newBallot);
    }

    boolean contains(long slot) {
        return firstSlot <= slot && slot <= lastSlot;
    }

    void cutFront(long newFirst) {
        int skipped = bytesUpTo(newFirst);
        offset += skipped;
        length -= skipped;
        firstSlot = newFirst;
    }

    void cutBack(long newLast) {
        length = bytesUpTo(newLast + 1);
        lastSlot = newLast;
    }

    private int bytesUpTo(long slot) {
        if (chunk == null || slot > lastSlot) {
            return chunk == null ? 0 : length;
        }
        int position = offset;
        for (long s = firstSlot; s < slot; s++) {
            position +=
                    Batch.ENTRY_PREFIX_BYTES
                            + chunk.buffer.getInt(position, ByteOrder.LITTLE_ENDIAN);
        }
        return position - offset;
    }

    /** Frees the bytes; the slots stay held. */
    void shed(ValuePool pool) {
        isShed = true;
        releaseBytes(pool);
    }

    void releaseBytes(ValuePool pool) {
        if (chunk != null) {
            pool.release(chunk);
            chunk = null;
        }
        offset = 0;
        length = 0;
    }

    boolean hasChunk() {
        return chunk != null;
    }

    /** Shows this range as a batch; only while its bytes are in memory. */
    Batch view(Batch batch) {
        batch.slots(ballot, firstSlot, (int) (lastSlot - firstSlot + 1))
                .value(kind, originBallot, timestamp);
        return chunk == null ? batch.noBytes() : batch.bytes(chunk.buffer, offset, length);
    }
}
