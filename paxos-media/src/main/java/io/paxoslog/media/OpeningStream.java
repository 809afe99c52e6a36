package io.paxoslog.media;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.exceptions.RegistrationException;
import org.agrona.CloseHelper;

/** A publication that opens in the background. Used by one thread. */
public final class OpeningStream implements AutoCloseable {
    private final Aeron aeron;
    private final long registration;
    private ExclusivePublication publication;
    private StreamWatch watch;
    private boolean isRefused;

    /** Begins to open one. */
    public OpeningStream(Aeron aeron, String channel, int streamId) {
        this.aeron = aeron;
        registration = aeron.asyncAddExclusivePublication(channel, streamId);
    }

    /** Whether it is open; looks for it until it is. */
    public boolean isOpen() {
        if (publication == null && !isRefused) {
            look();
        }
        return publication != null;
    }

    private void look() {
        try {
            publication = aeron.getExclusivePublication(registration);
            watch = publication == null ? null : new StreamWatch(aeron, publication);
        } catch (RegistrationException e) {
            // There is no way to where it goes; there may be one later.
            isRefused = true;
        }
    }

    /** Whether it was found that it does not open. */
    public boolean isRefused() {
        return isRefused;
    }

    /** What it is written to; null before it is open. */
    public ExclusivePublication publication() {
        return publication;
    }

    /** What looks at it; null before it is open. */
    public StreamWatch watch() {
        return watch;
    }

    /** Closes it, or opens it no further. */
    @Override
    public void close() {
        if (publication == null && !aeron.isClosed()) {
            aeron.asyncRemovePublication(registration);
        }
        CloseHelper.close(publication);
    }
}
