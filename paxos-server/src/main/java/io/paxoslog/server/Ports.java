package io.paxoslog.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;

/** Finds out what the network of this machine allows before anything else is touched. */
final class Ports {
    private Ports() {}

    /**
     * Binds each port of a node once and lets go of it.
     *
     * @param address where the host of the node is
     */
    static void requireFree(Member self, InetAddress address) {
        for (int port = self.port(); port < self.port() + Member.PORTS; port++) {
            try (DatagramChannel channel = DatagramChannel.open()) {
                channel.bind(new InetSocketAddress(address, port));
            } catch (IOException e) {
                throw new StartException(
                        StartException.Reason.PORT,
                        "UDP port %d on %s cannot be bound (%s): free it or choose another for %s"
                                .formatted(port, self.host(), e.getMessage(), self),
                        e);
            }
        }
    }

    /** The socket buffer that the operating system grants when asked for {@code wanted} bytes. */
    static int grantedBuffer(int wanted) {
        try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, wanted);
            return Math.min(wanted, channel.getOption(StandardSocketOptions.SO_RCVBUF));
        } catch (IOException e) {
            throw new StartException(
                    StartException.Reason.MEDIA,
                    "no UDP socket can be opened (" + e.getMessage() + ")",
                    e);
        }
    }
}
