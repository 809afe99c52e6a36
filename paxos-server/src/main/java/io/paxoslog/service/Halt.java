package io.paxoslog.service;

/**
 * Why a state machine stands still: it could not take the command of a slot, or may not try it, or
 * could not take a snapshot.
 *
 * @param slot the slot; everything below it is applied. That of the snapshot where it is about one
 * @param session whose command it is, 0 when it was not looked at
 * @param sequence its number within the session, 0 when it was not looked at
 * @param decision slot of the latest decision about it that was known then, 0 for none; {@link
 *     #NO_HOLD} where it is about a snapshot
 * @param cause what the state machine threw; null when it was not asked
 */
public record Halt(long slot, long session, long sequence, long decision, Throwable cause) {
    /**
     * In the place of a decision: nothing is held against the slot, and nothing need be decided.
     */
    public static final long NO_HOLD = Long.MIN_VALUE;

    /** The state machine could not take the snapshot of a slot. */
    static Halt ofSnapshot(long slot, Throwable cause) {
        return new Halt(slot, 0, 0, NO_HOLD, cause);
    }

    /** Whether the state machine is as it was after the slot before. */
    public boolean isClean() {
        return cause == null;
    }

    /** Whether it is about a snapshot, and so none that anything is to be decided about. */
    public boolean isOfSnapshot() {
        return decision == NO_HOLD;
    }

    /** One line for people, without the stack. */
    public String inOneLine() {
        if (isOfSnapshot()) {
            return "the state machine is halted: it could not take the snapshot of slot "
                    + slot
                    + " ("
                    + String.valueOf(cause).replace('\n', ' ')
                    + ")";
        }
        return cause == null
                ? "the state machine is halted at slot "
                        + slot
                        + ": this node has said that it holds below it until the log decides"
                : "the state machine is halted at slot "
                        + slot
                        + ": it could not take command "
                        + sequence
                        + " of session "
                        + session
                        + " ("
                        + cause.getClass().getName()
                        + ")";
    }
}
