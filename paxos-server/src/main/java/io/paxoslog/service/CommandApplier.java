package io.paxoslog.service;

import io.paxoslog.codecs.journal.EntryHeaderDecoder;
import io.paxoslog.core.Batch;
import io.paxoslog.core.CommittedLog;
import io.paxoslog.service.AppliedHash.Outcome;
import io.paxoslog.service.ReplySink.Refusal;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Feeds chosen slots to the state machine, exactly once per session and sequence. Deterministic:
 * what takes effect follows from the log and the limits alone. Belongs to the thread that applies.
 */
public final class CommandApplier implements CommittedLog {
    private final StateMachine app;
    private final SessionLimits limits;
    private final SessionTable sessions;
    private final AppliedHash hash = new AppliedHash();
    private final EntryHeaderDecoder header = new EntryHeaderDecoder();
    private final Entry entry = new Entry();
    private final Reply reply;
    private ReplySink replies = ReplySink.NONE;
    private long appliedIndex;
    private long timeNs;

    /**
     * @param app what commands are applied to, in its initial state
     * @param limits equal on all nodes
     */
    public CommandApplier(StateMachine app, SessionLimits limits) {
        this.app = app;
        this.limits = limits;
        sessions = new SessionTable(limits.maxSessions());
        reply = new Reply(limits.maxReplyBytes());
    }

    /** From now on this one hears what is decided; until then nobody does. */
    public void reportTo(ReplySink sink) {
        replies = sink;
    }

    /**
     * Applies the next slots: from slot 1 after a start, then each slot once.
     *
     * @throws IllegalStateException when slots are skipped or repeated
     */
    @Override
    public void committed(Batch batch) {
        if (batch.firstSlot() != appliedIndex + 1) {
            throw new IllegalStateException(
                    "slot " + batch.firstSlot() + " came after slot " + appliedIndex);
        }
        timeNs = Math.max(timeNs, batch.timestamp());
        if (batch.kind() != Batch.NO_OP) {
            walk(batch);
        }
        appliedIndex = batch.lastSlot();
    }

    private void walk(Batch batch) {
        DirectBuffer buffer = batch.buffer();
        int position = 0;
        for (long slot = batch.firstSlot(); slot <= batch.lastSlot(); slot++) {
            int length = buffer.getInt(position, ByteOrder.LITTLE_ENDIAN);
            int body = position + Batch.ENTRY_PREFIX_BYTES;
            hash.add(slot, batch.originBallot(), batch.timestamp(), batch.kind());
            hash.add(buffer, body, length);
            if (batch.kind() == Batch.COMMANDS) {
                entry.agreed(slot, batch.originBallot(), timeNs);
                apply(slot, buffer, body, length);
            }
            position = body + length;
        }
    }

    private void apply(long slot, DirectBuffer buffer, int body, int length) {
        if (length < EntryFormat.HEADER_BYTES) {
            passOver(slot, Outcome.NOTHING, length);
            return;
        }
        header.wrap(buffer, body, EntryFormat.HEADER_BYTES, EntryHeaderDecoder.SCHEMA_VERSION);
        switch (header.kind()) {
            case EntryFormat.COMMAND -> {
                int command = body + EntryFormat.HEADER_BYTES;
                entry.bytes(buffer, command, length - EntryFormat.HEADER_BYTES);
                command(slot, header.session(), header.sequence(), header.awaited());
            }
            case EntryFormat.OPEN_SESSION -> openSession(slot, header.session());
            case EntryFormat.CLOSE_SESSION -> closeSession(header.session());
            default -> passOver(slot, Outcome.NOTHING, header.kind());
        }
    }

    private void passOver(long slot, Outcome outcome, long detail) {
        replies.withoutEffect(slot);
        hash.add(outcome, detail);
    }

    private void command(long slot, long id, long sequence, long awaited) {
        Session session = sessions.get(id);
        if (session == null) {
            refuse(id, slot, 0, Refusal.EXPIRED, Outcome.EXPIRED);
            return;
        }
        ReplyCache kept = session.replies();
        kept.trim(awaited);
        long expected = kept.last() + 1;
        if (sequence < expected) {
            passOver(slot, Outcome.REPEATED, expected);
            return;
        }
        if (sequence > expected) {
            refuse(id, slot, expected, Refusal.GAP, Outcome.GAP);
            return;
        }
        if (isFull(kept)) {
            refuse(id, slot, expected, Refusal.FULL, Outcome.FULL);
            return;
        }
        reply.clear();
        app.apply(entry.sender(id, sequence), reply);
        kept.append(slot, reply.buffer(), reply.length());
        hash.add(reply.buffer(), 0, reply.length());
    }

    private boolean isFull(ReplyCache kept) {
        int largest = ReplyCache.HEADER_BYTES + limits.maxReplyBytes();
        return kept.count() >= limits.maxInFlight()
                || kept.cachedBytes() + largest > limits.maxCachedBytes();
    }

    private void refuse(long session, long slot, long expected, Refusal why, Outcome outcome) {
        passOver(slot, outcome, expected);
        replies.refused(session, slot, expected, why);
    }

    private void openSession(long slot, long nonce) {
        long session = sessions.open(slot, nonce);
        hash.add(session == SessionTable.REFUSED ? Outcome.NOT_OPENED : Outcome.OPENED, session);
        if (session == SessionTable.REFUSED) {
            replies.notOpened(nonce);
        } else {
            replies.opened(nonce, session);
        }
    }

    private void closeSession(long session) {
        sessions.close(session);
        hash.add(Outcome.CLOSED, session);
        replies.closed(session);
    }

    /** The session, or null when it is not open. */
    public Session session(long id) {
        return sessions.get(id);
    }

    /** Sessions that are open. */
    public int sessionCount() {
        return sessions.size();
    }

    /** What sessions may hold. */
    public SessionLimits limits() {
        return limits;
    }

    /** Every slot up to this one has gone through the state machine; 0 before the first. */
    public long appliedIndex() {
        return appliedIndex;
    }

    /**
     * Hash over slot, value, outcome and reply of everything applied: equal on nodes that applied
     * the same with the same result.
     */
    public long appliedHash() {
        return hash.value();
    }
}
