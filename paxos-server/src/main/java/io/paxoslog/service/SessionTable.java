package io.paxoslog.service;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.service.EndedSessions.Ended;
import java.util.ArrayDeque;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The open sessions: replicated state, changed by log entries only and equal on all nodes. Linked
 * in the order of their ids, which is the one they were opened in.
 */
final class SessionTable {
    /** In place of a session id: the table is full, or the nonce is another client's. */
    static final long REFUSED = 0;

    private static final UnsafeBuffer NO_REPLY = new UnsafeBuffer(new byte[0]);

    private final Long2ObjectHashMap<Session> byId = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<Session> byNonce = new Long2ObjectHashMap<>();
    private final EndedSessions ended;
    private final ArrayDeque<Session> unused = new ArrayDeque<>();
    private int maxSessions;
    private final SilentSessions silent = new SilentSessions();
    private Session lastUsed;
    private Session lowest;
    private Session highest;
    private SnapshotCopy copy;
    private int withEvents;

    SessionTable(int maxSessions) {
        this.maxSessions = maxSessions;
        ended = new EndedSessions(maxSessions);
    }

    /** From now on no more than these are opened; those that are open stay. */
    void limitTo(int newMaxSessions) {
        maxSessions = newMaxSessions;
        ended.limitTo(newMaxSessions);
    }

    /** The id of the session of this nonce, opened now unless it is open; or {@link #REFUSED}. */
    long open(long slot, long nonce, SecretHash secret) {
        Session known = byNonce.get(nonce);
        if (known != null) {
            return known.secret().isSame(secret) ? known.id() : REFUSED;
        }
        if (isFull()) {
            return REFUSED;
        }
        add(slot, nonce, secret);
        return slot;
    }

    /** A session is open; its id is above those of all others. */
    Session add(long id, long nonce, SecretHash secret) {
        Session session = unused.isEmpty() ? new Session() : unused.pop();
        session.open(id, nonce, secret);
        byId.put(id, session);
        byNonce.put(nonce, session);
        link(session);
        return session;
    }

    private void link(Session session) {
        session.previous = highest;
        session.next = null;
        if (highest == null) {
            lowest = session;
        } else {
            highest.next = session;
        }
        highest = session;
    }

    private void unlink(Session session) {
        if (session.previous == null) {
            lowest = session.next;
        } else {
            session.previous.next = session.next;
        }
        if (session.next == null) {
            highest = session.previous;
        } else {
            session.next.previous = session.previous;
        }
    }

    /** A session that was open has ended, before one that is told after it. */
    void recoverEnded(Ended session) {
        ended.add(session);
    }

    void close(long id) {
        Session session = byId.remove(id);
        if (session == null) {
            return;
        }
        if (copy != null) {
            copy.closes(session);
        }
        unlink(session);
        withEvents -= session.events() == null ? 0 : 1;
        silent.remove(session);
        byNonce.remove(session.nonce());
        lastUsed = null;
        ended.add(new Ended(id, session.lastSequence(), session.secret()));
        unused.push(session);
    }

    /** Where events of a session are kept. */
    EventQueue keepsEvents(Session session) {
        if (session.events() == null) {
            withEvents++;
            return session.keepEvents();
        }
        return session.events();
    }

    /** Whether events were ever sent to any session that is open. */
    boolean haveEvents() {
        return withEvents > 0;
    }

    /** Something of a session's client stands in the log. */
    void renew(Session session, long slot, long stopwatchMs) {
        session.renew(slot, stopwatchMs);
        silent.renewed(session);
    }

    /** Those that their clients keep alive, by when they were heard of. */
    SilentSessions silent() {
        return silent;
    }

    /** Whether none can be opened. */
    boolean isFull() {
        return byId.size() >= maxSessions;
    }

    /** Whether a session of this nonce is open. */
    boolean isOpenFor(long nonce) {
        return byNonce.containsKey(nonce);
    }

    /** All are told that a snapshot has. */
    void recovered() {
        for (Session session = lowest; session != null; session = session.next) {
            if (session.isKeptAlive()) {
                silent.recover(session);
            }
        }
        silent.recovered();
    }

    /** A command is about to change a session. */
    void changes(Session session) {
        if (copy != null) {
            copy.changes(session);
        }
    }

    /** From now on this copy hears before a session is changed; null: nobody. */
    void copyTo(SnapshotCopy newCopy) {
        copy = newCopy;
    }

    /** Says what became of a command, as far as it is kept. */
    void tellOutcome(long question, long id, long sequence, ReplySink to) {
        CommandFate fate = fate(id, sequence);
        if (fate != CommandFate.APPLIED && fate != CommandFate.SKIPPED) {
            to.outcome(question, fate, 0, NO_REPLY, 0, 0);
            return;
        }
        Session session = get(id);
        to.outcome(
                question,
                fate,
                session.slot(sequence),
                session.replyBuffer(),
                session.replyOffset(sequence),
                session.replyLength(sequence));
    }

    private CommandFate fate(long id, long sequence) {
        Session session = get(id);
        Ended gone = session == null ? ended.get(id) : null;
        if (session == null && gone == null) {
            return CommandFate.NOT_KNOWN;
        }
        if (sequence > (session == null ? gone.lastSequence() : session.lastSequence())) {
            return session == null ? CommandFate.NEVER : CommandFate.NOT_YET;
        }
        if (session == null || sequence < session.firstKept()) {
            return CommandFate.REPLY_GONE;
        }
        return session.isSkipped(sequence) ? CommandFate.SKIPPED : CommandFate.APPLIED;
    }

    /** Of as many sessions as may be open it stays known after their end how far they came. */
    List<Ended> ended() {
        return ended.all();
    }

    /** The open session with the lowest id, or null. */
    Session lowest() {
        return lowest;
    }

    /** The session, or null. */
    Session get(long id) {
        if (lastUsed == null || lastUsed.id() != id) {
            lastUsed = byId.get(id);
        }
        return lastUsed;
    }

    int size() {
        return byId.size();
    }
}
