package io.paxoslog.apply;

/** A slot is chosen and is to be applied, and the journal of this node does not hold it. */
public final class MissingSlotException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MissingSlotException(long slot) {
        super("slot " + slot + " is chosen but the journal does not hold it: replace this node");
    }
}
