package io.paxoslog.testkit.sim;

import io.paxoslog.core.Batch;
import io.paxoslog.service.SessionLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of sessions as a model, apart from the production classes: a command takes effect only
 * if its sequence is the last one + 1 and its session has room for one more reply.
 */
final class ModelApplier {
    /** Hears of commands that take effect. */
    interface Effects {
        /** Once for each, in slot order; {@code timeNs} is the agreed time. */
        void tookEffect(long slot, long originBallot, long timeNs, Command command);

        /** Everything up to a slot is applied. */
        void applied(long slot);
    }

    private static final class Session {
        private final long id;
        private final long nonce;
        private long last;
        private long firstKept = 1;

        Session(long id, long nonce) {
            this.id = id;
            this.nonce = nonce;
        }

        long hash() {
            return hashOf(id, last, firstKept);
        }
    }

    private final Map<Long, Session> sessions = new HashMap<>();
    private final Map<Long, Session> byNonce = new HashMap<>();
    private final List<Long> everOpened = new ArrayList<>();
    private final SessionLimits limits;
    private final Effects effects;
    private long appliedIndex;
    private long timeNs;
    private long sessionsHash;

    /** Begins right above a slot; what came before is of no interest. */
    ModelApplier(long appliedIndex, SessionLimits limits, Effects effects) {
        this.appliedIndex = appliedIndex;
        this.limits = limits;
        this.effects = effects;
    }

    /** Applies the next slots. */
    void apply(BatchCopy batch) {
        if (batch.firstSlot() != appliedIndex + 1) {
            throw new SafetyViolation(
                    "applies slot " + batch.firstSlot() + " right after " + appliedIndex);
        }
        timeNs = Math.max(timeNs, batch.timestamp());
        List<byte[]> entries = batch.kind() == Batch.COMMANDS ? batch.entries() : List.of();
        for (int i = 0; i < batch.count(); i++) {
            long slot = batch.firstSlot() + i;
            if (i < entries.size() && Command.isCommand(entries.get(i))) {
                apply(slot, batch.originBallot(), Command.decode(entries.get(i)));
            }
            appliedIndex = slot;
            effects.applied(slot);
        }
    }

    private void apply(long slot, long originBallot, Command command) {
        switch (command.kind()) {
            case Command.OPEN_SESSION -> open(slot, command.session());
            case Command.CLOSE_SESSION -> close(command.session());
            default -> command(slot, originBallot, command);
        }
    }

    private void open(long slot, long nonce) {
        if (byNonce.containsKey(nonce) || isFull()) {
            return;
        }
        Session session = new Session(slot, nonce);
        sessions.put(slot, session);
        byNonce.put(nonce, session);
        everOpened.add(slot);
        sessionsHash += session.hash();
    }

    private void close(long id) {
        Session session = sessions.remove(id);
        if (session != null) {
            byNonce.remove(session.nonce);
            sessionsHash -= session.hash();
        }
    }

    private void command(long slot, long originBallot, Command command) {
        Session session = sessions.get(command.session());
        if (session == null) {
            return;
        }
        sessionsHash -= session.hash();
        long awaited = Math.min(command.awaited(), session.last + 1);
        session.firstKept = Math.max(session.firstKept, awaited);
        boolean hasRoom = session.last - session.firstKept + 1 < limits.maxInFlight();
        if (command.sequence() == session.last + 1 && hasRoom) {
            session.last++;
            effects.tookEffect(slot, originBallot, timeNs, command);
        }
        sessionsHash += session.hash();
    }

    /** Whether no further session can be opened. */
    boolean isFull() {
        return sessions.size() >= limits.maxSessions();
    }

    /** Fingerprint of what {@link #hashOf} is told of every open session. */
    long sessionsHash() {
        return sessionsHash;
    }

    /** The part of one session in {@link #sessionsHash}. */
    static long hashOf(long id, long last, long firstKept) {
        return Fingerprint.of(Fingerprint.of(id, last), firstKept);
    }

    /** All sessions that were ever opened, by rising id. */
    List<Long> everOpened() {
        return everOpened;
    }

    /** Every slot up to it has gone through here. */
    long appliedIndex() {
        return appliedIndex;
    }
}
