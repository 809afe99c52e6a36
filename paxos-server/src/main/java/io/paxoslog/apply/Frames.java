package io.paxoslog.apply;

import io.paxoslog.codecs.SecretHash;

/** How messages lie in the rings of a {@link HandOver}. They never leave the process. */
final class Frames {
    /** Chosen slots. */
    static final int BATCH = 1;

    static final int BATCH_FIRST_SLOT = 0;
    static final int BATCH_ORIGIN_BALLOT = 8;
    static final int BATCH_TIMESTAMP = 16;
    static final int BATCH_COUNT = 24;
    static final int BATCH_KIND = 28;
    static final int BATCH_ENTRIES = 32;

    /** A connection brings a session, or its link has room again. */
    static final int ATTACH = 2;

    static final int ATTACH_CONNECTION = 0;
    static final int ATTACH_NUMBER = 8;
    static final int ATTACH_LINK = 16;
    static final int ATTACH_SESSION = 24;
    static final int ATTACH_AWAITED = 32;
    static final int ATTACH_EVENT_SLOT = 40;
    static final int ATTACH_EVENT_INDEX = 48;
    static final int ATTACH_FRAGMENT_BYTES = 52;
    static final int ATTACH_BYTES = 56;

    /** A connection has no session any more; the connection. */
    static final int DETACH = 3;

    /** A decision about a slot came into force. */
    static final int DECIDED = 4;

    static final int DECIDED_AT = 0;
    static final int DECIDED_SLOT = 8;
    static final int DECIDED_KIND = 16;
    static final int DECIDED_BYTES = 20;

    /** The node holds below a slot until a decision. */
    static final int HELD = 5;

    static final int HELD_SLOT = 0;
    static final int HELD_DECISION = 8;
    static final int HELD_BYTES = 16;

    /** What is halted goes on: where it stands (0) or with a fresh state machine (1). */
    static final int GO_ON = 6;

    static final int GO_ON_BYTES = 4;

    /** A snapshot is wanted of everything up to a slot. */
    static final int SNAPSHOT = 7;

    static final int SNAPSHOT_SLOT = 0;
    static final int SNAPSHOT_MAY_STAND_STILL = 8;
    static final int SNAPSHOT_BYTES = 12;

    /** The snapshot of a slot takes the place of what is applied; the slot. */
    static final int RESTORE = 8;

    /** Slots up to one are in the journal no more; the slot. */
    static final int COMPACTED = 9;

    /** What is applied is not what others applied. */
    static final int DIVERGED = 10;

    static final int DIVERGED_EQUAL_UP_TO = 0;
    static final int DIVERGED_AT = 8;
    static final int DIVERGED_IS_MINORITY = 16;
    static final int DIVERGED_BYTES = 20;

    /** Queries of one client. */
    static final int READS = 11;

    static final int READS_TICKET = 0;
    static final int READS_SLOT = 8;
    static final int READS_COUNT = 16;
    static final int READS_FRAGMENT_BYTES = 20;
    static final int READS_MAY_WAIT = 24;
    static final int READS_ITEMS = 28;

    /** What stands in front of each: which it is for its client, and its length. */
    static final int READ_NUMBER = 0;

    static final int READ_LENGTH = 8;
    static final int READ_QUERY = 12;

    /** By what entries of this start of this node are known; a number. */
    static final int ASKER = 12;

    /** Queries that wait have no time left. */
    static final int LAST = 13;

    static final int LAST_TICKET = 0;
    static final int LAST_COUNT = 8;
    static final int LAST_BYTES = 12;

    /**
     * Replies or events, encoded as the client reads them. In front: what is to come from there.
     */
    static final int REPLIES = 1;

    static final int REPLIES_CONNECTION = 0;
    static final int REPLIES_ATTACHMENT = 8;
    static final int REPLIES_FIRST = 16;
    static final int REPLIES_EVENT_SLOT = 24;
    static final int REPLIES_EVENT_INDEX = 32;
    static final int REPLIES_MESSAGE = 36;

    /** A command was refused. */
    static final int REFUSED = 2;

