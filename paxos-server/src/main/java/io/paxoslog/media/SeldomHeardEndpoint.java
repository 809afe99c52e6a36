package io.paxoslog.media;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.SendChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * The sending end of a channel, whose socket is read for what receivers say about the stream (how
 * far their windows reach, what they miss) at most once in a short while. A driver reads it on
 * every turn, which costs a system call for every listener of an idle node.
 */
final class SeldomHeardEndpoint extends SendChannelEndpoint {
    /** Windows are filled in a time much longer than this. */
    static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private final CachedNanoClock clock;
    private long nextNs;

    SeldomHeardEndpoint(UdpChannel channel, AtomicCounter status, MediaDriver.Context context) {
        super(channel, status, context);
        clock = context.senderCachedNanoClock();
        nextNs = clock.nanoTime();
    }

    @Override
    public InetSocketAddress receive(ByteBuffer buffer) {
        long nowNs = clock.nanoTime();
        if (nowNs - nextNs < 0) {
            return null;
        }
        InetSocketAddress from = super.receive(buffer);
        if (from == null) {
            nextNs = nowNs + PAUSE_NS;
        }
        return from;
    }
}
