package io.paxoslog.log;

/** Why a journal cannot be opened or used any more, in one line that says what to do. */
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong, for programs. */
    public enum Kind {
        /** There is no journal to look at. */
        ABSENT,
        /** The directory belongs to another node, or is a backup. */
        OTHER_NODE,
        /** Another process has the directory open. */
        LOCKED,
        /** The directory cannot be created, read or written. */
        NOT_WRITABLE,
        /** What is asked for is in the journal no more. */
        COMPACTED,
        /** Something that was forced cannot be read any more. */
        DAMAGED,
        /** The files were written by a newer version. */
        NEWER_FORMAT,
        /** The disk failed or is full. */
        DISK
    }

    private final Kind kind;

    JournalException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    JournalException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }
}
