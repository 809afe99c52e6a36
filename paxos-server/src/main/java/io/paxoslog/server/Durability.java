package io.paxoslog.server;

/** When a node's vote may leave. */
public enum Durability {
    /** Once the values it speaks of are forced to disk. */
    SYNC,
    /** At once; values are forced in the background. Ballots are forced first all the same. */
    ASYNC
}
