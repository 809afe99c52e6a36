package io.paxoslog.client;

/** Where an appended command stands, and what the state machine answered. */
public final class Appended {
    private final long slot;
    private final byte[] reply;

    Appended(long slot, byte[] reply) {
        this.slot = slot;
        this.reply = reply;
    }

    /** Position in the log. */
    public long slot() {
        return slot;
    }

    /** The state machine's reply; the caller's own copy. */
    public byte[] reply() {
        return reply;
    }
}
