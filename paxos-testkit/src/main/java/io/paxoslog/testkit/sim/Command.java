package io.paxoslog.testkit.sim;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a model client asks for, with the header that entries of clients carry.
 *
 * @param kind {@link #COMMAND} or {@link #OPEN_SESSION}
 * @param session slot of the session's opening; when opening, the client's own number
 * @param sequence of the command in its session, from 1; when opening, the attempt
 * @param awaited lowest sequence whose reply the client still lacks
 * @param paddingBytes further bytes, so that commands differ in length
 */
public record Command(byte kind, long session, long sequence, long awaited, int paddingBytes) {
    public static final byte COMMAND = 1;
    public static final byte OPEN_SESSION = 2;

    private static final int HEADER_BYTES = 1 + 3 * Long.BYTES;

    /** The entry's body. */
    public byte[] encode() {
        byte[] bytes = new byte[HEADER_BYTES + paddingBytes];
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        buffer.putByte(0, kind);
        buffer.putLong(1, session, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(9, sequence, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(17, awaited, ByteOrder.LITTLE_ENDIAN);
        for (int i = HEADER_BYTES; i < bytes.length; i++) {
            bytes[i] = (byte) (sequence + i);
        }
        return bytes;
    }

    /** Whether an entry's body is one of these, and not the plain word of a scenario. */
    public static boolean isCommand(byte[] entry) {
        return entry.length >= HEADER_BYTES && (entry[0] == COMMAND || entry[0] == OPEN_SESSION);
    }

    /** Reads an entry's body. */
    public static Command decode(byte[] entry) {
        UnsafeBuffer buffer = new UnsafeBuffer(entry);
        return new Command(
                buffer.getByte(0),
                buffer.getLong(1, ByteOrder.LITTLE_ENDIAN),
                buffer.getLong(9, ByteOrder.LITTLE_ENDIAN),
                buffer.getLong(17, ByteOrder.LITTLE_ENDIAN),
                entry.length - HEADER_BYTES);
    }

    /** Short, for traces. */
    public String text() {
        return kind == OPEN_SESSION
                ? "open(" + session + "#" + sequence + ")"
                : session + "#" + sequence;
    }
}
