package io.paxoslog.bench.cluster;

/** Ends the command with one line for people and an exit code. */
final class CompareException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean isWrongUse;

    private CompareException(String message, boolean isWrongUse) {
        super(message);
        this.isWrongUse = isWrongUse;
    }

    /** What was asked for cannot be done: the options have to change. */
    static CompareException wrongUse(String message) {
        return new CompareException(message, true);
    }

    /** What was asked for did not succeed. */
    static CompareException failed(String message) {
        return new CompareException(message, false);
    }

    boolean isWrongUse() {
        return isWrongUse;
    }
}
