package io.paxoslog.client;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.paxoslog.codecs.ClientProtocol;
import io.paxoslog.media.Destination;
import io.paxoslog.media.OpeningStream;
import io.paxoslog.media.TermLength;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

/**
 * The way to one member: an Aeron publication that opens in the background, once it is known where
 * the member is.
 */
final class MemberPublication implements MemberLine {
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Aeron aeron;
    private final Destination destination;
    private final int termBytes;
    private final int maxMessageBytes;

    /** Null while nobody knows where the member is. */
    private OpeningStream stream;

    private long nextDoubtNs = System.nanoTime() + PAUSE_NS;
    private boolean isBroken;

    MemberPublication(Aeron aeron, Destination destination, int largestMessageBytes) {
        this.aeron = aeron;
        this.destination = destination;
        termBytes = TermLength.forMessagesOf(largestMessageBytes);
        maxMessageBytes = TermLength.largestMessage(termBytes);
        tryOpen();
    }

    private void tryOpen() {
        String channel = destination.channel();
        if (channel != null) {
            String whole = channel + "|term-length=" + termBytes;
            stream = new OpeningStream(aeron, whole, ClientProtocol.INGRESS_STREAM);
        }
    }

    @Override
    public boolean isOpen() {
        if (stream == null) {
            tryOpen();
        }
        return !isBroken && stream != null && stream.isOpen();
    }

    @Override
    public boolean isHeard() {
        return isOpen() && stream.publication().isConnected();
    }

    @Override
    public boolean isBroken() {
        return isBroken || (stream != null && stream.isRefused());
    }

    @Override
    public int fragmentBytes() {
        return stream.publication().maxPayloadLength();
    }

    @Override
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    @Override
    public boolean send(DirectBuffer message, int length) {
        return isOpen() && isTaken(stream.publication().offer(message, 0, length));
    }

    @Override
    public boolean send(
            DirectBuffer head, int headLength, DirectBuffer body, int offset, int length) {
        return isOpen()
                && isTaken(stream.publication().offer(head, 0, headLength, body, offset, length));
    }

    private boolean isTaken(long result) {
        if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED) {
            isBroken = true;
        } else if (isDoubtDue()) {
            isBroken = destination.isToReopen(result, stream.watch(), System.nanoTime());
        }
        if (result > 0) {
            stream.watch().taken();
        }
        return result > 0;
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
        CloseHelper.close(stream);
    }
}
