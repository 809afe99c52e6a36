package io.paxoslog.media;

import io.aeron.driver.Configuration;
import io.aeron.driver.DataPacketDispatcher;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.ReceiveChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.HeaderFlyweight;
import io.aeron.protocol.RttMeasurementFlyweight;
import io.aeron.protocol.SetupFlyweight;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * The receiving end of a channel, of which all datagrams that have come are taken at once. A driver
 * takes one from each socket a turn: whoever works by turns would hear small ones one by one, the
 * slower the more of them wait, until the socket has no room for more. Over IPv4 no objects are
 * made for them.
 */
final class BurstEndpoint extends ReceiveChannelEndpoint {
    /** Then the rest of the turn is due, however many have come. */
    static final int MOST_DATAGRAMS = 64;

    private static final int ONLY_TRANSPORT = 0;

    private final ByteBuffer bytes;
    private final UnsafeBuffer frame;
    private final DataHeaderFlyweight data;
    private final SetupFlyweight setup;
    private final RttMeasurementFlyweight measurement;
    private DatagramReader reader;

    BurstEndpoint(
            UdpChannel channel,
            DataPacketDispatcher dispatcher,
            AtomicCounter status,
            MediaDriver.Context context) {
        super(channel, dispatcher, status, context);
        bytes = ByteBuffer.allocateDirect(Configuration.MAX_UDP_PAYLOAD_LENGTH);
        frame = new UnsafeBuffer(bytes);
        data = new DataHeaderFlyweight(frame);
        setup = new SetupFlyweight(frame);
        measurement = new RttMeasurementFlyweight(frame);
    }

    @Override
    public void openDatagramChannel(AtomicCounter status) {
        super.openDatagramChannel(status);
        if (DatagramReader.isAllowed()
                && udpChannel.protocolFamily() == StandardProtocolFamily.INET) {
            reader = new DatagramReader(receiveDatagramChannel);
        }
    }

    @Override
    public InetSocketAddress receive(ByteBuffer buffer) {
        return reader == null ? super.receive(buffer) : reader.receive(buffer);
    }

    @Override
    public int onDataPacket(
            DataHeaderFlyweight header,
            UnsafeBuffer buffer,
            int length,
            InetSocketAddress from,
            int transport) {
        int taken = super.onDataPacket(header, buffer, length, from, transport);
        for (int datagrams = 1; datagrams < MOST_DATAGRAMS; datagrams++) {
            InetSocketAddress next = receive(bytes);
            if (next == null) {
                break;
            }
            taken += hear(bytes.position(), next);
        }
        return taken;
    }

    private int hear(int length, InetSocketAddress from) {
        if (!isValidFrame(frame, length)) {
            return 0;
        }
        switch (FrameDescriptor.frameType(frame, 0)) {
            case HeaderFlyweight.HDR_TYPE_DATA, HeaderFlyweight.HDR_TYPE_PAD -> {
                return super.onDataPacket(data, frame, length, from, ONLY_TRANSPORT);
            }
            case HeaderFlyweight.HDR_TYPE_SETUP ->
                    onSetupMessage(setup, frame, length, from, ONLY_TRANSPORT);
            case HeaderFlyweight.HDR_TYPE_RTTM ->
                    onRttMeasurement(measurement, frame, length, from, ONLY_TRANSPORT);
            default -> {
                // A receiving end is told nothing else.
            }
        }
        return 0;
    }
}
