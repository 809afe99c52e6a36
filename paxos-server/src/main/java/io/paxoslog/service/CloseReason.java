package io.paxoslog.service;

/** Why a session is over. */
public enum CloseReason {
    /** Its client closed it. */
    CLOSED,
    /** Nothing was heard of its client for the session time-out. */
    EXPIRED,
    /** The table of sessions was full, and it was the one that was silent for longest. */
    EVICTED,
    /** Its client did not take the events that it was sent, and more are not kept. */
    SLOW,
    /** Another cluster was founded on what was left of the log; no session goes on there. */
    REFOUNDED
}
