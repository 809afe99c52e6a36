package io.paxoslog.cli;

/** Ends a command with an exit code and one line that says what happened, to what, what to do. */
final class CommandFailure extends RuntimeException {
    /** The command failed. */
    static final int FAILED = 1;

    /** The command was used in a wrong way. */
    static final int WRONG_USE = 2;

    /** There is no leader, or it did not answer in time: the outcome may be unknown. */
    static final int NOT_IN_TIME = 3;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    static CommandFailure failed(String message) {
        return new CommandFailure(FAILED, message);
    }

    static CommandFailure wrongUse(String message) {
        return new CommandFailure(WRONG_USE, message);
    }

    static CommandFailure notInTime(String message) {
        return new CommandFailure(NOT_IN_TIME, message);
    }

    int exitCode() {
        return exitCode;
    }
}
