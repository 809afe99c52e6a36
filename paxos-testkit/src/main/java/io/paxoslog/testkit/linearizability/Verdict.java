package io.paxoslog.testkit.linearizability;

/** What a check came to. */
public enum Verdict {
    /** There is an order of effects that explains all that clients saw. */
    LINEARIZABLE,
    /** There is none. */
    VIOLATED,
    /** The search was given up at its bound. */
    UNDECIDED
}
