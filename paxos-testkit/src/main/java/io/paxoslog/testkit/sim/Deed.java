package io.paxoslog.testkit.sim;

/**
 * What nodes do in some seeds only, and what a run that shows none of it has not tested; counted
 * when it is done.
 */
public enum Deed {
    SNAPSHOT_TAKEN,
    SNAPSHOT_TAKEN_STANDING_STILL,
    SNAPSHOT_GIVEN_UP,
    JOURNAL_COMPACTED,
    START_FROM_A_SNAPSHOT,
    START_FROM_A_COMPACTED_JOURNAL,
    SNAPSHOT_PART_SENT,
    TRANSFER_GONE_ON_WITH,
    SNAPSHOT_INSTALLED,
    STATE_RESTORED,
    NODE_JOINS,
    CHANGE_BEGUN,
    CHANGE_REFUSED,
    CHANGE_GIVEN_UP,
    UNREACHABLE_MEMBERS_WANTED,
    MEMBERS_CHANGED,
    CHANGE_TAKEN_FROM_A_SNAPSHOT,
    REMOVED_NODE_STOPS,
    HAND_OVER_BEGUN,
    LEADER_LEFT,
    READ_BY_INDEX,
    READ_BY_QUORUM
}
