package io.paxoslog.bench.contender;

import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;

/** Sends the commands of a turn together, in frames that fill a datagram. */
final class FloorClient implements LoadClient {
    private static final int FRAGMENTS_PER_TURN = 64;
    private static final long CONNECT_NS = TimeUnit.SECONDS.toNanos(60);

    private final FloorMedia media;
    private final ReplyHandler replies;
    private final Subscription subscription;
    private final ExclusivePublication publication;
    private final UnsafeBuffer frame;
    private final int datagramBytes;
    private final FragmentHandler onReplies = new FragmentAssembler(this::onReplies);
    private final IdleStrategy connectIdle = new YieldingIdleStrategy();
    private int frameBytes;
    private int replyBytes;

    private FloorClient(ClusterSettings settings, ReplyHandler replies) {
        this.replies = replies;
        media = new FloorMedia(settings, settings.clientMemoryDir());
        subscription =
                media.aeron()
                        .addSubscription(
                                "aeron:udp?endpoint=" + ClusterSettings.anyPort(),
                                FloorFrames.REPLIES_STREAM);
        publication =
                media.aeron()
                        .addExclusivePublication(
                                "aeron:udp?endpoint="
                                        + settings.address(
                                                FloorNode.LEADER, FloorFrames.COMMANDS_PORT),
                                FloorFrames.COMMANDS_STREAM);
        datagramBytes = publication.maxPayloadLength();
        frame =
                new UnsafeBuffer(
                        new byte
                                [Math.max(
                                        datagramBytes,
                                        FloorFrames.replyBytes(settings.payloadBytes()))]);
    }

    static LoadClient connect(ClusterSettings settings, ReplyHandler replies) {
        FloorClient client = new FloorClient(settings, replies);
        try {
            client.sayHello();
            return client;
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /** Names the port on which replies are heard, behind a length of 0. */
    private void sayHello() {
        long deadlineNs = System.nanoTime() + CONNECT_NS;
        UnsafeBuffer hello = new UnsafeBuffer(new byte[2 * Integer.BYTES]);
        String address = subscription.tryResolveChannelEndpointPort();
        while (address == null || address.endsWith(":0")) {
            turnBefore(deadlineNs);
            address = subscription.tryResolveChannelEndpointPort();
        }
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        hello.putInt(Integer.BYTES, port, ByteOrder.LITTLE_ENDIAN);
        while (publication.offer(hello) < 0) {
            turnBefore(deadlineNs);
        }
        while (!subscription.isConnected()) {
            turnBefore(deadlineNs);
        }
    }

    private void turnBefore(long deadlineNs) {
        if (System.nanoTime() - deadlineNs > 0) {
            throw new IllegalStateException("the first node did not answer in time");
        }
        connectIdle.idle(media.invoke());
    }

    @Override
    public boolean offer(DirectBuffer command, int offset, int length) {
        int withThis = replyBytes + FloorFrames.replyBytes(length);
        if (frameBytes > 0 && withThis > datagramBytes && !send()) {
            return false;
        }
        frameBytes = FloorFrames.put(frame, frameBytes, command, offset, length);
        replyBytes += FloorFrames.replyBytes(length);
        return true;
    }

    private boolean send() {
        if (publication.offer(frame, 0, frameBytes) < 0) {
            return false;
        }
        frameBytes = 0;
        replyBytes = 0;
        return true;
    }

    @Override
    public int poll() {
        if (frameBytes > 0) {
            send();
        }
        return media.invoke() + subscription.poll(onReplies, FRAGMENTS_PER_TURN);
    }

    private void onReplies(DirectBuffer buffer, int offset, int length, Header header) {
        for (int at = offset; at < offset + length; ) {
            int reply = FloorFrames.lengthAt(buffer, at);
            replies.onReply(buffer, at + FloorFrames.LENGTH_BYTES, reply);
            at += FloorFrames.LENGTH_BYTES + reply;
        }
    }

    @Override
    public int leader() {
        return FloorNode.LEADER;
    }

    @Override
    public void close() {
        media.close();
    }
}
