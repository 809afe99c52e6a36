package io.paxoslog.media;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.SendChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import io.aeron.status.ChannelEndpointStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.TimeUnit;
import org.agrona.LangUtil;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * The sending end of a channel, whose socket is read for what receivers say about the stream (how
 * far their windows reach, what they miss) at most once in a short while. A driver reads it on
 * every turn, which costs a system call for every listener of an idle node. The socket takes
 * datagrams of its receiver's address only; what else does not fit is dropped here.
 *
 * <p>Where nobody listens, as the host there says, little is sent until somebody is heard. The
 * status of the channel tells so meanwhile: {@link ChannelEndpointStatus#ERRORED}.
 */
final class SeldomHeardEndpoint extends SendChannelEndpoint {
    /** Windows are filled in a time much longer than this. */
    static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(100);

    /** Read in one turn so that those behind are heard. */
    static final int MOST_DROPPED = 16;

    /** After so many refusals with nothing heard in between, nobody is there. */
    static final int REFUSALS = 3;

    /** Between datagrams to where nobody is: often enough for one who comes back. */
    static final long REFUSED_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final AtomicCounter status;
    private final CachedNanoClock clock;
    private final DroppedDatagrams dropped;
    private final UnsafeBuffer frame = new UnsafeBuffer(0, 0);
    private ByteBuffer frameBytes;
    private long nextNs;
    private int refusals;
    private long nextSendNs;

    SeldomHeardEndpoint(
            UdpChannel channel,
            AtomicCounter status,
            MediaDriver.Context context,
            DroppedDatagrams dropped) {
        super(channel, status, context);
        this.status = status;
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
            InetSocketAddress from = read(buffer);
            if (from == null) {
                nextNs = nowNs + PAUSE_NS;
                return null;
            }
            if (Frames.isOfReceiver(frame, buffer.position())) {
                heard();
                return from;
            }
            dropped.malformed();
        }
        return null;
    }

    /** That nobody listens is told to whoever uses the socket next, to read or to send. */
    private InetSocketAddress read(ByteBuffer buffer) {
        buffer.clear();
        DatagramChannel of = receiveDatagramChannel;
        try {
            return of.isOpen() ? (InetSocketAddress) of.receive(buffer) : null;
        } catch (PortUnreachableException e) {
            refused();
        } catch (IOException e) {
            LangUtil.rethrowUnchecked(e);
        }
        return null;
    }

    private void heard() {
        if (refusals >= REFUSALS) {
            tell(ChannelEndpointStatus.ACTIVE);
        }
        refusals = 0;
    }

    /** What is not sent to where nobody is counts as sent: it is lost either way. */
    @Override
    public int send(ByteBuffer buffer) {
        if (refusals >= REFUSALS && clock.nanoTime() - nextSendNs < 0) {
            int bytes = buffer.remaining();
            buffer.position(buffer.limit());
            return bytes;
        }
        DatagramChannel to = sendDatagramChannel;
        if (to == null || !to.isConnected()) {
            return super.send(buffer); // Of several receivers, whose hosts say nothing.
        }
        try {
            return to.write(buffer);
        } catch (PortUnreachableException e) {
            refused();
        } catch (IOException e) {
            onSendError(e, connectAddress, errorHandler);
        }
        return 0;
    }

    private void refused() {
        refusals++;
        nextSendNs = clock.nanoTime() + REFUSED_PAUSE_NS;
        if (refusals == REFUSALS) {
            tell(ChannelEndpointStatus.ERRORED);
        }
    }

    private void tell(long newStatus) {
        if (!status.isClosed()) {
            status.setRelease(newStatus);
        }
    }
}
