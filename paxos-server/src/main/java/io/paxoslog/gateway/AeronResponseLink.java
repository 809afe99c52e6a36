package io.paxoslog.gateway;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.status.ChannelEndpointStatus;
import io.paxoslog.codecs.ClientProtocol;
import io.paxoslog.media.DatagramSize;
import io.paxoslog.media.OpeningStream;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/** A {@link ResponseLink} over an Aeron publication of its own. */
final class AeronResponseLink implements ResponseLink {
    /** What became of a message. */
    enum Outcome {
        TAKEN,
        AGAIN,
        BROKEN
    }

    private static final int ANY_SIZE = Integer.MAX_VALUE;

    /** So long the last that was said can be asked for again. */
    private static final int LINGER_MS = 500;

    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final DatagramSize size;
    private final NanoClock clock;
    private final int openedBytes;
    private final OpeningStream stream;
    private long nextNs;
    private boolean isBroken;

    /**
     * @param size what is known of the way to the client
     */
    AeronResponseLink(Aeron aeron, String endpoint, int termBytes, DatagramSize size) {
        this.size = size;
        clock = aeron.context().nanoClock();
        nextNs = clock.nanoTime() + PAUSE_NS;
        openedBytes = size.of(ANY_SIZE);
        String mtu = openedBytes == ANY_SIZE ? "" : "|mtu=" + openedBytes;
        String channel =
                "aeron:udp?endpoint=%s|term-length=%d|linger=%dms%s"
                        .formatted(endpoint, termBytes, LINGER_MS, mtu);
        stream = new OpeningStream(aeron, channel, ClientProtocol.RESPONSE_STREAM);
    }

    @Override
    public boolean isConnected() {
        return isOpen() && stream.publication().isConnected() && !isRefused();
    }

    @Override
    public boolean isRefused() {
        return isOpen() && stream.publication().channelStatus() == ChannelEndpointStatus.ERRORED;
    }

    private boolean isOpen() {
        return !isBroken && stream.isOpen();
    }

    @Override
    public boolean isBroken() {
        return isBroken || stream.isRefused();
    }

    @Override
    public int fragmentBytes() {
        return stream.publication().maxPayloadLength();
    }

    @Override
    public boolean hasRoom() {
        return isConnected() && stream.publication().availableWindow() >= fragmentBytes();
    }

    @Override
    public boolean send(DirectBuffer message, int length) {
        if (!isOpen()) {
            return false;
        }
        Outcome outcome = outcomeOf(stream.publication().offer(message, 0, length));
        if (outcome == Outcome.TAKEN) {
            stream.watch().taken();
        }
        isBroken = outcome == Outcome.BROKEN || isToComeAgain();
        return outcome == Outcome.TAKEN;
    }

    /** By a new link, whose datagrams are of another size. */
    private boolean isToComeAgain() {
        long now = clock.nanoTime();
        if (now - nextNs < 0) {
            return false;
        }
        nextNs = now + PAUSE_NS;
        if (stream.watch().isStuck(now)) {
            size.tooLarge(fragmentBytes() + DataHeaderFlyweight.HEADER_LENGTH);
        }
        return size.of(ANY_SIZE) != openedBytes;
    }

    /** Back-pressured or not connected: try again. Closed or worn out: the client comes again. */
    static Outcome outcomeOf(long result) {
        if (result > 0) {
            return Outcome.TAKEN;
        }
        boolean isOver =
                result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED;
        return isOver ? Outcome.BROKEN : Outcome.AGAIN;
    }

    @Override
    public void close() {
        stream.close();
    }
}
