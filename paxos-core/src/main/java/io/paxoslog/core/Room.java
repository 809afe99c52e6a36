package io.paxoslog.core;

/** What a node's disk has room for; each includes those behind it. */
public enum Room {
    /** Everything. */
    COMMANDS,

    /**
     * What keeps a log going that takes no new commands: values that Phase 1 reported, no-ops,
     * memberships and decisions.
     */
    REPORTED,

    /** Promises and own ballots only. */
    BALLOTS
}
