package io.paxoslog.core;

/**
 * Whether this node may have forgotten what it voted for, and when it may take part again. Votes of
 * a node that forces values in the background only may be lost with the power, but never its
 * promise: so no ballot above that promise was established with its word, and whatever the lost
 * votes helped to choose is among what the leader of such a ballot heard in its Phase 1. Whoever
 * holds all of that under the leader's ballot is as good as before.
 */
final class WayBack {
    private final JournalRecords journal;
    private final OpenSlots openSlots;
    private final Learner learner;
    private boolean isReturning;
    private long promised;

    WayBack(JournalRecords journal, OpenSlots openSlots, Learner learner) {
        this.journal = journal;
        this.openSlots = openSlots;
        this.learner = learner;
    }

    /** Whether this node must neither promise nor vote, nor lead. */
    boolean isReturning() {
        return isReturning;
    }

    /** The highest ballot that this node promised before it may have forgotten votes. */
    long promised() {
        return promised;
    }

    /** The journal says that votes may be lost. */
    void recoverReturning(long highestPromised) {
        isReturning = true;
        promised = highestPromised;
    }

    /** The journal says that all is made up for. */
    void recoverReturned() {
        isReturning = false;
    }

    /**
     * Looks whether the leader of a followed ballot leads the way back, and takes it then. What
     * waits for ballots waits for that record, too.
     *
     * @param reported last slot that Phase 1 of the ballot reported, or the one before its first
     * @return whether this node returned just now
     */
    boolean takenUnder(long ballot, long reported) {
        boolean isThere =
                isReturning
                        && ballot > promised
                        && openSlots.unbrokenFrom(learner.commitIndex() + 1, ballot) >= reported;
        if (isThere) {
            isReturning = false;
            journal.returned(ballot);
        }
        return isThere;
    }
}
