package io.paxoslog.bench.contender;

import io.aeron.Aeron;
import io.aeron.ControlledFragmentAssembler;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Passes frames on, holds their replies, and lets them go once all others have the frame. */
final class FloorLeader implements FloorNode.Role {
    private static final int HELD_BYTES = 64 << 20;
    private static final int FRAGMENTS_PER_TURN = 64;
    private static final int REPLIES = 1;

    private final Aeron aeron;
    private final int followers;
    private final Subscription commands;
    private final Subscription acks;
    private final ExclusivePublication relay;
    private final long[] acked;
    private final OneToOneRingBuffer held =
            new OneToOneRingBuffer(
                    new UnsafeBuffer(
                            ByteBuffer.allocateDirect(
                                    HELD_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
    private final ControlledFragmentHandler onCommands =
            new ControlledFragmentAssembler(this::onCommands);
    private final FragmentHandler onAck = this::onAck;
    private final ControlledMessageHandler onHeld = this::onHeld;
    private ExclusivePublication replies;
    private long ackedByAll;
    private long released;
    private long relayed;
    private long lastNumber;

    FloorLeader(Aeron aeron, ClusterSettings settings) {
        this.aeron = aeron;
        followers = settings.nodes() - 1;
        acked = new long[settings.nodes()];
        commands =
                aeron.addSubscription(
                        udp(settings, FloorFrames.COMMANDS_PORT), FloorFrames.COMMANDS_STREAM);
        acks = aeron.addSubscription(udp(settings, FloorFrames.ACKS_PORT), FloorFrames.ACKS_STREAM);
        relay = followers == 0 ? null : relay(settings);
    }

    private static String udp(ClusterSettings settings, int port) {
        return "aeron:udp?endpoint=" + settings.address(FloorNode.LEADER, port);
    }

    /** One stream to all: nobody counts as there before all are, and nobody is left behind. */
    private ExclusivePublication relay(ClusterSettings settings) {
        ExclusivePublication publication =
                aeron.addExclusivePublication(
                        "aeron:udp?control-mode=manual|fc=min,g:/" + followers,
                        FloorFrames.RELAY_STREAM);
        for (int node = 1; node <= followers; node++) {
            publication.addDestination(
                    "aeron:udp?endpoint=" + settings.address(node, FloorFrames.RELAY_PORT));
        }
        return publication;
    }

    @Override
    public int poll() {
        int work = commands.controlledPoll(onCommands, FRAGMENTS_PER_TURN);
        work += acks.poll(onAck, FRAGMENTS_PER_TURN);
        return work + held.controlledRead(onHeld);
    }

    private Action onCommands(DirectBuffer frame, int offset, int length, Header header) {
        if (FloorFrames.lengthAt(frame, offset) == 0) {
            return welcome(FloorFrames.lengthAt(frame, offset + FloorFrames.LENGTH_BYTES));
        }
        int commandCount = FloorFrames.count(frame, offset, length);
        int index = held.tryClaim(REPLIES, length + commandCount * Contender.NUMBER_BYTES);
        if (index < 0) {
            return Action.ABORT;
        }
        if (relay != null && relay.offer(frame, offset, length) < 0) {
            held.abort(index);
            return Action.ABORT;
        }
        FloorFrames.putReplies(held.buffer(), index, frame, offset, length, lastNumber + 1);
        held.commit(index);
        lastNumber += commandCount;
        relayed++;
        return Action.CONTINUE;
    }

    /** Opens the way back; everything else waits until it is open. */
    private Action welcome(int port) {
        if (replies == null) {
            replies =
                    aeron.addExclusivePublication(
                            "aeron:udp?endpoint=127.0.0.1:" + port, FloorFrames.REPLIES_STREAM);
        }
        boolean isOpen = replies.isConnected() && (relay == null || relay.isConnected());
        return isOpen ? Action.COMMIT : Action.ABORT;
    }

    private void onAck(DirectBuffer ack, int offset, int length, Header header) {
        int node = ack.getInt(offset + Long.BYTES, ByteOrder.LITTLE_ENDIAN);
        acked[node] = ack.getLong(offset, ByteOrder.LITTLE_ENDIAN);
        long lowest = Long.MAX_VALUE;
        for (int follower = 1; follower <= followers; follower++) {
            lowest = Math.min(lowest, acked[follower]);
        }
        ackedByAll = lowest;
    }

    private ControlledMessageHandler.Action onHeld(
            int type, MutableDirectBuffer frame, int index, int length) {
        long releasable = relay == null ? relayed : ackedByAll;
        if (released >= releasable || replies.offer(frame, index, length) < 0) {
            return ControlledMessageHandler.Action.ABORT;
        }
        released++;
        return ControlledMessageHandler.Action.CONTINUE;
    }
}
