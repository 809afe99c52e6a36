package io.paxoslog.service;

/**
 * Why a state machine stands still: it could not take the command of a slot, or may not try it.
 *
 * @param slot the slot; everything below it is applied
 * @param session whose command it is, 0 when it was not looked at
 * @param sequence its number within the session, 0 when it was not looked at
 * @param decision slot of the latest decision about it that was known then, 0 for none
 * @param cause what the state machine threw; null when it was not asked
 */
public record Halt(long slot, long session, long sequence, long decision, Throwable cause) {
    /** Whether the state machine is as it was after the slot before. */
    public boolean isClean() {
        return cause == null;
    }

    /** One line for people, without the stack. */
    public String inOneLine() {
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
