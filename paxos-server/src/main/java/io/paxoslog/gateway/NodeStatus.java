package io.paxoslog.gateway;

import io.paxoslog.core.Room;

/** What a node tells its clients that neither replica nor state machine know. */
public interface NodeStatus {
    /** This node's id. */
    int node();

    /** This node's id and incarnation; 0 when that is not told. */
    default long identity() {
        return 0;
    }

    /** Whether this node waits to be made a member until the log says that it is one. */
    default boolean isJoining() {
        return false;
    }

    /** Whether values that one vote chooses are sure to last. */
    default boolean isOneVoteEnough() {
        return true;
    }

    /** Highest slot that is known to be forced to this node's disk. */
    long syncedSlot();

    /** Whether the log has decided about a state machine that needs a restart to go on. */
    default boolean needsRestart() {
        return false;
    }

    /** The slot that the state machine has had for a second or longer; 0 for none. */
    default long slotInWork() {
        return 0;
    }

    /** For how long it has had that slot, in milliseconds. */
    default long inWorkMs() {
        return 0;
    }

    /** The snapshots that this node takes. */
    default Snapshots snapshots() {
        return Snapshots.NONE;
    }

    /** First slot that this node's log still holds; 0 when that is not told. */
    default long firstKept() {
        return 0;
    }

    /** Bytes of the log on this node's disk. */
    default long journalBytes() {
        return 0;
    }

    /** Bytes of all snapshots on this node's disk. */
    default long snapshotBytes() {
        return 0;
    }

    /** Bytes that are free on this node's disk. */
    default long freeBytes() {
        return 0;
    }

    /** Free bytes below which this node votes on no new commands; 0 when that is not told. */
    default long floorBytes() {
        return 0;
    }

    /** What this node's disk has room for. */
    default Room room() {
        return Room.COMMANDS;
    }

    /** Chosen slots whose records here are lost to damage. */
    default long unknownSlots() {
        return 0;
    }

    /** Slots that were written down again since the start, as other nodes supplied them. */
    default long repairedSlots() {
        return 0;
    }

    /** When everything was read and checked last, in ms since 1970; 0 for not since the start. */
    default long scrubbedMs() {
        return 0;
    }

    /** For how long this node grants its leader a lease, in milliseconds; 0 when it grants none. */
    default int leaseMs() {
        return 0;
    }

    /** Ids of members that are not heard, as they run on old copies; empty for none. */
    default String membersBehind() {
        return "";
    }

    /** Version of the program, in ASCII; empty when that is not told. */
    default String build() {
        return "";
    }

    /** HOST:PORT of a member, PORT being the one its peers use; empty when unknown. */
    String addressOf(int node);
}
