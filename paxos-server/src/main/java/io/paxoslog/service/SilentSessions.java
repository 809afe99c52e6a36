package io.paxoslog.service;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Sessions that their clients keep alive, the one first of which nothing was heard for longest:
 * linked in the order of where they were heard of, and where that is one slot, of their ids.
 */
final class SilentSessions {
    private static final Comparator<Session> BY_LAST_WORD =
            Comparator.comparingLong(Session::renewedSlot).thenComparingLong(Session::id);

    private final List<Session> toRecover = new ArrayList<>();
    private Session quietest;
    private Session liveliest;

    /** It was heard of right now: of no other session later, and of none with a higher id here. */
    void renewed(Session session) {
        if (session != liveliest) {
            remove(session);
            append(session);
        }
    }

    private void append(Session session) {
        session.quieter = liveliest;
        if (liveliest == null) {
            quietest = session;
        } else {
            liveliest.livelier = session;
        }
        liveliest = session;
    }

    /** It has ended, or was never here. */
    void remove(Session session) {
        if (session == quietest) {
            quietest = session.livelier;
        } else if (session.quieter != null) {
            session.quieter.livelier = session.livelier;
        }
        if (session == liveliest) {
            liveliest = session.quieter;
        } else if (session.livelier != null) {
            session.livelier.quieter = session.quieter;
        }
        session.quieter = null;
        session.livelier = null;
    }

    /** A snapshot tells of it; they come in any order. */
    void recover(Session session) {
        toRecover.add(session);
    }

    /** The snapshot tells of no more. */
    void recovered() {
        toRecover.sort(BY_LAST_WORD);
        toRecover.forEach(this::append);
        toRecover.clear();
    }

    /** The one that is silent for longest; null when there are none. */
    Session quietest() {
        return quietest;
    }
}
