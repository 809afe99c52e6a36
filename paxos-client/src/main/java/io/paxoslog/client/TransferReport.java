package io.paxoslog.client;

/**
 * How far leadership is on its way to a node.
 *
 * @param reason one line for people; empty when there is nothing to say
 */
public record TransferReport(State state, String reason) {

    /** What has become of it. */
    public enum State {
        /** On its way. */
        WAITING,
        /** The node leads. */
        LEADS,
        /** Not begun. */
        REFUSED,
        /** The node did not take over; the leader goes on. */
        GIVEN_UP
    }

    /** Whether nothing follows any more. */
    public boolean isSettled() {
        return state != State.WAITING;
    }
}
