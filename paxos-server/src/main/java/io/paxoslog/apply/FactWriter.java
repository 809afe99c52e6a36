package io.paxoslog.apply;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.service.CommandFate;
import io.paxoslog.service.ReplySink;
import io.paxoslog.service.SessionLimits;
import io.paxoslog.service.SessionListing;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * Tells the replica thread what was decided. What must not be lost waits for room in the ring,
 * which the replica thread makes in each of its turns; belongs to the one who applies.
 */
final class FactWriter implements ReplySink, SessionListing.Listener {
    private final OneToOneRingBuffer ring;
    private final Runnable awaitRoom;

    /**
     * @param awaitRoom called while the ring is full: waits a little for the one who reads it
     */
    FactWriter(HandOver handOver, Runnable awaitRoom) {
        ring = handOver.facts();
        this.awaitRoom = awaitRoom;
    }

    @Override
    public void opened(long nonce, SecretHash secret, long session) {
        opening(Frames.OPENED, nonce, secret, session);
    }

    private void opening(int type, long nonce, SecretHash secret, long session) {
        int at = claim(type, Frames.OPENED_BYTES);
        buffer().putLong(at + Frames.OPENED_NONCE, nonce);
        buffer().putLong(at + Frames.OPENED_SESSION, session);
        secret.write(buffer(), at + Frames.OPENED_SECRET);
        ring.commit(at);
    }

    @Override
    public void notOpened(long nonce, SecretHash secret) {
        opening(Frames.NOT_OPENED, nonce, secret, 0);
    }

    @Override
    public void closed(long session) {
        number(Frames.CLOSED, session);
    }

    @Override
    public void withoutEffect(long slot) {
        number(Frames.WITHOUT_EFFECT, slot);
    }

    @SuppressWarnings("EnumOrdinal") // The ring never leaves the process.
    @Override
    public void outcome(
            long question,
            CommandFate fate,
            long slot,
            DirectBuffer reply,
            int offset,
            int length) {
        int at = claim(Frames.OUTCOME, Frames.OUTCOME_REPLY + length);
        buffer().putLong(at + Frames.OUTCOME_QUESTION, question);
        buffer().putLong(at + Frames.OUTCOME_SLOT, slot);
        buffer().putInt(at + Frames.OUTCOME_FATE, fate.ordinal());
        buffer().putBytes(at + Frames.OUTCOME_REPLY, reply, offset, length);
        ring.commit(at);
    }

    private void number(int type, long value) {
        int at = claim(type, Frames.ONE_NUMBER_BYTES);
        buffer().putLong(at, value);
        ring.commit(at);
    }

    @SuppressWarnings("EnumOrdinal") // The ring never leaves the process.
    @Override
    public void refused(long session, long slot, long expected, Refusal why) {
        int at = claim(Frames.REFUSED, Frames.REFUSED_BYTES);
        buffer().putLong(at + Frames.REFUSED_SESSION, session);
        buffer().putLong(at + Frames.REFUSED_SLOT, slot);
        buffer().putLong(at + Frames.REFUSED_EXPECTED, expected);
        buffer().putInt(at + Frames.REFUSED_WHY, why.ordinal());
        ring.commit(at);
    }

    @Override
    public void limited(long decidedAt, SessionLimits limits) {
        int at = claim(Frames.LIMITED, Frames.LIMITED_BYTES);
        buffer().putLong(at + Frames.LIMITED_DECIDED_AT, decidedAt);
        buffer().putInt(at + Frames.LIMITED_SESSIONS, limits.maxSessions());
        buffer().putInt(at + Frames.LIMITED_IN_FLIGHT, limits.maxInFlight());
        buffer().putInt(at + Frames.LIMITED_REPLY_BYTES, limits.maxReplyBytes());
        buffer().putInt(at + Frames.LIMITED_CACHED_BYTES, limits.maxCachedBytes());
        ring.commit(at);
    }

    /** Says answers to queries with consecutive tickets. */
    void readAnswers(long ticket, int count, DirectBuffer message, int length) {
        int at = claim(Frames.READ_ANSWERS, Frames.READ_ANSWERS_MESSAGE + length);
        buffer().putLong(at + Frames.READ_ANSWERS_TICKET, ticket);
        buffer().putInt(at + Frames.READ_ANSWERS_COUNT, count);
        buffer().putBytes(at + Frames.READ_ANSWERS_MESSAGE, message, 0, length);
        ring.commit(at);
    }

    /** Says that a query waits. */
    void waits(long ticket) {
        number(Frames.WAITS, ticket);
    }

    /** Most bytes of a message with answers. */
    int largestAnswersBytes() {
        return ring.maxMsgLength() - Frames.READ_ANSWERS_MESSAGE;
    }

    @Override
    public void overdue(long session, long lastWord) {
        int at = claim(Frames.OVERDUE, Frames.OVERDUE_BYTES);
        buffer().putLong(at + Frames.OVERDUE_SESSION, session);
        buffer().putLong(at + Frames.OVERDUE_LAST_WORD, lastWord);
        ring.commit(at);
    }

