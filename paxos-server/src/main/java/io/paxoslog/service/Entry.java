package io.paxoslog.service;

import org.agrona.DirectBuffer;

/**
 * A command that takes effect now: its bytes and what all nodes agree on about it. A flyweight,
 * valid only for the duration of the call it is passed to; not thread-safe.
 */
public final class Entry extends Moment {
    private long session;
    private long sequence;
    private DirectBuffer buffer;
    private int offset;
    private int length;

    Entry() {}

    void sender(long session, long sequence) {
        this.session = session;
        this.sequence = sequence;
    }

    void bytes(DirectBuffer buffer, int offset, int length) {
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
    }

    /** The session the command came from. */
    public long session() {
        return session;
    }

    /** Number of the command within its session, from 1. */
    public long sequence() {
        return sequence;
    }

    /** Holds the command from {@link #offset()} on. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** Where the command begins in {@link #buffer()}. */
    public int offset() {
        return offset;
    }

    /** Bytes of the command. */
    public int length() {
        return length;
    }
}
