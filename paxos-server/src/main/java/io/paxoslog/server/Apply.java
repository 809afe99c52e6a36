package io.paxoslog.server;

/** Which thread calls the state machine. */
public enum Apply {
    /**
     * The replica thread, as long as the state machine is quick: a command crosses no threads.
     * Whenever it takes its time, another thread goes on with the replica within some milliseconds.
     */
    AUTO,
    /** One of its own, always: for state machines that take long, where cores are many. */
    OWN_THREAD,
    /**
     * The replica thread, always: one thread less, and a state machine that takes its time holds up
     * all.
     */
    REPLICA_THREAD
}
