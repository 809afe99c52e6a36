package io.paxoslog.server;

/** What a thread does when there is nothing to do. */
public enum Idle {
    /** Spins: fastest, and takes a whole core. */
    SPIN,
    /** Gives the core to others at once, and asks for it again. */
    YIELD,
    /** Yields first, and sleeps for short times when there is nothing to do for longer. */
    BACKOFF
}
