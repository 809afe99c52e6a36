package io.paxoslog.client;

/**
 * How far a change of members is.
 *
 * @param slot of the entry, once that is chosen; else 0
 * @param firstSlot from which on it is in force; 0 before it is chosen
 * @param reason one line for people; empty when there is nothing to say
 */
public record ChangeReport(State state, long slot, long firstSlot, String reason) {

    /** What has become of it. */
    public enum State {
        /** Not proposed yet, and can be given up. */
        PREPARING,
        /** It will be in force; nothing takes it back. */
        PROPOSED,
        /** The members are as asked. */
        IN_FORCE,
        /** Not begun, or another one came first. */
        REFUSED,
        /** What was not proposed yet is given up. */
        GIVEN_UP
    }

    /** Whether nothing follows any more. */
    public boolean isSettled() {
        return state != State.PREPARING && state != State.PROPOSED;
    }
}
