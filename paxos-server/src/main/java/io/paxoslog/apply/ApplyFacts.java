package io.paxoslog.apply;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.service.ReplySink;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** What came of what was chosen, as the replica thread hears it. */
public interface ApplyFacts extends ReplySink {
    /**
     * Replies or events to be sent to a client.
     *
     * @param connection who is to get them
     * @param attachment under which they were asked for; if it is not the connection's any more,
     *     they are too late
     * @param nextSequence the first reply that this client had not been handed over before
     * @param eventSlot position of the last event that it had been handed over before; 0: none
     * @param message as the client reads it, from {@code offset} on; valid during the call only
     */
    void replies(
            long connection,
            long attachment,
            long nextSequence,
            long eventSlot,
            int eventIndex,
            DirectBuffer message,
            int offset,
            int length);

    /**
     * Answers to queries.
     *
     * @param ticket of the first; the others have the next ones
     * @param message as the client reads it, but for the link, from {@code offset} on; valid during
     *     the call only, and to be written to
     */
    void readAnswers(long ticket, int count, MutableDirectBuffer message, int offset, int length);

    /** A query has nothing to say yet and waits: its answer comes later, out of order. */
    default void waits(long ticket) {}

    /**
     * Every slot up to this one has gone through the state machine, and all that was decided there
     * was said before; replies may still come.
     */
    void applied(long upTo, long hash);

    /**
     * The state machine stands still at a slot; everything below is applied.
     *
     * @param decision slot of the latest decision about it that was known there, 0 for none
     * @param how it can go on from there
     */
    void halted(long slot, long decision, Resumption how);

    /**
     * All is as a snapshot of a slot has it, and nothing counts that was said before of sessions
     * and of slots without effect. What the snapshot brought of these is said next, and behind it
     * that all up to its slot is applied.
     *
     * @param effectsFrom of slots below it nobody here knows which took effect
     */
    void restored(long slot, long effectsFrom);

    /** A snapshot says of a session that it has ended. */
    void ended(long session, SecretHash secret);

    /** A snapshot says of slots that their entries are no commands that took effect. */
    void withoutEffect(long first, long last);

    /** A hash of all that is applied up to a slot at which all nodes compare. */
    void hashed(long slot, long hash);

    /** What came of the order to take a snapshot of everything up to a slot. */
    void snapshot(long slot, SnapshotAnswer what);
}
