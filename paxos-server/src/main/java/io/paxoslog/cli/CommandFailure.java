package io.paxoslog.cli;

import io.paxoslog.log.JournalException;

/** Ends a command with an exit code and one line that says what happened, to what, what to do. */
final class CommandFailure extends RuntimeException {
    /** The command failed. */
    static final int FAILED = 1;

    /** The command was used in a wrong way. */
    static final int WRONG_USE = 2;

    /** There is no leader, or it did not answer in time: the outcome may be unknown. */
    static final int NOT_IN_TIME = 3;

    /** A member is missing or behind. */
    static final int INCOMPLETE = 4;

    /** A node cannot take part, and will not after another start, until somebody looks at it. */
    static final int NEEDS_OPERATOR = 5;

    /** A node has stopped because the cluster was changed, and goes on without it. */
    static final int REMOVED = 6;

    /** Nobody reads the output any more; what a shell shows for tools that SIGPIPE ends. */
    static final int PIPE_BROKEN = 128 + 13;

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

    /** Files of a node that cannot be used; wrong use where there are none. */
    static CommandFailure of(JournalException e) {
        return e.kind() == JournalException.Kind.ABSENT
                ? wrongUse(e.getMessage())
                : failed(e.getMessage());
    }

    static CommandFailure notInTime(String message) {
        return new CommandFailure(NOT_IN_TIME, message);
    }

    static CommandFailure incomplete(String message) {
        return new CommandFailure(INCOMPLETE, message);
    }

    static CommandFailure needsOperator(String message) {
        return new CommandFailure(NEEDS_OPERATOR, message);
    }

    /** Standard output cannot be written; without a word when only nobody reads it any more. */
    static CommandFailure outputLost(NotedOutput out) {
        return out.isPipeBroken()
                ? new CommandFailure(PIPE_BROKEN, "")
                : new CommandFailure(FAILED, out.problem());
    }

    int exitCode() {
        return exitCode;
    }
}
