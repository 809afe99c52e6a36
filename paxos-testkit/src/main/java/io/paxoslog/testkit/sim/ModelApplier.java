package io.paxoslog.testkit.sim;

import io.paxoslog.core.Batch;
import io.paxoslog.service.Cluster;
import io.paxoslog.service.SessionLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.agrona.DirectBuffer;

/**
 * The rules of sessions as a model, apart from the production classes: a command takes effect only
 * if its sequence is the last one + 1 and its session has room for one more reply.
 */
final class ModelApplier {
    private static final int MOST_FIRED = 256;

    /** Hears of commands that take effect. */
    interface Effects {
        /** Once for each, in slot order; {@code timeNs} is the agreed time. */
        void tookEffect(long slot, long originBallot, long timeNs, Command command);

        /** Timers that are due fire here, if there are any. */
        void mayFire(long slot);

        /** A timer fires, in the order in which they do. */
        void fired(long slot, long originBallot, long timeNs, long timer);

        /** A session is open from here on. */
        void opened(long session);

        /** A session is over. */
        void closed(long session);

        /** Everything up to a slot is applied. */
        void applied(long slot);
    }

    private static final class Session {
        private final long id;
        private final long nonce;
        private long last;
        private long firstKept = 1;
        private boolean isMortal;
        private long wordSlot;
        private long wordMs;

        Session(long id, long nonce) {
            this.id = id;
            this.nonce = nonce;
        }

        long hash() {
            return hashOf(id, last, firstKept);
        }

