package io.paxoslog.service;

import io.paxoslog.service.AppliedHash.Outcome;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;

/**
 * What the state machine sends to sessions while it is called, and which of them have more now than
 * they may. All of it goes into the hash: nodes that send different things have parted.
 */
final class Events {
    private final AppliedHash hash;
    private final LongArrayList overfull = new LongArrayList();
    private SessionTable sessions;
    private EventLimits limits;
    private int maxBytes;
    private long slot;
    private int sentThere;

    Events(AppliedHash hash) {
        this.hash = hash;
    }

    /** From now on these are open, and keep as much as these limits say. */
    void beginWith(SessionTable newSessions, EventLimits newLimits) {
        sessions = newSessions;
        limits = newLimits;
        overfull.clear();
        slot = 0;
    }

    /** From now on this is the most that an event may have. */
    void limitTo(int newMaxBytes) {
        maxBytes = newMaxBytes;
    }

    /** Sends an event at a slot; false: the session is not open. */
    boolean send(long at, long id, DirectBuffer buffer, int offset, int length) {
        if (length < 0 || length > maxBytes) {
            throw new IllegalArgumentException(
                    "an event may have up to " + maxBytes + " bytes, not " + length);
        }
        Session session = sessions.get(id);
        if (session == null) {
            hash.add(Outcome.NOT_SENT, id);
            return false;
        }
        if (at != slot) {
            slot = at;
            sentThere = 0;
        }
        int index = sentThere++;
        hash.add(Outcome.SENT, id);
        hash.add(buffer, offset, length);
        if (session.isOverfull()) {
            return true;
        }
        if (hasRoomFor(session.events(), length)) {
            sessions.changes(session);
            sessions.keepsEvents(session).append(at, index, buffer, offset, length);
        } else {
            session.beOverfull();
            overfull.addLong(id);
        }
        return true;
    }

    private boolean hasRoomFor(EventQueue kept, int length) {
        int bytes = EventQueue.HEADER_BYTES + length;
        if (kept == null || kept.isEmpty()) {
            return bytes <= limits.keptBytes();
        }
        return kept.keptBytes() + bytes <= limits.keptBytes()
                && slot - kept.slot(kept.first()) <= limits.keptSlots();
    }

    /** Whether sessions have more than they may. */
    boolean areOverfull() {
        return !overfull.isEmpty();
    }

    /** Takes one of these sessions, in the order in which that came to be; it may have ended. */
    long takeOverfull() {
        return overfull.removeAt(0);
    }
}
