package io.paxoslog.testkit.sim;

/** How a linearizable read finds out what it needs. */
public enum ReadKind {
    /** From whoever leads. */
    INDEX,
    /** From so many members that no leader is needed. */
    QUORUM,
    /** From nobody, where this node leads and holds a lease. */
    LEASE
}
