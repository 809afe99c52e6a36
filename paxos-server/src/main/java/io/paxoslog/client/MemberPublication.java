package io.paxoslog.client;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.exceptions.RegistrationException;
import io.paxoslog.codecs.ClientProtocol;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

/** The way to one member: an Aeron publication that opens in the background. */
final class MemberPublication implements MemberLine {
    private static final String TERM_LENGTH = "4m";

    private final Aeron aeron;
    private final long registration;
    private ExclusivePublication publication;
    private boolean isBroken;

    MemberPublication(Aeron aeron, String endpoint) {
        this.aeron = aeron;
        String channel = "aeron:udp?endpoint=" + endpoint + "|term-length=" + TERM_LENGTH;
        registration = aeron.asyncAddExclusivePublication(channel, ClientProtocol.INGRESS_STREAM);
    }

    @Override
    public boolean isOpen() {
        if (publication == null && !isBroken) {
            try {
                publication = aeron.getExclusivePublication(registration);
            } catch (RegistrationException e) {
                // The address cannot be resolved or reached; it may be later.
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
    public boolean send(DirectBuffer message, int length) {
        return isOpen() && isTaken(publication.offer(message, 0, length));
    }

    @Override
    public boolean send(
            DirectBuffer head, int headLength, DirectBuffer body, int offset, int length) {
        return isOpen() && isTaken(publication.offer(head, 0, headLength, body, offset, length));
    }

    private boolean isTaken(long result) {
        if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED) {
            isBroken = true;
        }
        return result > 0;
    }

    @Override
    public void close() {
        if (publication == null && !aeron.isClosed()) {
            aeron.asyncRemovePublication(registration);
        }
        CloseHelper.close(publication);
    }
}
