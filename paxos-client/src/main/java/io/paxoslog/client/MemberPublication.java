package io.paxoslog.client;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.exceptions.RegistrationException;
import io.paxoslog.codecs.ClientProtocol;
import io.paxoslog.media.Destination;
import io.paxoslog.media.StreamWatch;
import io.paxoslog.media.TermLength;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

/** The way to one member: an Aeron publication that opens in the background. */
final class MemberPublication implements MemberLine {
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Aeron aeron;
    private final Destination destination;
    private final int maxMessageBytes;
    private final long registration;
    private long nextDoubtNs = System.nanoTime() + PAUSE_NS;
    private ExclusivePublication publication;
    private StreamWatch watch;
    private boolean isBroken;

    MemberPublication(Aeron aeron, Destination destination, int largestMessageBytes) {
        this.aeron = aeron;
        this.destination = destination;
        int termBytes = TermLength.forMessagesOf(largestMessageBytes);
        maxMessageBytes = TermLength.largestMessage(termBytes);
        String channel = destination.channel();
        isBroken = channel == null;
        registration =
                isBroken
                        ? Aeron.NULL_VALUE
                        : aeron.asyncAddExclusivePublication(
                                channel + "|term-length=" + termBytes,
                                ClientProtocol.INGRESS_STREAM);
    }

    @Override
    public boolean isOpen() {
        if (publication == null && !isBroken) {
            try {
                publication = aeron.getExclusivePublication(registration);
                watch = publication == null ? null : new StreamWatch(aeron, publication);
            } catch (RegistrationException e) {
                // The address cannot be reached; it may be later.
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
    public int maxMessageBytes() {
        return maxMessageBytes;
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
        } else if (isDoubtDue()) {
            isBroken = isToReopen(result);
        }
        if (result > 0) {
            watch.taken();
        }
        return result > 0;
    }

    private boolean isToReopen(long result) {
        if (result == Publication.NOT_CONNECTED) {
            return destination.hasMoved();
        }
        if (watch.isStuck(System.nanoTime())) {
            destination.tooLarge();
        }
        return destination.isOtherSizeDue();
    }

    private boolean isDoubtDue() {
        long now = System.nanoTime();
        if (now - nextDoubtNs < 0) {
            return false;
        }
        nextDoubtNs = now + PAUSE_NS;
        return true;
    }

    @Override
    public void close() {
        if (publication == null && registration != Aeron.NULL_VALUE && !aeron.isClosed()) {
            aeron.asyncRemovePublication(registration);
        }
        CloseHelper.close(publication);
    }
}