        void word(long slot, long nowMs) {
            wordSlot = slot;
            wordMs = nowMs;
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
    private long stopwatchMs;
    private long leader;
    private long leaderSinceMs;
    private final Set<Long> silent = new HashSet<>();
    private int expired;
    private int evicted;
    private int fired;
    private int slow;
    private final ModelTimers timers;
    private final ModelEvents events;

    /** Begins right above a slot; what came before is of no interest. */
    ModelApplier(long appliedIndex, SessionLimits limits, Effects effects) {
        this.appliedIndex = appliedIndex;
        this.limits = limits;
        this.effects = effects;
        timers = new ModelTimers(limits.times().stepMs());
        events = new ModelEvents(limits.events());
    }

    /** What a machine may do beside replying, by what is applied at the moment. */
    Cluster cluster() {
        return new ModelCluster();
    }

    private final class ModelCluster implements Cluster {
        @Override
        public void timerAt(long timer, long due) {
            timers.timerAt(timer, due);
        }

        @Override
        public void timerAfter(long timer, long ms) {
            timers.timerAfter(timer, ms);
        }

        @Override
        public boolean cancelTimer(long timer) {
            return timers.cancelTimer(timer);
        }

        @Override
        public boolean send(long session, DirectBuffer buffer, int offset, int length) {
            return events.send(session, buffer, offset, length);
        }
    }

    /** What was sent to sessions. */
    ModelEvents events() {
        return events;
    }

    /** Sessions that ended as they kept more events than they may. */
    int slow() {
        return slow;
    }

    /** Timers that a leader must have fired before long. */
    int timersOwed() {
        return timers.owed();
    }

    /** Timers that fired. */
    int fired() {
        return fired;
    }

    /** Applies the next slots. */
    void apply(BatchCopy batch) {
        if (batch.firstSlot() != appliedIndex + 1) {
            throw new SafetyViolation(
                    "applies slot " + batch.firstSlot() + " right after " + appliedIndex);
        }
        timeNs = Math.max(timeNs, batch.timestamp());
        timers.at(timeNs, stopwatchMs);
        List<byte[]> entries = batch.kind() == Batch.COMMANDS ? batch.entries() : List.of();
        for (int i = 0; i < batch.count(); i++) {
            long slot = batch.firstSlot() + i;
            events.at(slot);
            if (i < entries.size() && Command.isCommand(entries.get(i))) {
                apply(slot, batch.originBallot(), Command.decode(entries.get(i)));
            }
            endSlow();
            appliedIndex = slot;
            effects.applied(slot);
        }
    }

    private void apply(long slot, long originBallot, Command command) {
        switch (command.kind()) {
            case Command.OPEN_SESSION -> {
                if (isFull() && !byNonce.containsKey(command.session())) {
                    evict(originBallot);
                }
                open(slot, command.session());
                Session opened = byNonce.get(command.session());
                if (opened != null && command.sequence() == 1) {
                    opened.isMortal = true;
                    opened.word(slot, stopwatchMs);
                }
            }
            case Command.CLOSE_SESSION -> close(command.session());
            case Command.KEEP_ALIVE -> keepAlive(slot, originBallot, command);
            case Command.EXPIRE_SESSION -> expire(originBallot, command);
            case Command.FIRE_TIMERS -> fireTimers(slot, originBallot, command);
            case Command.TAKE_EVENTS -> command.takenEvents(events::take);
            case Command.COMMAND -> command(slot, originBallot, command);
            default -> {
                // It has no effect.
            }
        }
    }

    private void ledBy(long ballot) {
        if (ballot != leader) {
            leader = ballot;
            leaderSinceMs = stopwatchMs;
        }
    }

    private void keepAlive(long slot, long originBallot, Command command) {
        ledBy(originBallot);
        goOn(command);
        for (long id : command.keptAlive()) {
            Session session = sessions.get(id);
            if (session != null) {
                session.isMortal = true;
                session.word(slot, stopwatchMs);
            }
        }
    }

    private void goOn(Command command) {
        stopwatchMs += command.awaited();
        timers.at(timeNs, stopwatchMs);
    }

    private void fireTimers(long slot, long originBallot, Command command) {
        ledBy(originBallot);
        goOn(command);
        effects.mayFire(slot);
        for (int i = 0; i < MOST_FIRED; i++) {
            Optional<Long> due = timers.takeDue();
            if (due.isEmpty()) {
                return;
            }
            fired++;
            effects.fired(slot, originBallot, timeNs, due.get());
        }
    }

    private boolean isSilentFor(Session session, int ms) {
        return session.isMortal
                && stopwatchMs >= session.wordMs + ms + limits.times().stepMs()
                && stopwatchMs >= leaderSinceMs + limits.times().graceMs();
    }

    private void expire(long originBallot, Command command) {
        ledBy(originBallot);
        Session session = sessions.get(command.session());
        if (session != null
                && session.wordSlot == command.sequence()
                && isSilentFor(session, limits.times().timeoutMs())) {
            endSilent(session);
            expired++;
        }
    }

    private void evict(long originBallot) {
        ledBy(originBallot);
        sessions.values().stream()
                .filter(session -> session.isMortal)
                .min(Comparator.<Session>comparingLong(s -> s.wordSlot).thenComparing(s -> s.id))
                .filter(session -> isSilentFor(session, limits.times().evictableMs()))
                .ifPresent(
                        session -> {
                            endSilent(session);
                            evicted++;
                        });
    }

    private void endSilent(Session session) {
        close(session.id);
        silent.add(session.id);
    }

    private void endSlow() {
        for (Optional<Long> next = events.takeOverfull();
                next.isPresent();
                next = events.takeOverfull()) {
            if (sessions.containsKey(next.get())) {
                slow++;
                silent.add(next.get());
                close(next.get());
            }
        }
    }

    /** Whether a session ended as nothing was heard of it, no word or not that it has events. */
    boolean hasEndedSilent(long session) {
        return silent.contains(session);
    }

    /** Sessions that ended as nothing was heard of them for their time-out. */
    int expired() {
        return expired;
    }

    /** Sessions that ended as nothing was heard of them and another one wanted to come in. */
    int evicted() {
        return evicted;
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
        events.opened(slot);
        effects.opened(slot);
    }

    private void close(long id) {
        Session session = sessions.remove(id);
        if (session != null) {
            byNonce.remove(session.nonce);
            sessionsHash -= session.hash();
            events.closed(id);
            effects.closed(id);
        }
    }

    private void command(long slot, long originBallot, Command command) {
        Session session = sessions.get(command.session());
        if (session == null) {
            return;
        }
        session.word(slot, stopwatchMs);
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

    /** Fingerprint of what {@link #hashOf} is told of every open session, and of its events. */
    long sessionsHash() {
        return sessionsHash + events.hash();
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
