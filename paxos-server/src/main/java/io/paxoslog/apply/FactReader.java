package io.paxoslog.apply;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.service.CommandFate;
import io.paxoslog.service.ReplySink.Refusal;
import io.paxoslog.service.SessionLimits;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/** Hears the one who applies. Belongs to the replica thread. */
public final class FactReader {
    private static final CommandFate[] FATES = CommandFate.values();
    private static final Refusal[] REFUSALS = Refusal.values();
    private static final SnapshotAnswer[] ANSWERS = SnapshotAnswer.values();
    private static final Resumption[] RESUMPTIONS = Resumption.values();

    private final MessageHandler onFact = this::onFact;
    private final OneToOneRingBuffer ring;
    private final ApplyFacts facts;

    /** Has {@code facts} hear this hand-over; nobody else reads it. */
    public FactReader(HandOver handOver, ApplyFacts facts) {
        ring = handOver.facts();
        this.facts = facts;
    }

    /** Hears what is there; returns how much it was. */
    public int poll() {
        // One reading ends where the ring does.
        return ring.read(onFact) + ring.read(onFact);
    }

    private void onFact(int type, MutableDirectBuffer buffer, int at, int length) {
        switch (type) {
            case Frames.REPLIES ->
                    facts.replies(
                            buffer.getLong(at + Frames.REPLIES_CONNECTION),
                            buffer.getLong(at + Frames.REPLIES_ATTACHMENT),
                            buffer.getLong(at + Frames.REPLIES_FIRST),
                            buffer.getLong(at + Frames.REPLIES_EVENT_SLOT),
                            buffer.getInt(at + Frames.REPLIES_EVENT_INDEX),
                            buffer,
                            at + Frames.REPLIES_MESSAGE,
                            length - Frames.REPLIES_MESSAGE);
            case Frames.REFUSED ->
                    facts.refused(
                            buffer.getLong(at + Frames.REFUSED_SESSION),
                            buffer.getLong(at + Frames.REFUSED_SLOT),
                            buffer.getLong(at + Frames.REFUSED_EXPECTED),
                            REFUSALS[buffer.getInt(at + Frames.REFUSED_WHY)]);
            case Frames.OPENED ->
                    facts.opened(
                            buffer.getLong(at + Frames.OPENED_NONCE),
                            secret(buffer, at),
                            buffer.getLong(at + Frames.OPENED_SESSION));
            case Frames.NOT_OPENED ->
                    facts.notOpened(buffer.getLong(at + Frames.OPENED_NONCE), secret(buffer, at));
            case Frames.CLOSED -> facts.closed(buffer.getLong(at));
            case Frames.WITHOUT_EFFECT -> facts.withoutEffect(buffer.getLong(at));
            case Frames.APPLIED ->
                    facts.applied(
                            buffer.getLong(at + Frames.APPLIED_UP_TO),
                            buffer.getLong(at + Frames.APPLIED_HASH));
            case Frames.HALTED ->
                    facts.halted(
                            buffer.getLong(at + Frames.HALTED_SLOT),
                            buffer.getLong(at + Frames.HALTED_DECISION),
                            RESUMPTIONS[buffer.getInt(at + Frames.HALTED_RESUMPTION)]);
            case Frames.OUTCOME ->
                    facts.outcome(
                            buffer.getLong(at + Frames.OUTCOME_QUESTION),
                            FATES[buffer.getInt(at + Frames.OUTCOME_FATE)],
                            buffer.getLong(at + Frames.OUTCOME_SLOT),
                            buffer,
                            at + Frames.OUTCOME_REPLY,
                            length - Frames.OUTCOME_REPLY);
            case Frames.LIMITED ->
                    facts.limited(
                            buffer.getLong(at + Frames.LIMITED_DECIDED_AT), limits(buffer, at));
            case Frames.READ_ANSWERS ->
                    facts.readAnswers(
                            buffer.getLong(at + Frames.READ_ANSWERS_TICKET),
                            buffer.getInt(at + Frames.READ_ANSWERS_COUNT),
                            buffer,
                            at + Frames.READ_ANSWERS_MESSAGE,
                            length - Frames.READ_ANSWERS_MESSAGE);
            case Frames.WAITS -> facts.waits(buffer.getLong(at));
            case Frames.OVERDUE ->
                    facts.overdue(
                            buffer.getLong(at + Frames.OVERDUE_SESSION),
                            buffer.getLong(at + Frames.OVERDUE_LAST_WORD));
            case Frames.TIMERS ->
                    facts.timers(
                            buffer.getLong(at + Frames.TIMERS_TIME),
                            buffer.getLong(at + Frames.TIMERS_STOPWATCH),
                            buffer.getLong(at + Frames.TIMERS_READING));
            default -> onSnapshotFact(type, buffer, at);
        }
    }

    private void onSnapshotFact(int type, DirectBuffer buffer, int at) {
        switch (type) {
            case Frames.RESTORED ->
                    facts.restored(
                            buffer.getLong(at + Frames.RESTORED_SLOT),
                            buffer.getLong(at + Frames.RESTORED_EFFECTS_FROM));
            case Frames.ENDED ->
                    facts.ended(
                            buffer.getLong(at + Frames.ENDED_SESSION),
                            SecretHash.read(buffer, at + Frames.ENDED_SECRET, SecretHash.BYTES));
            case Frames.RANGE_WITHOUT_EFFECT ->
                    facts.withoutEffect(
                            buffer.getLong(at + Frames.RANGE_FIRST),
                            buffer.getLong(at + Frames.RANGE_LAST));
            case Frames.HASHED ->
                    facts.hashed(
                            buffer.getLong(at + Frames.HASHED_SLOT),
                            buffer.getLong(at + Frames.HASHED_HASH));
            case Frames.ANSWER ->
                    facts.snapshot(
                            buffer.getLong(at + Frames.ANSWER_SLOT),
                            ANSWERS[buffer.getInt(at + Frames.ANSWER_WHAT)]);
            default -> throw new IllegalStateException("no fact has type " + type);
        }
    }

    private static SessionLimits limits(DirectBuffer buffer, int at) {
        return new SessionLimits(
                buffer.getInt(at + Frames.LIMITED_SESSIONS),
                buffer.getInt(at + Frames.LIMITED_IN_FLIGHT),
                buffer.getInt(at + Frames.LIMITED_REPLY_BYTES),
                buffer.getInt(at + Frames.LIMITED_CACHED_BYTES));
    }

    private static SecretHash secret(DirectBuffer buffer, int at) {
        return SecretHash.read(buffer, at + Frames.OPENED_SECRET, SecretHash.BYTES);
    }
}
