package io.paxoslog.service;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
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

    /** The last number, as a little-endian {@code long}. */
    @Override
    public StateView view() {
        byte[] written = littleEndian(new byte[Long.BYTES]).putLong(lastNumber).array();
        return out -> out.write(written);
    }

    @Override
    public void restore(InputStream in) throws IOException {
        byte[] written = in.readNBytes(Long.BYTES);
        if (written.length < Long.BYTES) {
            throw new IOException("the state of a sequencer has 8 bytes, not " + written.length);
        }
        lastNumber = littleEndian(written).getLong();
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
