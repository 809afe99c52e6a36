package io.paxoslog.service;

/** A {@link StateMachine} has no {@link StateMachine#query}; clients are told so by a word. */
public final class NoQueriesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Thrown for each query of a machine that has none: without a trace, which costs. */
    NoQueriesException() {
        super("this state machine answers no queries", null, false, false);
    }
}
