package io.paxoslog.media;

import io.aeron.driver.Configuration;
import io.aeron.driver.DataPacketDispatcher;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.ImageConnection;
import io.aeron.driver.media.ReceiveChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.HeaderFlyweight;
import io.aeron.protocol.SetupFlyweight;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import org.agrona.collections.IntHashSet;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * The receiving end of a channel, of which all datagrams that have come are taken at once. A driver
 * takes one from each socket a turn: whoever works by turns would hear small ones one by one, the
 * slower the more of them wait, until the socket has no room for more. Over IPv4 no objects are
 * made for them.
 *
 * <p>What a {@link Doorkeeper} does not let pass never reaches the driver, and a turn reads only so
 * much of it.
 */
final class BurstEndpoint extends ReceiveChannelEndpoint implements Doorkeeper.Voice {
    /** Then the rest of the turn is due, however many have come. */
    static final int MOST_DATAGRAMS = 64;

    /** Those that do not pass; they are read so that others behind them are heard. */
    static final int MOST_DROPPED = 64;

    private static final int ONLY_TRANSPORT = 0;

    private final ByteBuffer bytes;
    private final UnsafeBuffer frame;
    private final DataHeaderFlyweight data;
    private final UnsafeBuffer first = new UnsafeBuffer(0, 0);
    private ByteBuffer firstBytes;
    private final CachedNanoClock clock;
    private final DroppedDatagrams dropped;
    private final Doorkeeper doorkeeper;
    private final Bell bell;
    private DatagramReader reader;
    private volatile IntHashSet streams = new IntHashSet();
    private int datagramsLeft;
    private int droppedLeft;

    BurstEndpoint(
            UdpChannel channel,
            DataPacketDispatcher dispatcher,
            AtomicCounter status,
            MediaDriver.Context context,
            StreamBounds bounds,
            AddressProof proofs,
            DroppedDatagrams dropped,
            Bell bell) {
        super(channel, dispatcher, status, context);
        this.dropped = dropped;
        this.bell = bell;
        bytes = ByteBuffer.allocateDirect(Configuration.MAX_UDP_PAYLOAD_LENGTH);
        frame = new UnsafeBuffer(bytes);
        data = new DataHeaderFlyweight(frame);
        clock = context.receiverCachedNanoClock();
        long nowNs = clock.nanoTime();
        doorkeeper =
                new Doorkeeper(
                        this,
                        new KnownStreams(bounds, context.imageLivenessTimeoutNs(), nowNs),
                        proofs,
                        dropped,
                        nowNs);
    }

    @Override
    public void openDatagramChannel(AtomicCounter status) {
        super.openDatagramChannel(status);
        bell.hang(receiveDatagramChannel);
        if (DatagramReader.isAllowed()
                && udpChannel.protocolFamily() == StandardProtocolFamily.INET) {
            reader = new DatagramReader(receiveDatagramChannel);
        }
    }

    @Override
    public void close() {
        if (receiveDatagramChannel != null) {
            bell.unhang(receiveDatagramChannel);
        }
        super.close();
    }

    /** The first of a turn; the others follow behind it. */
    @SuppressWarnings("ReferenceEquality") // Whether it is the buffer that is wrapped already.
    @Override
    public InetSocketAddress receive(ByteBuffer buffer) {
        doorkeeper.beginTurn(clock.nanoTime());
        datagramsLeft = MOST_DATAGRAMS;
        droppedLeft = MOST_DROPPED;
        if (buffer != firstBytes) {
            first.wrap(buffer, 0, buffer.capacity());
            firstBytes = buffer;
        }
        return next(buffer, first);
    }

    /** The next datagram that the driver may take; null when there is none in this turn. */
    private InetSocketAddress next(ByteBuffer buffer, UnsafeBuffer view) {
        while (datagramsLeft > 0 && droppedLeft > 0) {
            InetSocketAddress from = read(buffer);
            if (from == null) {
                return null;
            }
            if (isForDriver(view, buffer.position(), from)) {
                datagramsLeft--;
                return from;
            }
            droppedLeft--;
        }
        return null;
    }

