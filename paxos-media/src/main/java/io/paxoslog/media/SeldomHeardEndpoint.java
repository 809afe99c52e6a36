package io.paxoslog.media;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.SendChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * The sending end of a channel, whose socket is read for what receivers say about the stream (how
 * far their windows reach, what they miss) at most once in a short while. A driver reads it on
 * every turn, which costs a system call for every listener of an idle node. The socket takes
 * datagrams of its receiver's address only; what else does not fit is dropped here.
 */
final class SeldomHeardEndpoint extends SendChannelEndpoint {
    /** Windows are filled in a time much longer than this. */
    static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(100);

    /** Read in one turn so that those behind are heard. */
    static final int MOST_DROPPED = 16;

    private final CachedNanoClock clock;
    private final DroppedDatagrams dropped;
    private final UnsafeBuffer frame = new UnsafeBuffer(0, 0);
    private ByteBuffer frameBytes;
    private long nextNs;

    SeldomHeardEndpoint(
            UdpChannel channel,
            AtomicCounter status,
            MediaDriver.Context context,
            DroppedDatagrams dropped) {
        super(channel, status, context);
        this.dropped = dropped;
        clock = context.senderCachedNanoClock();
        nextNs = clock.nanoTime();
    }

    @SuppressWarnings("ReferenceEquality") // Whether it is the buffer that is wrapped already.
    @Override
    public InetSocketAddress receive(ByteBuffer buffer) {
        long nowNs = clock.nanoTime();
        if (nowNs - nextNs < 0) {
            return null;
        }
        if (buffer != frameBytes) {
            frame.wrap(buffer, 0, buffer.capacity());
            frameBytes = buffer;
        }
        for (int i = 0; i < MOST_DROPPED; i++) {
            InetSocketAddress from = super.receive(buffer);
            if (from == null) {
                nextNs = nowNs + PAUSE_NS;
                return null;
            }
            if (Frames.isOfReceiver(frame, buffer.position())) {
                return from;
            }
            dropped.malformed();
        }
        return null;
    }
}
