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
    private boolean mayWait;
    private boolean hasWaited;
    private long news;
    private boolean isLater;
    private long topic;

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

    /** Asked from the beginning, or once more after it waited. */
    Query asked(boolean mayWaitNow, boolean hasWaitedSoFar, long newsSince) {
        mayWait = mayWaitNow;
        hasWaited = hasWaitedSoFar;
        news = newsSince;
        isLater = false;
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

    /**
     * There is nothing to say that is worth an answer: it is asked again once there is {@linkplain
     * Cluster#news news} on a topic. What was answered is given to nobody. When its time is over it
     * is asked a last time, with {@link #mayWait} false; then, and wherever that is false, this is
     * without effect.
     */
    public void later(long newTopic) {
        isLater = mayWait;
        topic = newTopic;
    }

    /** Whether {@link #later} keeps it waiting; else the answer is given as it is. */
    public boolean mayWait() {
        return mayWait;
    }

    /**
     * Whether it said {@link #later} before, to this same state machine: then {@link #news} tells
     * what has come of its topic since, and if that is 0, nothing has.
     */
    public boolean hasWaited() {
        return hasWaited;
    }

    /** What the first {@linkplain Cluster#news news} since it waits said; 0: none came. */
    public long news() {
        return news;
    }

    boolean isLater() {
        return isLater;
    }

    long topic() {
        return topic;
    }
}
