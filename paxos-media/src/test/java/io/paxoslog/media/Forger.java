package io.paxoslog.media;

import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.ErrorFlyweight;
import io.aeron.protocol.HeaderFlyweight;
import io.aeron.protocol.NakFlyweight;
import io.aeron.protocol.RttMeasurementFlyweight;
import io.aeron.protocol.SetupFlyweight;
import io.aeron.protocol.StatusMessageFlyweight;
import io.paxoslog.codecs.client.HelloEncoder;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A stranger with a socket: makes every datagram that Aeron knows, with any values in it, and sends
 * it to a port of loopback.
 */
public final class Forger implements AutoCloseable {
    public static final int TERM_BYTES = 64 * 1024;
    public static final int MTU_BYTES = 1408;
    public static final int DATA_HEADER = DataHeaderFlyweight.HEADER_LENGTH;
    public static final int WHOLE = 0xC0;
    public static final int BEGIN = 0x80;
    public static final int END = 0x40;
    public static final int INSIDE = 0;

    private static final int INITIAL_TERM = 100;
    private static final InetAddress LOOPBACK = address(127, 0, 0, 1);

    private final DatagramChannel channel;
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(2048);
    private int echoes;
    private int answers;

    public Forger() {
        try {
            channel = DatagramChannel.open(java.net.StandardProtocolFamily.INET);
            channel.bind(new InetSocketAddress(LOOPBACK, 0));
            channel.configureBlocking(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An address of IPv4. */
    public static InetAddress address(int a, int b, int c, int d) {
        return address(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
    }

    /** An address of 4 or 16 bytes. */
    static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
        }
    }

    public int port() {
        return channel.socket().getLocalPort();
    }

    public void send(int port, byte[] datagram) {
        send(port, datagram, datagram.length);
    }

    public void send(int port, byte[] datagram, int length) {
        try {
            channel.send(
                    ByteBuffer.wrap(datagram, 0, length), new InetSocketAddress(LOOPBACK, port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Answers measurements of the round trip as a publication does; returns how many there were.
     */
    public int answer() {
        try {
            int answered = 0;
            InetSocketAddress from = receive();
            while (from != null) {
                answers++;
                answered += answer(from) ? 1 : 0;
                from = receive();
            }
            return answered;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InetSocketAddress receive() throws IOException {
        incoming.clear();
        return (InetSocketAddress) channel.receive(incoming);
    }

    private boolean answer(InetSocketAddress from) throws IOException {
        RttMeasurementFlyweight asked = new RttMeasurementFlyweight(incoming);
        if (asked.headerType() != HeaderFlyweight.HDR_TYPE_RTTM) {
            return false;
        }
        echoes++;
        asked.flags((short) 0);
        incoming.flip();
        channel.send(incoming, from);
        return true;
    }

    /** Measurements answered so far. */
    public int echoes() {
        return echoes;
    }

    /** All datagrams that came back so far. */
    public int answers() {
        return answers;
    }

    public static byte[] setup(int stream, int session) {
        return setup(stream, session, TERM_BYTES, MTU_BYTES, 0);
    }

    public static byte[] setup(int stream, int session, int termBytes, int mtu, int termOffset) {
        byte[] bytes = new byte[SetupFlyweight.HEADER_LENGTH];
        SetupFlyweight frame = new SetupFlyweight(new UnsafeBuffer(bytes));
        head(frame, bytes.length, HeaderFlyweight.HDR_TYPE_SETUP, 0);
        frame.streamId(stream)
                .sessionId(session)
                .initialTermId(INITIAL_TERM)
                .activeTermId(INITIAL_TERM)
                .termOffset(termOffset)
                .termLength(termBytes)
                .mtuLength(mtu);
        return bytes;
    }

    private static void head(HeaderFlyweight frame, int length, int type, int flags) {
        frame.version(HeaderFlyweight.CURRENT_VERSION)
                .flags((short) flags)
                .headerType(type)
                .frameLength(length);
    }

    /** A whole message in one frame. */
    public static byte[] message(int stream, int session, int termOffset, byte[] payload) {
        int frame = DATA_HEADER + payload.length;
        return data(stream, session, termOffset, WHOLE, frame, payload);
    }

    /** A frame of data that says whatever length, in a datagram that holds the payload. */
    public static byte[] data(
            int stream, int session, int termOffset, int flags, int frameLength, byte[] payload) {
        byte[] bytes = new byte[DATA_HEADER + aligned(payload.length)];
        System.arraycopy(payload, 0, bytes, DATA_HEADER, payload.length);
        DataHeaderFlyweight frame = new DataHeaderFlyweight(new UnsafeBuffer(bytes));
        head(frame, frameLength, HeaderFlyweight.HDR_TYPE_DATA, flags);
        frame.streamId(stream).sessionId(session).termId(INITIAL_TERM).termOffset(termOffset);
        return bytes;
    }

    private static int aligned(int length) {
        return (length + 31) & -32;
    }

    public static byte[] heartbeat(int stream, int session, int termOffset, int flags) {
        return data(stream, session, termOffset, flags, 0, new byte[0]);
    }

    public static byte[] padding(int stream, int session, int termOffset, int frameLength) {
        byte[] bytes = data(stream, session, termOffset, WHOLE, frameLength, new byte[0]);
        new DataHeaderFlyweight(new UnsafeBuffer(bytes)).headerType(HeaderFlyweight.HDR_TYPE_PAD);
        return bytes;
    }

    /** Datagrams one behind the other make one. */
    public static byte[] together(byte[]... parts) {
        byte[] all = new byte[0];
        for (byte[] part : parts) {
            int end = all.length;
            all = Arrays.copyOf(all, end + part.length);
            System.arraycopy(part, 0, all, end, part.length);
        }
        return all;
    }

    public static byte[] status(int stream, int session, int termOffset, int window, int flags) {
        byte[] bytes = new byte[StatusMessageFlyweight.HEADER_LENGTH];
        StatusMessageFlyweight frame = new StatusMessageFlyweight(new UnsafeBuffer(bytes));
        head(frame, bytes.length, HeaderFlyweight.HDR_TYPE_SM, flags);
        frame.sessionId(session)
                .streamId(stream)
                .consumptionTermId(INITIAL_TERM)
                .consumptionTermOffset(termOffset)
                .receiverWindowLength(window)
                .receiverId(7);
        return bytes;
    }

    public static byte[] nak(int stream, int session, int termOffset, int length) {
        byte[] bytes = new byte[NakFlyweight.HEADER_LENGTH];
        NakFlyweight frame = new NakFlyweight(new UnsafeBuffer(bytes));
        head(frame, bytes.length, HeaderFlyweight.HDR_TYPE_NAK, 0);
        frame.sessionId(session).streamId(stream).termId(INITIAL_TERM).termOffset(termOffset);
        frame.length(length);
        return bytes;
    }

    public static byte[] measurement(int stream, int session, long echo, int flags) {
        byte[] bytes = new byte[RttMeasurementFlyweight.HEADER_LENGTH];
        RttMeasurementFlyweight frame = new RttMeasurementFlyweight(new UnsafeBuffer(bytes));
        head(frame, bytes.length, HeaderFlyweight.HDR_TYPE_RTTM, flags);
        frame.sessionId(session).streamId(stream).echoTimestampNs(echo);
        return bytes;
    }

    /** An error that says it has a text of some length. */
    public static byte[] error(int stream, int session, int textLength) {
        byte[] bytes = new byte[ErrorFlyweight.HEADER_LENGTH];
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        ErrorFlyweight frame = new ErrorFlyweight(buffer);
        head(frame, bytes.length, HeaderFlyweight.HDR_TYPE_ERR, 0);
        frame.sessionId(session).streamId(stream).receiverId(7);
        buffer.putInt(ErrorFlyweight.ERROR_STRING_FIELD_OFFSET, textLength);
        return bytes;
    }

    /** A client's first words. */
    public static byte[] hello(long link, String endpoint) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        HelloEncoder hello =
                new HelloEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        hello.link(link).protocolVersion(1).responseEndpoint(endpoint);
        int length = MessageHeaderEncoder.ENCODED_LENGTH + hello.encodedLength();
        return Arrays.copyOf(buffer.byteArray(), length);
    }

    /** The same with one bit the other way round. */
    public static byte[] flipped(byte[] datagram, int bit) {
        byte[] other = datagram.clone();
        other[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        return other;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
