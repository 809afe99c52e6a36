package io.paxoslog.server;

/** When a node's vote may leave. Ballots are forced first in every mode. */
public enum Durability {
    /** Once the values it speaks of are forced to disk. */
    SYNC,
    /** At once; values are forced in the background, a few milliseconds later. */
    ASYNC,
    /**
     * At once; the operating system writes values when it likes, within half a minute as a rule.
     */
    PAGE_CACHE
}
