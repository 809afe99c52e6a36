package io.paxoslog.service;

import io.paxoslog.service.AppliedHash.Outcome;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the state machine sends to sessions while it is called, and which of them have more now than
 * they may. All of it goes into the hash: nodes that send different things have parted.
 */
final class Events {
    private final AppliedHash hash;
    private final LongArrayList overfull = new LongArrayList();
    private final UnsafeBuffer indexed = new UnsafeBuffer(new byte[1024]);
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
            sessions.keepsEvents(session)
                    .append(
                            at,
                            indexed(index, buffer, offset, length),
                            EventQueue.INDEX_BYTES + length);
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

    private DirectBuffer indexed(int index, DirectBuffer buffer, int offset, int length) {
        if (indexed.capacity() < EventQueue.INDEX_BYTES + length) {
            indexed.wrap(new byte[2 * (EventQueue.INDEX_BYTES + length)]);
        }
        indexed.putInt(0, index, ByteOrder.LITTLE_ENDIAN);
        indexed.putBytes(EventQueue.INDEX_BYTES, buffer, offset, length);
        return indexed;
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
