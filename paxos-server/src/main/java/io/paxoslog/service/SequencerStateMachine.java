package io.paxoslog.service;

import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/** Stamps every command with a number without gaps and the agreed time, and echoes it. */
public final class SequencerStateMachine implements StateMachine {
    /** Bytes in front of the echoed command: number and time, little-endian {@code long}s. */
    public static final int STAMP_BYTES = 2 * Long.BYTES;

    private long lastNumber;

    /** Answers number (from 1), agreed time in nanoseconds since 1970, and the command. */
    @Override
    public void apply(Entry entry, Reply reply) {
        lastNumber++;
        MutableDirectBuffer target = reply.resize(STAMP_BYTES + entry.length());
        target.putLong(0, lastNumber, ByteOrder.LITTLE_ENDIAN);
        target.putLong(Long.BYTES, entry.timeNs(), ByteOrder.LITTLE_ENDIAN);
        target.putBytes(STAMP_BYTES, entry.buffer(), entry.offset(), entry.length());
    }
}
