package io.paxoslog.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What lies between this machine and another, as far as this machine knows. Sends nothing. Any
 * thread.
 */
public final class NetworkPath {
    /** IP, UDP, and room for a tunnel in between: 1500 bytes carry a datagram of 1408. */
    private static final int HEADERS_BYTES = 92;

    private static final int FRAME_ALIGNMENT = 32;
    private static final int LARGEST_DATAGRAM = 65_504;
    private static final int SMALLEST_DATAGRAM = 1024;
    private static final int COMMON_BYTES = 1500;

    private NetworkPath() {}

    /** The local address by which another is reached; the loopback address when it is unknown. */
    public static InetAddress localAddressTowards(InetAddress host, int port) {
        InetAddress local = host == null ? null : routeTowards(host, port);
        return local == null ? InetAddress.getLoopbackAddress() : local;
    }

    private static InetAddress routeTowards(InetAddress host, int port) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(host, port));
            return socket.getLocalAddress();
        } catch (IOException | UncheckedIOException e) {
            return null;
        }
    }

    /**
     * Bytes of the largest datagram that leaves this machine in one piece towards all of some
     * hosts: 65,440 over the loopback interface, 1,408 over common Ethernet, 8,896 where that
     * carries 9,000 bytes.
     */
    public static int datagramBytesTowards(Collection<InetAddress> hosts) {
        int bytes = LARGEST_DATAGRAM;
        for (InetAddress host : hosts) {
            bytes = Math.min(bytes, datagramBytes(carriedTowards(host)));
        }
        return bytes;
    }

    /** As above; a host that is unknown by now counts as one behind common Ethernet. */
    public static int datagramBytesTowards(HostNames names, Collection<String> hosts) {
        List<InetAddress> known = new ArrayList<>();
        for (String host : hosts) {
            InetAddress address = names.addressOf(host);
            if (address == null) {
                return datagramBytes(COMMON_BYTES);
            }
            known.add(address);
        }
        return datagramBytesTowards(known);
    }

    static int datagramBytes(int carriedBytes) {
        int room = (carriedBytes - HEADERS_BYTES) & -FRAME_ALIGNMENT;
        return Math.max(SMALLEST_DATAGRAM, Math.min(LARGEST_DATAGRAM, room));
    }

    private static int carriedTowards(InetAddress host) {
        InetAddress local = routeTowards(host, 1);
        try {
            NetworkInterface way = local == null ? null : NetworkInterface.getByInetAddress(local);
            return way == null ? COMMON_BYTES : way.getMTU();
        } catch (IOException e) {
            return COMMON_BYTES;
        }
    }
}
