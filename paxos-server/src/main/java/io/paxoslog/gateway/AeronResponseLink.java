package io.paxoslog.gateway;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.exceptions.RegistrationException;
import io.aeron.protocol.DataHeaderFlyweight;
import io.paxoslog.codecs.ClientProtocol;
import io.paxoslog.media.DatagramSize;
import io.paxoslog.media.StreamWatch;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
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
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Aeron aeron;
    private final DatagramSize size;
    private final NanoClock clock;
    private final int openedBytes;
    private final long registration;
    private ExclusivePublication publication;
    private StreamWatch watch;
    private long nextNs;
    private boolean isBroken;

    /**
     * @param size what is known of the way to the client
     */
    AeronResponseLink(Aeron aeron, String endpoint, int termBytes, DatagramSize size) {
        this.aeron = aeron;
        this.size = size;
        clock = aeron.context().nanoClock();
        nextNs = clock.nanoTime() + PAUSE_NS;
        openedBytes = size.of(ANY_SIZE);
        String mtu = openedBytes == ANY_SIZE ? "" : "|mtu=" + openedBytes;
        String channel = "aeron:udp?endpoint=" + endpoint + "|term-length=" + termBytes + mtu;
        registration = aeron.asyncAddExclusivePublication(channel, ClientProtocol.RESPONSE_STREAM);
    }

    @Override
    public boolean isConnected() {
        return isOpen() && publication.isConnected();
    }

    private boolean isOpen() {
        if (publication == null && !isBroken) {
            try {
                publication = aeron.getExclusivePublication(registration);
                watch = publication == null ? null : new StreamWatch(aeron, publication);
            } catch (RegistrationException e) {
                // The endpoint is none that this machine can send to.
                isBroken = true;
            }
        }
        return publication != null && !isBroken;
    }

    @Override
    public boolean isBroken() {
        return isBroken;
    }

    @Override
    public int fragmentBytes() {
        return publication.maxPayloadLength();
    }

    @Override
    public boolean hasRoom() {
        return isOpen() && publication.availableWindow() >= publication.maxPayloadLength();
    }

    @Override
    public boolean send(DirectBuffer message, int length) {
        if (!isOpen()) {
            return false;
        }
        Outcome outcome = outcomeOf(publication.offer(message, 0, length));
        if (outcome == Outcome.TAKEN) {
            watch.taken();
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
        if (watch.isStuck(now)) {
            size.tooLarge(publication.maxPayloadLength() + DataHeaderFlyweight.HEADER_LENGTH);
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
        if (publication == null && !aeron.isClosed()) {
            aeron.asyncRemovePublication(registration);
        }
        CloseHelper.close(publication);
    }
}
