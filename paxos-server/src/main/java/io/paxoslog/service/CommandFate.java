package io.paxoslog.service;

/** What became of a command, as far as the sessions show it. */
public enum CommandFate {
    /** It took effect, and its reply is kept. */
    APPLIED,
    /** The log skipped it. */
    SKIPPED,
    /** It took effect, or the log skipped it; which, is kept no longer. */
    REPLY_GONE,
    /** It took no effect so far, and may: its session is open. */
    NOT_YET,
    /** It took no effect and never will: its session ended before. */
    NEVER,
    /** Nothing is known of its session. */
    NOT_KNOWN
}
