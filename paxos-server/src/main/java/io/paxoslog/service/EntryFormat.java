package io.paxoslog.service;

import io.paxoslog.codecs.journal.EntryHeaderDecoder;
import io.paxoslog.codecs.journal.EntryHeaderEncoder;
import io.paxoslog.core.Batch;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** How an entry of a command batch looks: length, header, bytes of the command. */
public final class EntryFormat {
    /** A command of a session. */
    public static final short COMMAND = 1;

    /**
     * Opens a session; the header's session is the client's nonce, and the hash of its secret
     * stands where a command would. Entries of former releases have none.
     */
    public static final short OPEN_SESSION = 2;

    /** Closes a session. */
    public static final short CLOSE_SESSION = 3;

    /**
     * Asks what became of a command of a session; has no effect. The answer holds as of its slot.
     * The header's awaited tells the question from others.
     */
    public static final short ASK_OUTCOME = 4;

    /**
     * A query to the state machine; has no effect. The node that proposed it answers it from the
     * state at its slot. The header's session says which start of which node that is, its sequence
     * which query, its awaited what the client knows it by. To builds that do not know it, it is an
     * entry without effect like all that they do not know: the same to the bit.
     */
    public static final short QUERY = 5;

    /**
     * Sessions are kept alive, and the stopwatch goes on by the header's awaited, in milliseconds.
     * Where a command would stand are their ids, each in 8 bytes, in rising order. From system
     * version {@link #FIRST_WITH_EXPIRY} on.
     */
    public static final short KEEP_ALIVE = 6;

    /**
     * Ends a session of which nothing is heard, unless there was something behind the slot in the
     * header's sequence. From system version {@link #FIRST_WITH_EXPIRY} on.
     */
    public static final short EXPIRE_SESSION = 7;

    /**
     * Fires timers that are due, by the agreed time of this entry or by the stopwatch, which goes
     * on by the header's awaited, in milliseconds. Some of many: whoever leads asks again. Without
     * any it has no effect. Proposed only where state machines set timers, which builds that do not
     * know it do not have.
     */
    public static final short FIRE_TIMERS = 8;

    /**
     * Clients have taken events: where a command would stand are session, slot and index of the
     * last one, in {@link #TAKEN_BYTES} each. Proposed only where state machines send events, which
     * builds that do not know it do not have; to them, and where nothing comes of it, it is an
     * entry without effect: the same to the bit.
     */
    public static final short TAKE_EVENTS = 9;

    /** Bytes of what one client has taken: session, slot, index. */
    public static final int TAKEN_BYTES = 2 * Long.BYTES + Integer.BYTES;

    /** From this system version on sessions expire. */
    public static final int FIRST_WITH_EXPIRY = 3;

    /** In an entry that opens a session, the header's sequence: its client keeps it alive. */
    public static final long KEPT_ALIVE = 1;

    /** Bytes of the header between the length and the command. */
    public static final int HEADER_BYTES = EntryHeaderEncoder.BLOCK_LENGTH;

    /** Bytes an entry has beside the command. */
    public static final int OVERHEAD_BYTES = Batch.ENTRY_PREFIX_BYTES + HEADER_BYTES;

    private static final int SESSION = EntryHeaderDecoder.sessionEncodingOffset();
    private static final int SEQUENCE = EntryHeaderDecoder.sequenceEncodingOffset();
    private static final int AWAITED = EntryHeaderDecoder.awaitedEncodingOffset();

    private EntryFormat() {}

    /**
     * Writes length and header of an entry; the command belongs right behind them.
     *
     * @param commandBytes length of the command
     * @return where the command belongs
     */
    public static int putHead(
            MutableDirectBuffer buffer,
            int offset,
            short kind,
            long session,
            long sequence,
            long awaited,
            int commandBytes) {
        int body = offset + Batch.ENTRY_PREFIX_BYTES;
        buffer.putInt(offset, HEADER_BYTES + commandBytes, ByteOrder.LITTLE_ENDIAN);
        buffer.putByte(body + EntryHeaderDecoder.kindEncodingOffset(), (byte) kind);
        buffer.putLong(body + SESSION, session, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(body + SEQUENCE, sequence, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(body + AWAITED, awaited, ByteOrder.LITTLE_ENDIAN);
        return body + HEADER_BYTES;
    }

    /** The header's awaited of an entry whose command lies at an offset. */
    public static long awaitedOf(DirectBuffer entry, int command) {
        return entry.getLong(command - HEADER_BYTES + AWAITED, ByteOrder.LITTLE_ENDIAN);
    }
}
