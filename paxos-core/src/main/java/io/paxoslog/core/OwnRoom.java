package io.paxoslog.core;

/**
 * What the disk of this node has room for, and so what it writes down. What it does not write down
 * it does not vote on: a vote that is not given is no promise broken.
 */
final class OwnRoom {
    private final int node;
    private Room room = Room.COMMANDS;
    private long refusedOwnUpTo;

    /**
     * @param self this node's identity
     */
    OwnRoom(long self) {
        this.node = MemberId.node(self);
    }

    void is(Room now) {
        room = now;
    }

    /** This node leads under a ballot under which it has proposed nothing yet. */
    void leads() {
        refusedOwnUpTo = 0;
    }

    /** There was no room for a proposal. */
    void refused(Batch proposal) {
        if (Ballot.owner(proposal.ballot()) == node) {
            refusedOwnUpTo = Math.max(refusedOwnUpTo, proposal.lastSlot());
        }
    }

    /** The highest slot that this node proposed since it leads, and had no room for; 0 for none. */
    long refusedOwnUpTo() {
        return refusedOwnUpTo;
    }

    boolean isForCommands() {
        return room == Room.COMMANDS;
    }

    boolean isForReported() {
        return room != Room.BALLOTS;
    }

    /** Whether what a leader proposes is voted on. */
    boolean takes(Batch proposal) {
        return isForCommands() || (isForReported() && !isNewOfOthers(proposal));
    }

    /**
     * A command that was first proposed under an earlier ballot was reported: it may be chosen. Of
     * its own ballot this node has proposed nothing since it was short.
     */
    private boolean isNewOfOthers(Batch proposal) {
        return proposal.kind() == Batch.COMMANDS
                && proposal.originBallot() == proposal.ballot()
                && Ballot.owner(proposal.ballot()) != node;
    }

    /** Whether what others say is chosen is written down: it can be had again. */
    boolean learns(Batch chosen) {
        return isForCommands() || (isForReported() && chosen.kind() != Batch.COMMANDS);
    }
}
