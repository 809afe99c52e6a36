package io.paxoslog.service;

import java.io.InputStream;
import java.nio.ByteOrder;

/** A plain log: a command is an entry, and its reply the slot it stands at. */
public final class LogStateMachine implements StateMachine {
    /** Answers the slot as a little-endian {@code long}. */
    @Override
    public void apply(Entry entry, Reply reply) {
        reply.resize(Long.BYTES).putLong(0, entry.slot(), ByteOrder.LITTLE_ENDIAN);
    }

    /** The log is all there is. */
    @Override
    public StateView view() {
        return out -> {};
    }

    @Override
    public void restore(InputStream in) {
        // There is nothing to take.
    }
}
