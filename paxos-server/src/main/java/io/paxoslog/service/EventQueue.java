package io.paxoslog.service;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * The events of one session that its client may lack, in the order in which they were sent, and up
 * to where it has taken them. A position is a slot and which event of that slot it is, over all
 * sessions. Belongs to the thread that applies.
 *
 * <p>Events are numbered here, from any number on, so that they can be gone through; these numbers
 * are nothing that nodes agree on.
 */
public final class EventQueue {
    /** Slot, index and length of each event. */
    static final int HEADER_BYTES = ReplyCache.HEADER_BYTES + Integer.BYTES;

    /** In front of the bytes of an event stands which of its slot it is. */
    private static final int INDEX_BYTES = Integer.BYTES;

    private final ReplyCache kept = new ReplyCache();
    private long takenSlot;
    private int takenIndex;

    EventQueue() {}

    /**
     * Whether one position is behind another.
     *
     * @return below 0, 0 or above 0, as {@link Long#compare}
     */
    public static int compare(long slot, int index, long otherSlot, int otherIndex) {
        return slot == otherSlot
                ? Integer.compare(index, otherIndex)
                : Long.compare(slot, otherSlot);
    }

    /** Keeps an event behind all others. */
    void append(long slot, int index, DirectBuffer buffer, int offset, int length) {
        kept.append(slot, index, buffer, offset, length);
    }

    /** A snapshot says up to where they were taken. */
    void recoverTaken(long slot, int index) {
        takenSlot = slot;
        takenIndex = index;
    }

    /** Forgets the events up to a position, as the client has them; false: none is so old. */
    boolean take(long slot, int index) {
        long behind = firstBehind(slot, index);
        if (behind == first()) {
            return false;
        }
        takenSlot = slot(behind - 1);
        takenIndex = index(behind - 1);
        kept.trim(behind);
        return true;
    }

    /** The number of the first event behind a position; one above {@link #last} when none is. */
    public long firstBehind(long slot, int index) {
        long from = first();
        long to = last() + 1;
        if (isEmpty() || compare(slot(to - 1), index(to - 1), slot, index) <= 0) {
            return to;
        }
        while (from < to) {
            long middle = from + (to - from) / 2;
            if (compare(slot(middle), index(middle), slot, index) <= 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** Slot of the last event that was taken; 0 when none was. */
    public long takenSlot() {
        return takenSlot;
    }

    /** Which event of that slot it was. */
    public int takenIndex() {
        return takenIndex;
    }

    boolean isEmpty() {
        return kept.count() == 0;
    }

    /** Bytes kept, with {@link #HEADER_BYTES} for each. */
    int keptBytes() {
        return kept.cachedBytes();
    }

    /** Number of the oldest event that is kept. */
    public long first() {
        return kept.first();
    }

    /** Number of the newest event. */
    public long last() {
        return kept.last();
    }

    /** Slot that sent the event of a number. */
    public long slot(long number) {
        return kept.slot(number);
    }

    /** Which event of that slot it is, from 0. */
    public int index(long number) {
        return kept.bytes().getInt(kept.offset(number), ByteOrder.LITTLE_ENDIAN);
    }

    /** Holds the events; see {@link #offset} and {@link #length}. */
    public DirectBuffer buffer() {
        return kept.bytes();
    }

    /** Where an event begins in {@link #buffer}. */
    public int offset(long number) {
        return kept.offset(number) + INDEX_BYTES;
    }

    /** Bytes of an event. */
    public int length(long number) {
        return kept.length(number) - INDEX_BYTES;
    }
}
