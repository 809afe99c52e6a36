package io.paxoslog.server;

/** A node cannot start: what is wrong, with what, and what to do, in one line. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong, for programs. */
    public enum Reason {
        /** A port of this node cannot be bound: taken, or not an address of this machine. */
        PORT,
        /** The data directory cannot be used: see the message. */
        DIRECTORY,
        /** The data directory belongs to another node or cluster. */
        FOREIGN_DIRECTORY,
        /** Another process uses the data directory. */
        LOCKED,
        /** The journal is damaged. */
        DAMAGED,
        /**
         * The journal was written by a newer program, or the cluster agreed on a version that this
         * build lacks.
         */
        NEWER_FORMAT,
        /**
         * Members, quorums or limits differ from those that the log records, or two members are at
         * one address and port.
         */
        MEMBERSHIP,
        /** A ballot is recorded that leaves hardly any for elections to come. */
        BALLOTS,
        /** The media driver did not start. */
        MEDIA,
        /** The operating system lets this process have too few files and sockets open. */
        LIMIT,
        /** The machine or its JVM gave less than a node needs: memory, or room behind a mapping. */
        MACHINE
    }

    private final Reason reason;

    StartException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Whether another start ends the same way until somebody has looked at it. */
    public boolean needsOperator() {
        return switch (reason) {
            case FOREIGN_DIRECTORY, DAMAGED, NEWER_FORMAT, MEMBERSHIP, BALLOTS -> true;
            case PORT, DIRECTORY, LOCKED, MEDIA, LIMIT, MACHINE -> false;
        };
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }
}
