package io.paxoslog.service.forbidden;

import io.aeron.Publication;

/** Breaks R4 on purpose. */
public final class SpeaksAeron {
    boolean isUp(Publication publication) {
        return publication.isConnected();
    }
}
