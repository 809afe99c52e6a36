package io.paxoslog.apply;

import io.paxoslog.core.Batch;
import io.paxoslog.core.CommittedLog;
import io.paxoslog.core.Decision;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * Tells the one who applies what is chosen and which connections have which session. Belongs to the
 * replica thread. Every method says whether it was taken; what was not is told again later.
 */
public final class ApplyOrders {
    private final OneToOneRingBuffer ring;
    private boolean hasNews;

    /** Speaks into this hand-over; nobody else does. */
    public ApplyOrders(HandOver handOver) {
        ring = handOver.orders();
    }

    /** Most bytes of entries that one batch may have. */
    int largestBatchBytes() {
        return ring.maxMsgLength() - Frames.BATCH_ENTRIES;
    }

    /** Whether a good part of the ring is free. */
    boolean isRoomy() {
        return ring.size() <= ring.capacity() / 2;
    }

    boolean committed(Batch batch) {
        int at = claim(Frames.BATCH, Frames.BATCH_ENTRIES + batch.length());
        if (at < 0) {
            return false;
        }
        AtomicBuffer buffer = ring.buffer();
        buffer.putLong(at + Frames.BATCH_FIRST_SLOT, batch.firstSlot());
        buffer.putLong(at + Frames.BATCH_ORIGIN_BALLOT, batch.originBallot());
        buffer.putLong(at + Frames.BATCH_TIMESTAMP, batch.timestamp());
        buffer.putInt(at + Frames.BATCH_COUNT, batch.count());
        buffer.putInt(at + Frames.BATCH_KIND, batch.kind());
        buffer.putBytes(at + Frames.BATCH_ENTRIES, batch.buffer(), 0, batch.length());
        ring.commit(at);
        return true;
    }

    /**
     * A connection has a session, or its link has room again: from now on its replies, from {@code
     * awaited} on, are wanted, and its events behind a position.
     *
     * @param attachment comes back with the replies, and tells them from what was asked for earlier
     * @param link what the messages to the client carry
     * @param eventSlot of that position; 0: all events
     * @param fragmentBytes most bytes of a message with more than one reply
     */
    public boolean attach(
            long connection,
            long attachment,
            long link,
            long session,
            long awaited,
            long eventSlot,
            int eventIndex,
            int fragmentBytes) {
        int at = claim(Frames.ATTACH, Frames.ATTACH_BYTES);
        if (at < 0) {
            return false;
        }
        AtomicBuffer buffer = ring.buffer();
        buffer.putLong(at + Frames.ATTACH_CONNECTION, connection);
        buffer.putLong(at + Frames.ATTACH_NUMBER, attachment);
        buffer.putLong(at + Frames.ATTACH_LINK, link);
        buffer.putLong(at + Frames.ATTACH_SESSION, session);
        buffer.putLong(at + Frames.ATTACH_AWAITED, awaited);
        buffer.putLong(at + Frames.ATTACH_EVENT_SLOT, eventSlot);
        buffer.putInt(at + Frames.ATTACH_EVENT_INDEX, eventIndex);
        buffer.putInt(at + Frames.ATTACH_FRAGMENT_BYTES, fragmentBytes);
        ring.commit(at);
        return true;
    }

    /** No replies are wanted any more for a connection. */
    public boolean detach(long connection) {
        return number(Frames.DETACH, connection);
    }

    /** Most bytes of queries that one client may ask at once, as they cross. */
    public int largestReadsBytes() {
        return ring.maxMsgLength() - Frames.READS_ITEMS;
    }

    /**
     * Queries of one client are to be answered from what is applied now.
     *
     * @param ticket comes back with the answer to the first, the next number with that to the next
     * @param slot what has been applied by now; where that is no more so, they are not answered
     * @param fragmentBytes most bytes of a message with more than one answer
     * @param mayWait whether those that have nothing to say may wait for news
     * @param items as {@link #putRead} lays them out
     */
    public boolean reads(
            long ticket,
            long slot,
            int count,
            int fragmentBytes,
            boolean mayWait,
            DirectBuffer items,
            int length) {
        int at = claim(Frames.READS, Frames.READS_ITEMS + length);
        if (at < 0) {
            return false;
        }
        AtomicBuffer buffer = ring.buffer();
        buffer.putLong(at + Frames.READS_TICKET, ticket);
        buffer.putLong(at + Frames.READS_SLOT, slot);
        buffer.putInt(at + Frames.READS_COUNT, count);
        buffer.putInt(at + Frames.READS_FRAGMENT_BYTES, fragmentBytes);
        buffer.putInt(at + Frames.READS_MAY_WAIT, mayWait ? 1 : 0);
        buffer.putBytes(at + Frames.READS_ITEMS, items, 0, length);
        ring.commit(at);
        return true;
    }

    /** Those of some queries that still wait are to be answered with what there is. */
    public boolean last(long ticket, int count) {
        int at = claim(Frames.LAST, Frames.LAST_BYTES);
        if (at < 0) {
            return false;
        }
        ring.buffer().putLong(at + Frames.LAST_TICKET, ticket);
        ring.buffer().putInt(at + Frames.LAST_COUNT, count);
        ring.commit(at);
        return true;
    }

