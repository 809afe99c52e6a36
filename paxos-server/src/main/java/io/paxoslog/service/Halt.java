package io.paxoslog.service;

/**
 * Why a state machine stands still: it could not take the command of a slot, or may not try it, or
 * could not take a snapshot.
 *
 * @param slot the slot; everything below it is applied. That of the snapshot where it is about one
 * @param session whose command it is, 0 when it was not looked at
 * @param sequence its number within the session, 0 when it was not looked at
 * @param decision slot of the latest decision about it that was known then, 0 for none; {@link
 *     #NO_HOLD} where it is about a snapshot, {@link #DIVERGED} where it is about what others hold
 * @param cause what the state machine threw; null when it was not asked
 */
public record Halt(long slot, long session, long sequence, long decision, Throwable cause) {
    /**
     * In the place of a decision: nothing is held against the slot, and nothing need be decided.
     */
    public static final long NO_HOLD = Long.MIN_VALUE;

    /** In the place of a decision: what the state machine holds is not what others hold. */
    public static final long DIVERGED = NO_HOLD + 1;

    /**
     * What the state machine holds differs from what others hold.
     *
     * @param equalUpTo last slot at which it was seen to be equal
     * @param differsAt first slot at which it was seen to differ
     * @param isMinority whether most others hold one and the same
     */
    public static Halt diverged(long equalUpTo, long differsAt, boolean isMinority) {
        String what =
                "what it holds differs from what %s, since a slot from %d to %d: %s"
                        .formatted(
                                isMinority ? "most nodes hold" : "others hold, and no most agree",
                                equalUpTo + 1,
                                differsAt,
                                isMinority
                                        ? "it begins again with a snapshot of one of them that"
                                                + " reaches up to there"
                                        : "nobody knows who is right, and all halt");
        return new Halt(equalUpTo + 1, 0, 0, DIVERGED, new IllegalStateException(what));
    }

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

    /** Whether it is about what others hold, and so none that anything is to be decided about. */
    public boolean isOfDivergence() {
        return decision == DIVERGED;
    }

    /** One line for people, without the stack. */
    public String inOneLine() {
        if (isOfDivergence()) {
            return "the state machine is halted: " + cause.getMessage();
        }
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
