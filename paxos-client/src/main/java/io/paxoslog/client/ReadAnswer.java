package io.paxoslog.client;

/** The state machine's answer to a query. Immutable. */
public final class ReadAnswer {
    private final long slot;
    private final byte[] bytes;

    ReadAnswer(long slot, byte[] bytes) {
        this.slot = slot;
        this.bytes = bytes;
    }

    /** The state that answered was that of every command up to this slot, and of none above. */
    public long slot() {
        return slot;
    }

    /** The answer; the caller's own copy. */
    public byte[] bytes() {
        return bytes;
    }
}
