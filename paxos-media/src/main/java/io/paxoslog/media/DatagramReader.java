package io.paxoslog.media;

import java.io.FileDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import org.agrona.BufferUtil;
import org.agrona.LangUtil;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads datagrams from a socket of IPv4 as its channel does, with the same native call, but knows
 * senders again. A channel knows only the last one, and makes three objects whenever two datagrams
 * in a row come from different senders, as the votes of a leader's followers do. Used by one
 * thread.
 */
final class DatagramReader {
    /** Senders known at a time; forged ones may come without end. */
    private static final int MOST_SENDERS = 16_384;

    /** Room for the largest address that the operating system writes. */
    private static final int SENDER_BYTES = 128;

    private static final int PORT_OFFSET = 2;
    private static final int HOST_OFFSET = 4;
    private static final int HOST_BYTES = 4;
    private static final int NOTHING = -1;

    private static final MethodHandle RECEIVE;
    private static final MethodHandle DESCRIPTOR;

    static {
        MethodHandle receive = null;
        MethodHandle descriptor = null;
        try {
            Class<?> channel = Class.forName("sun.nio.ch.DatagramChannelImpl");
            MethodHandles.Lookup inside =
                    MethodHandles.privateLookupIn(channel, MethodHandles.lookup());
            receive =
                    inside.findStatic(
                            channel,
                            "receive0",
                            MethodType.methodType(
                                    int.class,
                                    FileDescriptor.class,
                                    long.class,
                                    int.class,
                                    long.class,
                                    boolean.class));
            descriptor = inside.findGetter(channel, "fd", FileDescriptor.class);
        } catch (ReflectiveOperationException e) {
            // Another Java, or one that was started without the package opened: not allowed.
        }
        RECEIVE = receive;
        DESCRIPTOR = descriptor;
    }

    private final DatagramChannel channel;
    private final int mostSenders;
    private final FileDescriptor descriptor;
    private final UnsafeBuffer sender = new UnsafeBuffer(ByteBuffer.allocateDirect(SENDER_BYTES));
    private final Long2ObjectHashMap<InetSocketAddress> senders = new Long2ObjectHashMap<>();

    /**
     * @param channel non-blocking, and of IPv4
     */
    DatagramReader(DatagramChannel channel) {
        this(channel, MOST_SENDERS);
    }

    DatagramReader(DatagramChannel channel, int mostSenders) {
        this.channel = channel;
        this.mostSenders = mostSenders;
        descriptor = descriptorOf(channel);
    }

    /** Whether this Java lets its native call be used; it does when {@code sun.nio.ch} is open. */
    static boolean isAllowed() {
        return DESCRIPTOR != null;
    }

    private static FileDescriptor descriptorOf(DatagramChannel channel) {
        try {
            return (FileDescriptor) DESCRIPTOR.invoke(channel);
        } catch (Throwable e) {
            LangUtil.rethrowUnchecked(e);
            return null;
        }
    }

    /**
     * Puts the next datagram at the beginning of a buffer, and the buffer's position to its end.
     *
     * @param buffer direct
     * @return the sender, or null when there is none now or the channel is closed
     */
    InetSocketAddress receive(ByteBuffer buffer) {
        buffer.clear();
        int bytes = channel.isOpen() ? read(buffer) : NOTHING;
        if (bytes < 0) {
            return null;
        }
        buffer.position(bytes);
        return sender();
    }

    private int read(ByteBuffer buffer) {
        long address = BufferUtil.address(buffer);
        int length = buffer.capacity();
        try {
            return (int)
                    RECEIVE.invokeExact(descriptor, address, length, sender.addressOffset(), false);
        } catch (Throwable e) {
            LangUtil.rethrowUnchecked(e);
            return NOTHING;
        }
    }

    private InetSocketAddress sender() {
        int port = Short.toUnsignedInt(sender.getShort(PORT_OFFSET, ByteOrder.BIG_ENDIAN));
        long key = (long) sender.getInt(HOST_OFFSET, ByteOrder.BIG_ENDIAN) << Short.SIZE | port;
        InetSocketAddress known = senders.get(key);
        return known == null ? addSender(key, port) : known;
    }

    private InetSocketAddress addSender(long key, int port) {
        if (senders.size() == mostSenders) {
            senders.clear();
        }
        InetSocketAddress added = new InetSocketAddress(host(), port);
        senders.put(key, added);
        return added;
    }

    private InetAddress host() {
        byte[] host = new byte[HOST_BYTES];
        sender.getBytes(HOST_OFFSET, host);
        try {
            return InetAddress.getByAddress(host);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of IPv4 has 4 bytes", e);
        }
    }

    int knownSenders() {
        return senders.size();
    }
}
