package io.paxoslog.service;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.service.EndedSessions.Ended;
import java.util.Iterator;

/**
 * Lists the sessions that a snapshot brought, one by one, so that who knows them from what is told
 * knows these too. Nothing may be applied before all are listed.
 */
public final class SessionListing {
    /** Hears of sessions. */
    public interface Listener {
        /** A session has ended, of which it is known how far it came. */
        void ended(long session, SecretHash secret);

        /** A session is open. */
        void opened(long nonce, SecretHash secret, long session);
    }

    private final Iterator<Ended> ended;
    private Session next;

    SessionListing(SessionTable sessions) {
        ended = sessions.ended().iterator();
        next = sessions.lowest();
    }

    /** Tells of the next session; false when there are no more. */
    public boolean tellNext(Listener listener) {
        if (ended.hasNext()) {
            Ended one = ended.next();
            listener.ended(one.session(), one.secret());
            return true;
        }
        if (next == null) {
            return false;
        }
        listener.opened(next.nonce(), next.secret(), next.id());
        next = next.next;
        return true;
    }
}
