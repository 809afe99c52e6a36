package io.paxoslog.apply;

/** What came of the order to take a snapshot. */
public enum SnapshotAnswer {
    /** It is taken: the sink has it. */
    BEGUN,
    /** The state machine takes no snapshots, or its view could not be had. */
    NO_VIEW,
    /**
     * Its view is not frozen, so that nothing could be applied meanwhile, and that is not wanted.
     */
    WOULD_STAND_STILL,
    /** One is under way already, or ordered. */
    BUSY,
    /** More than up to the slot is applied. */
    PASSED,
    /** The state machine stands still, so that there is no state to be shown. */
    HALTED
}
