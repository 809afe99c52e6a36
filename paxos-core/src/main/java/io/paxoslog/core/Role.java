package io.paxoslog.core;

/** What a replica is doing about leadership. */
public enum Role {
    /** May have forgotten votes: learns, and takes no part before it holds all that is chosen. */
    RETURNING,
    /** Hears a leader, or waits for one. */
    FOLLOWING,
    /** Asks whether a ballot of its own could win. */
    CANVASSING,
    /** Runs Phase 1 of its own ballot. */
    PREPARING,
    /** Phase 1 is done: proposes. */
    LEADING
}
