package io.paxoslog.transport;

import org.agrona.MutableDirectBuffer;

/** Writes into a ring and never over what one {@link Lane} has still to say. */
final class QueueSink implements FrameSink {
    private final FrameRing ring;
    private final Lane keeper;

    QueueSink(FrameRing ring, Lane keeper) {
        this.ring = ring;
        this.keeper = keeper;
    }

    @Override
    public int claim(int length) {
        return ring.claim(length, keeper.cursor());
    }

    @Override
    public MutableDirectBuffer buffer() {
        return ring.buffer();
    }

    @Override
    public void commit() {
        ring.commit();
    }
}
