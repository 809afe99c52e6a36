package io.paxoslog.client;

import io.paxoslog.codecs.client.EndReason;

/** Why a session is over, as a node said. */
public enum SessionEnd {
    /** It was closed. */
    CLOSED,
    /** Nothing was heard of its client for too long; or the node does not know any more. */
    EXPIRED,
    /** The cluster holds as many sessions as it may, and this one was silent for longest. */
    EVICTED,
    /** Its client did not take the events that it was sent: poll more often, or be sent less. */
    SLOW,
    /** A new cluster was founded on the log; no session goes on there. */
    REFOUNDED;

    static SessionEnd of(EndReason reason) {
        return switch (reason) {
            case CLOSED -> CLOSED;
            case EVICTED -> EVICTED;
            case SLOW -> SLOW;
            case REFOUNDED -> REFOUNDED;
            default -> EXPIRED;
        };
    }

    /** For people; null as long as no node said why. */
    static String about(SessionEnd end) {
        return end == null ? null : "it is " + end;
    }
}
