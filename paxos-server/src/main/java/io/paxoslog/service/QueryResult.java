package io.paxoslog.service;

/** What came of a query. */
public enum QueryResult {
    /** The state machine answered. */
    ANSWERED,
    /** It has nothing to say before there is news on a topic. */
    LATER,
    /** It answers no queries at all. */
    NO_QUERIES,
    /** It threw, and goes on: this query alone has no answer. */
    FAILED,
    /** It stands still, and what it holds may be half of something. */
    HALTED
}
