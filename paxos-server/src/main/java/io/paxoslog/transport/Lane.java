package io.paxoslog.transport;

import org.agrona.DirectBuffer;

/** One reader's place in a {@link FrameRing}: what is still to be said to one listener. */
final class Lane {
    private final FrameRing ring;
    private long cursor;
    private long framesPassed;

    Lane(FrameRing ring) {
        this.ring = ring;
        this.cursor = ring.head();
        this.framesPassed = ring.frames();
    }

    /** Whether a frame waits. */
    boolean hasNext() {
        return cursor < ring.head();
    }

    /**
     * Whether what waits has been overwritten in the meantime; nothing but {@link #skipAll} will
     * do.
     */
    boolean isOverrun() {
        return !ring.holds(cursor);
    }

    DirectBuffer buffer() {
        return ring.readBuffer();
    }

    /** Offset of the next frame. */
    int offset() {
        return ring.frameOffset(ring.frameAt(cursor));
    }

    /** Length of the next frame. */
    int length() {
        return ring.frameLength(ring.frameAt(cursor));
    }

    /** The next frame has been said. */
    void advance() {
        cursor = ring.frameEnd(ring.frameAt(cursor));
        framesPassed++;
    }

    /** Leaves out everything that waits and returns how many frames that was. */
    long skipAll() {
        long skipped = ring.frames() - framesPassed;
        cursor = ring.head();
        framesPassed = ring.frames();
        return skipped;
    }

    /** Position from which on this reader still needs the ring. */
    long cursor() {
        return cursor;
    }
}
