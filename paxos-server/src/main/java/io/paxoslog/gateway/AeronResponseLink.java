package io.paxoslog.gateway;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.exceptions.RegistrationException;
import io.paxoslog.codecs.ClientProtocol;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

/** A {@link ResponseLink} over an Aeron publication of its own. */
final class AeronResponseLink implements ResponseLink {
    /** What became of a message. */
    enum Outcome {
        TAKEN,
        AGAIN,
        BROKEN
    }

    private final Aeron aeron;
    private final long registration;
    private ExclusivePublication publication;
    private boolean isBroken;

    AeronResponseLink(Aeron aeron, String endpoint, int termBytes) {
        this.aeron = aeron;
        String channel = "aeron:udp?endpoint=" + endpoint + "|term-length=" + termBytes;
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
        isBroken = outcome == Outcome.BROKEN;
        return outcome == Outcome.TAKEN;
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
