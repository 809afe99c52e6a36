package io.paxoslog.service;

import org.agrona.DirectBuffer;

/**
 * A question to the state machine, and what it is asked of: the state as it is. A flyweight, valid
 * only for the duration of the call it is passed to; not thread-safe.
 */
public final class Query {
    private long slot;
    private long timeNs;
    private int version;
    private DirectBuffer buffer;
    private int offset;
    private int length;

    Query of(long slot, long timeNs, int version) {
        this.slot = slot;
        this.timeNs = timeNs;
        this.version = version;
        return this;
    }

    Query bytes(DirectBuffer buffer, int offset, int length) {
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
        return this;
    }

    /** Every command up to this slot has gone through the state machine, and none above it. */
    public long slot() {
        return slot;
    }

    /**
     * The agreed time that was reached, in nanoseconds since 1970: that of the last entry applied,
     * not the time of now.
     */
    public long timeNs() {
        return timeNs;
    }

    /** Which version of the state machine is agreed for the next entry, see {@link Entry}. */
    public int version() {
        return version;
    }

    /** Holds the query from {@link #offset()} on. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** Where the query begins in {@link #buffer()}. */
    public int offset() {
        return offset;
    }

    /** Bytes of the query. */
    public int length() {
        return length;
    }
}
