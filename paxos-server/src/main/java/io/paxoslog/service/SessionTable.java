package io.paxoslog.service;

import io.paxoslog.codecs.SecretHash;
import java.util.ArrayDeque;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.Long2ObjectHashMap;

/** The open sessions: replicated state, changed by log entries only and equal on all nodes. */
final class SessionTable {
    /** In place of a session id: the table is full, or the nonce is another client's. */
    static final long REFUSED = 0;

    /** In place of a last sequence: nothing is known of that session any more. */
    static final long FORGOTTEN = -1;

    private final Long2ObjectHashMap<Session> byId = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<Session> byNonce = new Long2ObjectHashMap<>();
    private final Long2LongHashMap lastOfEnded = new Long2LongHashMap(FORGOTTEN);
    private final ArrayDeque<Long> ended = new ArrayDeque<>();
    private final ArrayDeque<Session> unused = new ArrayDeque<>();
    private int maxSessions;
    private Session lastUsed;

    SessionTable(int maxSessions) {
        this.maxSessions = maxSessions;
    }

    /** From now on no more than these are opened; those that are open stay. */
    void limitTo(int newMaxSessions) {
        maxSessions = newMaxSessions;
        while (ended.size() > maxSessions) {
            lastOfEnded.remove(ended.remove());
        }
    }

    /** The id of the session of this nonce, opened now unless it is open; or {@link #REFUSED}. */
    long open(long slot, long nonce, SecretHash secret) {
        Session known = byNonce.get(nonce);
        if (known != null) {
            return known.secret().isSame(secret) ? known.id() : REFUSED;
        }
        if (byId.size() >= maxSessions) {
            return REFUSED;
        }
        Session session = unused.isEmpty() ? new Session() : unused.pop();
        session.open(slot, nonce, secret);
        byId.put(slot, session);
        byNonce.put(nonce, session);
        return slot;
    }

    void close(long id) {
        Session session = byId.remove(id);
        if (session == null) {
            return;
        }
        byNonce.remove(session.nonce());
        lastUsed = null;
        remember(session);
        unused.push(session);
    }

    /** Of as many ended sessions as may be open it stays known how far they came. */
    private void remember(Session session) {
        ended.add(session.id());
        lastOfEnded.put(session.id(), session.lastSequence());
        if (ended.size() > maxSessions) {
            lastOfEnded.remove(ended.remove());
        }
    }

    /** Last sequence that took effect in a session that has ended; or {@link #FORGOTTEN}. */
    long lastOfEnded(long id) {
        return lastOfEnded.get(id);
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
