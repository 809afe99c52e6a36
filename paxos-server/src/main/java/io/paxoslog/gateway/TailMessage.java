package io.paxoslog.gateway;

import io.paxoslog.core.Batch;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** A message with commands of the log, on its way to one who tails the log. */
abstract class TailMessage {
    /** More does not fit the count in front of them. */
    static final int MOST_ITEMS = 65_534;

    private final MutableDirectBuffer message;
    private final int emptyBytes;
    private final int itemBytes;
    private final int nextSlotOffset;
    private int count;
    private int bytes;

    /**
     * @param message where it is laid out, with room for the largest command
     * @param emptyBytes of one without commands
     * @param itemBytes what each command has beside its own bytes
     * @param nextSlotOffset where it says where to go on
     */
    TailMessage(MutableDirectBuffer message, int emptyBytes, int itemBytes, int nextSlotOffset) {
        this.message = message;
        this.emptyBytes = emptyBytes;
        this.itemBytes = itemBytes;
        this.nextSlotOffset = nextSlotOffset;
    }

    /** Begins one, in the place of the one before. */
    final void begin(Connection client) {
        encodeHead(message, client);
        count = 0;
        bytes = emptyBytes;
    }

    /** Writes what comes in front of the commands, of which there may be {@link #MOST_ITEMS}. */
    abstract void encodeHead(MutableDirectBuffer into, Connection client);

    /** Whether one more command goes into a message of so many bytes, which one always does. */
    final boolean hasRoomFor(int commandBytes, int mostBytes) {
        return count == 0 || (count < MOST_ITEMS && bytes + itemBytes + commandBytes <= mostBytes);
    }

    /**
     * Adds a command.
     *
     * @param entry where its header lies in the batch; the command is right behind
     */
    final void add(Batch batch, long slot, int entry, int commandBytes) {
        encodeItem(batch, slot, entry, commandBytes);
        count++;
        bytes += itemBytes + commandBytes;
    }

    /** Writes a command behind those before. */
    abstract void encodeItem(Batch batch, long slot, int entry, int commandBytes);

    /** Whether there is anything in it. */
    final boolean isEmpty() {
        return count == 0;
    }

    /**
     * Completes it.
     *
     * @param nextSlot where to go on after it
     * @return its length
     */
    final int end(long nextSlot) {
        encodeCount();
        message.putLong(nextSlotOffset, nextSlot, ByteOrder.LITTLE_ENDIAN);
        return bytes;
    }

    /** Writes how many commands there are. */
    abstract void encodeCount();

    /** Where it lies. */
    final DirectBuffer buffer() {
        return message;
    }
}
