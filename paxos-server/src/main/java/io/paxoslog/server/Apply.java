package io.paxoslog.server;

/** Which thread calls the state machine. */
public enum Apply {
    /** One of its own: a state machine may take its time, and the node goes on meanwhile. */
    OWN_THREAD,
    /** The replica thread: one thread less, and a state machine that holds it up holds up all. */
    REPLICA_THREAD
}
