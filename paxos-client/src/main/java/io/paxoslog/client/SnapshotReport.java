package io.paxoslog.client;

/**
 * How far the snapshot of a node is, as it said itself.
 *
 * @param address HOST:PORT it was asked at
 * @param state how far it is
 * @param node its id; 0 when it did not answer
 * @param slot the last slot that the snapshot covers; 0 while that is not known
 * @param bytes written so far, or all of it
 * @param ms how long it took; 0 until it is taken, and for one of before the node's start
 * @param reason why there is none: one line for people; empty when there is one, or may be
 */
public record SnapshotReport(
        String address, State state, int node, long slot, long bytes, long ms, String reason) {
    /** How far a snapshot is. */
    public enum State {
        /** The node did not answer. */
        NO_ANSWER,
        /** It will be taken. */
        WAITING,
        /** It is being written. */
        WRITING,
        /** It is complete, and forced. */
        TAKEN,
        /** It could not be written. */
        FAILED,
        /** The node takes none. */
        REFUSED
    }

    static SnapshotReport none(String address) {
        return new SnapshotReport(address, State.NO_ANSWER, 0, 0, 0, 0, "");
    }

    /** Whether nothing more will come of it. */
    public boolean isSettled() {
        return state == State.TAKEN || state == State.FAILED || state == State.REFUSED;
    }
}
