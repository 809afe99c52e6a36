package io.paxoslog.core;

/**
 * Which journal position must be on stable storage before a message may leave. Kept apart so that
 * the node and the simulator obey the same rule.
 *
 * <p>Positions grow by what the journal appends: {@code appended} is the end of the last record,
 * {@code ballots} the end of the last promise or own ballot. A message may leave once the synced
 * position has reached the one returned.
 */
public final class SyncRule {
    private final boolean valuesWait;

    /**
     * @param valuesWait true for {@code sync}: votes wait for their values; false for the modes
     *     that force values in the background, in which votes wait for their ballot only
     */
    public SyncRule(boolean valuesWait) {
        this.valuesWait = valuesWait;
    }

    /**
     * Before a Prepare, a Promise or a part of a Promise leaves: the ballot is on disk in every
     * mode. A node that forgets a ballot may use it twice; one that forgets a promise may break it.
     */
    public long ballot(long appended, long ballots) {
        return ballots;
    }

    /**
     * Before a vote leaves: its ballot is on disk in every mode, its values when the mode says so.
     */
    public long vote(long appended, long ballots) {
        return valuesWait ? appended : ballots;
    }
}
