package io.paxoslog.service;

import io.paxoslog.codecs.SecretHash;
import java.util.ArrayDeque;
import org.agrona.collections.Long2ObjectHashMap;

/** The open sessions: replicated state, changed by log entries only and equal on all nodes. */
final class SessionTable {
    /** In place of a session id: the table is full, or the nonce is another client's. */
    static final long REFUSED = 0;

    private final Long2ObjectHashMap<Session> byId = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<Session> byNonce = new Long2ObjectHashMap<>();
    private final ArrayDeque<Session> unused = new ArrayDeque<>();
    private final int maxSessions;
    private Session lastUsed;

    SessionTable(int maxSessions) {
        this.maxSessions = maxSessions;
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
        unused.push(session);
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
