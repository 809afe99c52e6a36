package io.paxoslog.bench.contender;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** Takes frames and tells after each turn how many it has. */
final class FloorFollower implements FloorNode.Role {
    private static final int FRAGMENTS_PER_TURN = 64;

    private final Subscription relay;
    private final ExclusivePublication acks;
    private final UnsafeBuffer ack = new UnsafeBuffer(new byte[Long.BYTES + Integer.BYTES]);
    private final FragmentHandler onFrame;
    private long taken;
    private long told;

    FloorFollower(Aeron aeron, ClusterSettings settings, int node) {
        relay =
                aeron.addSubscription(
                        "aeron:udp?endpoint=" + settings.address(node, FloorFrames.RELAY_PORT),
                        FloorFrames.RELAY_STREAM);
        acks =
                aeron.addExclusivePublication(
                        "aeron:udp?endpoint="
                                + settings.address(FloorNode.LEADER, FloorFrames.ACKS_PORT),
                        FloorFrames.ACKS_STREAM);
        ack.putInt(Long.BYTES, node, ByteOrder.LITTLE_ENDIAN);
        onFrame = new FragmentAssembler((frame, offset, length, header) -> taken++);
    }

    @Override
    public int poll() {
        int work = relay.poll(onFrame, FRAGMENTS_PER_TURN);
        if (told == taken) {
            return work;
        }
        ack.putLong(0, taken, ByteOrder.LITTLE_ENDIAN);
        if (acks.offer(ack) > 0) {
            told = taken;
        }
        return work + 1;
    }
}