    @Override
    public void timers(long timeNs, long stopwatchMs, long readingMs) {
        int at = claim(Frames.TIMERS, Frames.TIMERS_BYTES);
        buffer().putLong(at + Frames.TIMERS_TIME, timeNs);
        buffer().putLong(at + Frames.TIMERS_STOPWATCH, stopwatchMs);
        buffer().putLong(at + Frames.TIMERS_READING, readingMs);
        ring.commit(at);
    }

    private int claim(int type, int length) {
        int at = ring.tryClaim(type, length);
        while (at < 0) {
            awaitRoom.run();
            at = ring.tryClaim(type, length);
        }
        return at;
    }

    /** Says how far all is applied; false when there is no room, and it must be said again. */
    boolean applied(long upTo, long hash) {
        int at = ring.tryClaim(Frames.APPLIED, Frames.APPLIED_BYTES);
        if (at < 0) {
            return false;
        }
        buffer().putLong(at + Frames.APPLIED_UP_TO, upTo);
        buffer().putLong(at + Frames.APPLIED_HASH, hash);
        ring.commit(at);
        return true;
    }

    /** Says that the state machine stands still. */
    @SuppressWarnings("EnumOrdinal") // The ring never leaves the process.
    void halted(long slot, long decision, Resumption how) {
        int at = claim(Frames.HALTED, Frames.HALTED_BYTES);
        buffer().putLong(at + Frames.HALTED_SLOT, slot);
        buffer().putLong(at + Frames.HALTED_DECISION, decision);
        buffer().putInt(at + Frames.HALTED_RESUMPTION, how.ordinal());
        ring.commit(at);
    }

    /** Says that all is as a snapshot of a slot has it. */
    void restored(long slot, long effectsFrom) {
        int at = claim(Frames.RESTORED, Frames.RESTORED_BYTES);
        buffer().putLong(at + Frames.RESTORED_SLOT, slot);
        buffer().putLong(at + Frames.RESTORED_EFFECTS_FROM, effectsFrom);
        ring.commit(at);
    }

    @Override
    public void ended(long session, SecretHash secret) {
        int at = claim(Frames.ENDED, Frames.ENDED_BYTES);
        buffer().putLong(at + Frames.ENDED_SESSION, session);
        secret.write(buffer(), at + Frames.ENDED_SECRET);
        ring.commit(at);
    }

    /** Says of a range of slots that their entries are no commands that took effect. */
    void withoutEffect(long first, long last) {
        int at = claim(Frames.RANGE_WITHOUT_EFFECT, Frames.RANGE_BYTES);
        buffer().putLong(at + Frames.RANGE_FIRST, first);
        buffer().putLong(at + Frames.RANGE_LAST, last);
        ring.commit(at);
    }

    /** Says a hash of all that is applied up to an agreed slot. */
    void hashed(long slot, long hash) {
        int at = claim(Frames.HASHED, Frames.HASHED_BYTES);
        buffer().putLong(at + Frames.HASHED_SLOT, slot);
        buffer().putLong(at + Frames.HASHED_HASH, hash);
        ring.commit(at);
    }

    /** Says what came of the order to take a snapshot. */
    @SuppressWarnings("EnumOrdinal") // The ring never leaves the process.
    void snapshot(long slot, SnapshotAnswer what) {
        int at = claim(Frames.ANSWER, Frames.ANSWER_BYTES);
        buffer().putLong(at + Frames.ANSWER_SLOT, slot);
        buffer().putInt(at + Frames.ANSWER_WHAT, what.ordinal());
        ring.commit(at);
    }

    /** Most bytes of a message with replies. */
    int largestRepliesBytes() {
        return ring.maxMsgLength() - Frames.REPLIES_MESSAGE;
    }

    /**
     * Makes room for replies or events.
     *
     * @param cursor what is to come from there, this message included
     * @return where the message for the client belongs in {@link #buffer}, or a negative number
     *     when there is no room
     */
    int claimReplies(Attached cursor, int messageBytes) {
        int at = ring.tryClaim(Frames.REPLIES, Frames.REPLIES_MESSAGE + messageBytes);
        if (at < 0) {
            return at;
        }
        buffer().putLong(at + Frames.REPLIES_CONNECTION, cursor.connection);
        buffer().putLong(at + Frames.REPLIES_ATTACHMENT, cursor.attachment);
        buffer().putLong(at + Frames.REPLIES_FIRST, cursor.nextSequence);
        buffer().putLong(at + Frames.REPLIES_EVENT_SLOT, cursor.eventSlot);
        buffer().putInt(at + Frames.REPLIES_EVENT_INDEX, cursor.eventIndex);
        return at + Frames.REPLIES_MESSAGE;
    }

    /** The message that {@link #claimReplies} made room for is written. */
    void commitReplies(int message) {
        ring.commit(message - Frames.REPLIES_MESSAGE);
    }

    MutableDirectBuffer buffer() {
        return ring.buffer();
    }
}