    static final int REFUSED_SESSION = 0;
    static final int REFUSED_SLOT = 8;
    static final int REFUSED_EXPECTED = 16;
    static final int REFUSED_WHY = 24;
    static final int REFUSED_BYTES = 28;

    /** A session was opened. */
    static final int OPENED = 3;

    static final int OPENED_NONCE = 0;
    static final int OPENED_SESSION = 8;
    static final int OPENED_SECRET = 16;
    static final int OPENED_BYTES = OPENED_SECRET + SecretHash.BYTES;

    /** A session was not opened; laid out as if it was. */
    static final int NOT_OPENED = 4;

    /** A session was closed; its id. */
    static final int CLOSED = 5;

    /** The entry of a slot is no command that took effect; the slot. */
    static final int WITHOUT_EFFECT = 6;

    static final int ONE_NUMBER_BYTES = 8;

    /** Everything up to a slot is applied. */
    static final int APPLIED = 7;

    static final int APPLIED_UP_TO = 0;
    static final int APPLIED_HASH = 8;
    static final int APPLIED_BYTES = 16;

    /** The state machine stands still. */
    static final int HALTED = 8;

    static final int HALTED_SLOT = 0;
    static final int HALTED_DECISION = 8;
    static final int HALTED_RESUMPTION = 16;
    static final int HALTED_BYTES = 20;

    /** What became of a command that was asked about; its reply lies behind. */
    static final int OUTCOME = 9;

    static final int OUTCOME_QUESTION = 0;
    static final int OUTCOME_SLOT = 8;
    static final int OUTCOME_FATE = 16;
    static final int OUTCOME_REPLY = 20;

    /** What sessions may hold has changed. */
    static final int LIMITED = 10;

    static final int LIMITED_DECIDED_AT = 0;
    static final int LIMITED_SESSIONS = 8;
    static final int LIMITED_IN_FLIGHT = 12;
    static final int LIMITED_REPLY_BYTES = 16;
    static final int LIMITED_CACHED_BYTES = 20;
    static final int LIMITED_BYTES = 24;

    /** All is as a snapshot of a slot has it. What it brought is told next. */
    static final int RESTORED = 11;

    static final int RESTORED_SLOT = 0;
    static final int RESTORED_EFFECTS_FROM = 8;
    static final int RESTORED_BYTES = 16;

    /** A session of a snapshot has ended. */
    static final int ENDED = 12;

    static final int ENDED_SESSION = 0;
    static final int ENDED_SECRET = 8;
    static final int ENDED_BYTES = ENDED_SECRET + SecretHash.BYTES;

    /** The entries of slots are no commands that took effect. */
    static final int RANGE_WITHOUT_EFFECT = 13;

    static final int RANGE_FIRST = 0;
    static final int RANGE_LAST = 8;
    static final int RANGE_BYTES = 16;

    /** What came of the order to take a snapshot. */
    static final int ANSWER = 14;

    static final int ANSWER_SLOT = 0;
    static final int ANSWER_WHAT = 8;
    static final int ANSWER_BYTES = 12;

    /** Nothing is heard of a session. */
    static final int OVERDUE = 16;

    static final int OVERDUE_SESSION = 0;
    static final int OVERDUE_LAST_WORD = 8;
    static final int OVERDUE_BYTES = 16;

    /** A hash of all that is applied up to an agreed slot. */
    static final int HASHED = 15;

    static final int HASHED_SLOT = 0;
    static final int HASHED_HASH = 8;
    static final int HASHED_BYTES = 16;

    /** Answers to queries, encoded as the client reads them but for its link. */
    static final int READ_ANSWERS = 17;

    static final int READ_ANSWERS_TICKET = 0;
    static final int READ_ANSWERS_COUNT = 8;
    static final int READ_ANSWERS_MESSAGE = 12;

    /** A query waits for news; its ticket. */
    static final int WAITS = 19;

    /** When the next timers are due. */
    static final int TIMERS = 18;

    static final int TIMERS_TIME = 0;
    static final int TIMERS_STOPWATCH = 8;
    static final int TIMERS_READING = 16;
    static final int TIMERS_BYTES = 24;

    /** More than any of the fixed parts, with what the ring puts in front. */
    static final int LARGEST_HEAD_BYTES = 128;

    private Frames() {}
}
