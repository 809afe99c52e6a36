package io.paxoslog.transport;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.ReservedValueSupplier;
import io.aeron.exceptions.RegistrationException;
import io.paxoslog.media.Destination;
import io.paxoslog.media.StreamWatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * The way to another node: one publication, opened in the background as soon as it is known where
 * the node is, and again where it is elsewhere later, or datagrams do not get through.
 */
final class AeronLine implements PeerLine {
    private static final long NOT_ASKED = Aeron.NULL_VALUE;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Aeron aeron;
    private final Destination destination;
    private final int streamId;
    private final ReservedValueSupplier run;
    private final NanoClock clock;
    private long registration = NOT_ASKED;
    private long nextNs;
    private ExclusivePublication publication;
    private StreamWatch watch;

    /**
     * @param run of this node; goes with every frame
     */
    AeronLine(Aeron aeron, Destination destination, int streamId, LongSupplier run) {
        this.aeron = aeron;
        this.destination = destination;
        this.streamId = streamId;
        this.run = (buffer, offset, length) -> run.getAsLong();
        clock = aeron.context().nanoClock();
        nextNs = clock.nanoTime();
        isOpen();
    }

    @Override
    public long offer(DirectBuffer buffer, int offset, int length) {
        if (publication == null && !isOpen()) {
            return aeron.isClosed() ? Publication.CLOSED : Publication.NOT_CONNECTED;
        }
        long answer = publication.offer(buffer, offset, length, run);
        if (answer > 0) {
            watch.taken();
        }
        if (isDue() && destination.isToReopen(answer, watch, clock.nanoTime())) {
            reopen();
        }
        return answer;
    }

    private boolean isDue() {
        long now = clock.nanoTime();
        if (now - nextNs < 0) {
            return false;
        }
        nextNs = now + PAUSE_NS;
        return true;
    }

    private boolean isOpen() {
        if (registration == NOT_ASKED && !aeron.isClosed() && isDue()) {
            ask();
        }
        if (registration != NOT_ASKED && !aeron.isClosed()) {
            lookForIt();
        }
        return publication != null;
    }

    private void ask() {
        String channel = destination.channel();
        if (channel != null) {
            registration = aeron.asyncAddExclusivePublication(channel, streamId);
        }
    }

    private void lookForIt() {
        try {
            publication = aeron.getExclusivePublication(registration);
            watch = publication == null ? null : new StreamWatch(aeron, publication);
        } catch (RegistrationException e) {
            // No way there now, or no room for it; there may be later.
            registration = NOT_ASKED;
        }
    }

    @Override
    public void reopen() {
        close();
        registration = NOT_ASKED;
        publication = null;
        isOpen();
    }

    @Override
    public void close() {
        if (publication == null && registration != NOT_ASKED && !aeron.isClosed()) {
            aeron.asyncRemovePublication(registration);
        }
        CloseHelper.quietClose(publication);
    }
}
