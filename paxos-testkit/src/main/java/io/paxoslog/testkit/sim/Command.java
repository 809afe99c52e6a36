package io.paxoslog.testkit.sim;

import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** The entry of a client as the oracles read it, without the production decoders. */
public final class Command {
    public static final byte COMMAND = 1;
    public static final byte OPEN_SESSION = 2;
    public static final byte CLOSE_SESSION = 3;
    public static final byte KEEP_ALIVE = 6;
    public static final byte EXPIRE_SESSION = 7;
    public static final byte FIRE_TIMERS = 8;
    public static final byte TAKE_EVENTS = 9;

    private static final int TAKEN_BYTES = 2 * Long.BYTES + Integer.BYTES;

    static final int HEADER_BYTES = 1 + 3 * Long.BYTES;

    private final byte[] entry;
    private final UnsafeBuffer buffer;

    private Command(byte[] entry) {
        this.entry = entry;
        buffer = new UnsafeBuffer(entry);
    }

    /** Whether an entry's body is one of these, and not the plain word of a scenario. */
    public static boolean isCommand(byte[] entry) {
        return entry.length >= HEADER_BYTES && entry[0] >= COMMAND && entry[0] <= TAKE_EVENTS;
    }

    /** Reads an entry's body. */
    public static Command decode(byte[] entry) {
        return new Command(entry);
    }

    /** {@link #COMMAND} or another one of these. */
    public byte kind() {
        return entry[0];
    }

    /** Slot of the session's opening; when opening, the client's nonce. */
    public long session() {
        return buffer.getLong(1, ByteOrder.LITTLE_ENDIAN);
    }

    /** Number of the command in its session, from 1. */
    public long sequence() {
        return buffer.getLong(9, ByteOrder.LITTLE_ENDIAN);
    }

    /** Lowest sequence whose reply the client still lacks. */
    long awaited() {
        return buffer.getLong(17, ByteOrder.LITTLE_ENDIAN);
    }

    /** The sessions that are kept alive. */
    long[] keptAlive() {
        long[] ids = new long[(entry.length - HEADER_BYTES) / Long.BYTES];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = buffer.getLong(HEADER_BYTES + i * Long.BYTES, ByteOrder.LITTLE_ENDIAN);
        }
        return ids;
    }

    /** Hears up to where clients have taken events. */
    interface Taken {
        void taken(long session, long slot, int index);
    }

    /** Says which events are taken. */
    void takenEvents(Taken listener) {
        for (int at = HEADER_BYTES; at + TAKEN_BYTES <= entry.length; at += TAKEN_BYTES) {
            listener.taken(
                    buffer.getLong(at, ByteOrder.LITTLE_ENDIAN),
                    buffer.getLong(at + Long.BYTES, ByteOrder.LITTLE_ENDIAN),
                    buffer.getInt(at + 2 * Long.BYTES, ByteOrder.LITTLE_ENDIAN));
        }
    }

    /** A copy of the command itself. */
    public byte[] bytes() {
        return Arrays.copyOfRange(entry, HEADER_BYTES, entry.length);
    }

    /** Short, for traces. */
    public String text() {
        return switch (kind()) {
            case OPEN_SESSION -> "open(" + Long.toHexString(session()) + ")";
            case CLOSE_SESSION -> "close(" + session() + ")";
            case KEEP_ALIVE -> "alive(" + keptAlive().length + ", +" + awaited() + " ms)";
            case EXPIRE_SESSION -> "expire(" + session() + ", unless after " + sequence() + ")";
            case FIRE_TIMERS -> "fire(+" + awaited() + " ms)";
            case TAKE_EVENTS -> "take(" + (entry.length - HEADER_BYTES) / TAKEN_BYTES + ")";
            default -> session() + "#" + sequence();
        };
    }
}
