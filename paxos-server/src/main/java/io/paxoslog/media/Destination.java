package io.paxoslog.media;

import java.net.InetAddress;
import java.util.List;

/**
 * Where a member listens, as the channel by which it is reached: a driver is told numbers only, for
 * it would wait for names on the thread that does everything. Used by one thread.
 */
public final class Destination {
    private final HostNames names;
    private final String host;
    private final int port;
    private final int mtuBytes;
    private InetAddress address;

    /**
     * @param mtuBytes largest datagram; 0: as large as the way there carries
     */
    public Destination(HostNames names, String host, int port, int mtuBytes) {
        this.names = names;
        this.host = host;
        this.port = port;
        this.mtuBytes = mtuBytes;
    }

    /**
     * As above.
     *
     * @param endpoint HOST:PORT
     */
    public static Destination of(HostNames names, String endpoint, int mtuBytes) {
        int colon = endpoint.lastIndexOf(':');
        return new Destination(
                names,
                endpoint.substring(0, colon),
                Integer.parseInt(endpoint.substring(colon + 1)),
                mtuBytes);
    }

    /** The channel to where the host is now; null while that is unknown. */
    public String channel() {
        address = names.addressOf(host);
        return address == null
                ? null
                : "aeron:udp?endpoint=" + HostNames.text(address) + ":" + port + "|mtu=" + mtu();
    }

    private int mtu() {
        return mtuBytes == 0 ? NetworkPath.datagramBytesTowards(List.of(address)) : mtuBytes;
    }

    /** Nothing is heard from there: whether the host is known to be elsewhere by now. */
    public boolean hasMoved() {
        names.doubt(host);
        InetAddress now = names.addressOf(host);
        return now != null && !now.equals(address);
    }
}