    private InetSocketAddress read(ByteBuffer buffer) {
        return reader == null ? super.receive(buffer) : reader.receive(buffer);
    }

    private boolean isForDriver(UnsafeBuffer view, int length, InetSocketAddress from) {
        if (!Frames.hasHeader(view, length)) {
            dropped.malformed();
            return false;
        }
        switch (FrameDescriptor.frameType(view, 0)) {
            case HeaderFlyweight.HDR_TYPE_DATA, HeaderFlyweight.HDR_TYPE_PAD -> {
                return doorkeeper.mayPass(view, length, from);
            }
            case HeaderFlyweight.HDR_TYPE_SETUP -> doorkeeper.onSetup(view, length, from);
            case HeaderFlyweight.HDR_TYPE_RTTM -> doorkeeper.onEcho(view, length, from);
            default -> dropped.malformed();
        }
        return false;
    }

    @Override
    public int onDataPacket(
            DataHeaderFlyweight header,
            UnsafeBuffer buffer,
            int length,
            InetSocketAddress from,
            int transport) {
        int taken = pass(header, buffer, length, from);
        InetSocketAddress next = next(bytes, frame);
        while (next != null) {
            taken += pass(data, frame, bytes.position(), next);
            next = next(bytes, frame);
        }
        return taken;
    }

    private int pass(
            DataHeaderFlyweight header, UnsafeBuffer buffer, int length, InetSocketAddress from) {
        int taken = super.onDataPacket(header, buffer, length, from, ONLY_TRANSPORT);
        if (taken > 0) {
            doorkeeper.taken(buffer, length);
        }
        return taken;
    }

    @Override
    public void sendStatusMessage(
            ImageConnection[] connections,
            int sessionId,
            int streamId,
            int termId,
            int termOffset,
            int windowLength,
            short flags) {
        doorkeeper.consumed(streamId, sessionId, termId, termOffset);
        super.sendStatusMessage(
                connections, sessionId, streamId, termId, termOffset, windowLength, flags);
    }

    /** Who is silent is not asked for what is missing: nobody would hear it, again and again. */
    @Override
    public void sendNakMessage(
            ImageConnection[] connections,
            int sessionId,
            int streamId,
            int termId,
            int termOffset,
            int length) {
        if (doorkeeper.isHeard(streamId, sessionId)) {
            super.sendNakMessage(connections, sessionId, streamId, termId, termOffset, length);
        }
    }

    /** Called by the driver's conductor, which may be another thread than the one that hears. */
    @Override
    public int incRefToStream(int streamId) {
        IntHashSet more = new IntHashSet();
        more.addAll(streams);
        more.add(streamId);
        streams = more;
        return super.incRefToStream(streamId);
    }

    @Override
    public int decRefToStream(int streamId) {
        int count = super.decRefToStream(streamId);
        if (count == 0) {
            IntHashSet less = new IntHashSet();
            less.addAll(streams);
            less.remove(streamId);
            streams = less;
        }
        return count;
    }

    @Override
    public boolean isListenedTo(int streamId) {
        return streams.contains(streamId);
    }

    @Override
    public void askForEcho(InetSocketAddress source, int streamId, int sessionId, long number) {
        sendRttMeasurement(ONLY_TRANSPORT, source, sessionId, streamId, number, 0, true);
    }

    @Override
    public void askForSetup(InetSocketAddress source, int streamId, int sessionId) {
        sendSetupElicitingStatusMessage(ONLY_TRANSPORT, source, sessionId, streamId);
    }

    @Override
    public void passSetup(SetupFlyweight setup, InetSocketAddress source) {
        onSetupMessage(setup, setup, SetupFlyweight.HEADER_LENGTH, source, ONLY_TRANSPORT);
    }
}