    /**
     * Lays out a query behind others.
     *
     * @param read what its client knows it by
     * @return where the next one belongs
     */
    public static int putRead(
            MutableDirectBuffer items,
            int at,
            long read,
            DirectBuffer query,
            int offset,
            int length) {
        items.putLong(at + Frames.READ_NUMBER, read);
        items.putInt(at + Frames.READ_LENGTH, length);
        items.putBytes(at + Frames.READ_QUERY, query, offset, length);
        return at + readBytes(length);
    }

    /** Bytes that a query takes as it crosses. */
    public static int readBytes(int length) {
        return Frames.READ_QUERY + length;
    }

    /** What its client knows a query by that was laid out somewhere. */
    public static long readAt(DirectBuffer items, int at) {
        return items.getLong(at + Frames.READ_NUMBER);
    }

    /** The length of a query that was laid out somewhere. */
    public static int lengthAt(DirectBuffer items, int at) {
        return items.getInt(at + Frames.READ_LENGTH);
    }

    /** By what queries in the log are known that come from here: no other node or start has it. */
    public boolean asker(long asker) {
        return number(Frames.ASKER, asker);
    }

    /** A decision about a slot came into force. */
    @SuppressWarnings("EnumOrdinal") // The ring never leaves the process.
    boolean decided(long at, Decision.Kind kind, long slot) {
        int place = claim(Frames.DECIDED, Frames.DECIDED_BYTES);
        if (place < 0) {
            return false;
        }
        ring.buffer().putLong(place + Frames.DECIDED_AT, at);
        ring.buffer().putLong(place + Frames.DECIDED_SLOT, slot);
        ring.buffer().putInt(place + Frames.DECIDED_KIND, kind.ordinal());
        ring.commit(place);
        return true;
    }

    /** The node holds below a slot until a decision above another one. */
    boolean held(long slot, long decision) {
        int at = claim(Frames.HELD, Frames.HELD_BYTES);
        if (at < 0) {
            return false;
        }
        ring.buffer().putLong(at + Frames.HELD_SLOT, slot);
        ring.buffer().putLong(at + Frames.HELD_DECISION, decision);
        ring.commit(at);
        return true;
    }

    /**
     * A snapshot is wanted of everything up to a slot; it is taken once that is applied. What comes
     * of it is told by {@link ApplyFacts#snapshot}.
     *
     * @param mayStandStill whether nothing need be applied while it is written
     */
    public boolean snapshot(long slot, boolean mayStandStill) {
        int at = claim(Frames.SNAPSHOT, Frames.SNAPSHOT_BYTES);
        if (at < 0) {
            return false;
        }
        ring.buffer().putLong(at + Frames.SNAPSHOT_SLOT, slot);
        ring.buffer().putInt(at + Frames.SNAPSHOT_MAY_STAND_STILL, mayStandStill ? 1 : 0);
        ring.commit(at);
        return true;
    }

    /** What is applied is not what others applied, see {@link CommittedLog#diverged}. */
    boolean diverged(long equalUpTo, long differsAt, boolean isMinority) {
        int at = claim(Frames.DIVERGED, Frames.DIVERGED_BYTES);
        if (at < 0) {
            return false;
        }
        ring.buffer().putLong(at + Frames.DIVERGED_EQUAL_UP_TO, equalUpTo);
        ring.buffer().putLong(at + Frames.DIVERGED_AT, differsAt);
        ring.buffer().putInt(at + Frames.DIVERGED_IS_MINORITY, isMinority ? 1 : 0);
        ring.commit(at);
        return true;
    }

    /** The snapshot of a slot takes the place of all that is applied. */
    boolean restore(long slot) {
        return number(Frames.RESTORE, slot);
    }

    /** Slots up to one are in the journal no more: nobody asks what came of them. */
    public boolean compacted(long slot) {
        return number(Frames.COMPACTED, slot);
    }

    private boolean number(int type, long slot) {
        int at = claim(type, Frames.ONE_NUMBER_BYTES);
        if (at < 0) {
            return false;
        }
        ring.buffer().putLong(at, slot);
        ring.commit(at);
        return true;
    }

    /** What is halted goes on from where it stands, or from slot 1 with a fresh state machine. */
    boolean goOn(boolean fromTheBeginning) {
        int at = claim(Frames.GO_ON, Frames.GO_ON_BYTES);
        if (at < 0) {
            return false;
        }
        ring.buffer().putInt(at, fromTheBeginning ? 1 : 0);
        ring.commit(at);
        return true;
    }

    private int claim(int type, int length) {
        int at = ring.tryClaim(type, length);
        hasNews |= at >= 0;
        return at;
    }

    /** Whether anything was told since this was last asked. */
    public boolean takeNews() {
        boolean had = hasNews;
        hasNews = false;
        return had;
    }
}
