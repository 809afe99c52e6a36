package io.paxoslog.media;

import io.aeron.Publication;
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
    private final DatagramSize size;
    private InetAddress address;
    private int wantedBytes;
    private int openedBytes;

    private Destination(HostNames names, String host, int port, int mtuBytes, DatagramSize size) {
        this.names = names;
        this.host = host;
        this.port = port;
        this.mtuBytes = mtuBytes;
        this.size = size;
    }

    /**
     * A place by its name or number.
     *
     * @param endpoint HOST:PORT
     * @param mtuBytes largest datagram; 0: as large as the way there carries
     * @param size what is known of the way, for all streams that take it
     */
    public static Destination of(
            HostNames names, String endpoint, int mtuBytes, DatagramSize size) {
        int colon = endpoint.lastIndexOf(':');
        return new Destination(
                names,
                endpoint.substring(0, colon),
                Integer.parseInt(endpoint.substring(colon + 1)),
                mtuBytes,
                size);
    }

    /** The channel to where the host is now; null while that is unknown. */
    public String channel() {
        address = names.addressOf(host);
        if (address == null) {
            return null;
        }
        wantedBytes = mtuBytes == 0 ? NetworkPath.datagramBytesTowards(List.of(address)) : mtuBytes;
        openedBytes = size.of(wantedBytes);
        return "aeron:udp?endpoint=%s:%d|mtu=%d"
                .formatted(HostNames.text(address), port, openedBytes);
    }

    /**
     * Whether the stream that was opened last is to be opened anew: by a last answer that it is not
     * connected where the host is known to be elsewhere by now, else where datagrams of another
     * size than its own are due.
     */
    public boolean isToReopen(long answer, StreamWatch watch, long nowNs) {
        if (answer == Publication.NOT_CONNECTED) {
            return hasMoved();
        }
        if (watch.isStuck(nowNs)) {
            size.tooLarge(openedBytes);
        }
        return size.of(wantedBytes) != openedBytes;
    }

    private boolean hasMoved() {
        names.doubt(host);
        InetAddress now = names.addressOf(host);
        return now != null && !now.equals(address);
    }
}
