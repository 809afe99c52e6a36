package io.paxoslog.transport;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Frames that rest on a promise or a ballot of this node, each with the journal position that must
 * be synced before it leaves. Bounded; what does not fit is lost, and the protocol repeats.
 */
final class HeldFrames {
    private static final int POSITION_OFFSET = 0;
    private static final int TARGET_OFFSET = Long.BYTES;
    private static final int PREFIX_BYTES = 2 * Long.BYTES;

    private final FrameRing ring;
    private final Lane lane;

    HeldFrames(int capacity, int maxCapacity) {
        ring = new FrameRing(capacity, maxCapacity);
        lane = new Lane(ring);
    }

    /** A sink for one listener. */
    FrameSink sinkFor(int target, Gate gate) {
        return new HeldSink(target, gate);
    }

    /** Passes on what may leave now, in order, and returns how many frames that was. */
    int release(long syncedPosition, Targets targets) {
        int released = 0;
        while (lane.hasNext() && position() <= syncedPosition) {
            targets.pass(target(), lane.buffer(), lane.offset() + PREFIX_BYTES, length());
            lane.advance();
            released++;
        }
        return released;
    }

    private long position() {
        return lane.buffer().getLong(lane.offset() + POSITION_OFFSET);
    }

    private int target() {
        return lane.buffer().getInt(lane.offset() + TARGET_OFFSET);
    }

    private int length() {
        return lane.length() - PREFIX_BYTES;
    }

    /** Tells the position that must be synced before what is said now may leave. */
    @FunctionalInterface
    interface Gate {
        long position();
    }

    /** Where released frames go. */
    @FunctionalInterface
    interface Targets {
        void pass(int target, DirectBuffer buffer, int offset, int length);
    }

    private final class HeldSink implements FrameSink {
        private final int target;
        private final Gate gate;

        HeldSink(int target, Gate gate) {
            this.target = target;
            this.gate = gate;
        }

        @Override
        public int claim(int length) {
            int offset = ring.claim(PREFIX_BYTES + length, lane.cursor());
            if (offset == REFUSED) {
                return REFUSED;
            }
            ring.buffer().putLong(offset + POSITION_OFFSET, gate.position());
            ring.buffer().putInt(offset + TARGET_OFFSET, target);
            return offset + PREFIX_BYTES;
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
}
