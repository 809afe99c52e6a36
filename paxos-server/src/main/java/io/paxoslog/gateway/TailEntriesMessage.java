package io.paxoslog.gateway;

import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.TailEntriesEncoder;
import io.paxoslog.core.Batch;
import io.paxoslog.service.EntryFormat;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** For those who tail the log: slots and bytes. */
final class TailEntriesMessage implements TailMessage {
    private static final int EMPTY_BYTES =
            MessageHeaderEncoder.ENCODED_LENGTH
                    + TailEntriesEncoder.BLOCK_LENGTH
                    + TailEntriesEncoder.ItemsEncoder.sbeHeaderSize();
    private static final int ITEM_BYTES =
            TailEntriesEncoder.ItemsEncoder.sbeBlockLength()
                    + TailEntriesEncoder.ItemsEncoder.commandHeaderLength();
    private static final int NEXT_SLOT =
            MessageHeaderEncoder.ENCODED_LENGTH + TailEntriesEncoder.nextSlotEncodingOffset();
    private static final int MOST_ITEMS = 65_534;

    /** What a message has beside the bytes of one command. */
    static final int OVERHEAD_BYTES = EMPTY_BYTES + ITEM_BYTES;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final TailEntriesEncoder entries = new TailEntriesEncoder();
    private final MutableDirectBuffer message;
    private TailEntriesEncoder.ItemsEncoder items;
    private int count;
    private int bytes;

    /**
     * @param message where it is laid out, with room for the largest command
     */
    TailEntriesMessage(MutableDirectBuffer message) {
        this.message = message;
    }

    @Override
    public void begin(Connection client) {
        items =
                entries.wrapAndApplyHeader(message, 0, header)
                        .link(client.link)
                        .correlation(client.tail.correlation)
                        .itemsCount(MOST_ITEMS);
        count = 0;
        bytes = EMPTY_BYTES;
    }

    @Override
    public boolean hasRoomFor(int commandBytes, int mostBytes) {
        return count == 0 || (count < MOST_ITEMS && bytes + ITEM_BYTES + commandBytes <= mostBytes);
    }

    @Override
    public void add(Batch batch, long slot, int entry, int commandBytes) {
        items.next()
                .slot(slot)
                .putCommand(batch.buffer(), entry + EntryFormat.HEADER_BYTES, commandBytes);
        count++;
        bytes += ITEM_BYTES + commandBytes;
    }

    @Override
    public boolean isEmpty() {
        return count == 0;
    }

    @Override
    public int end(long nextSlot) {
        items.resetCountToIndex();
        message.putLong(NEXT_SLOT, nextSlot, ByteOrder.LITTLE_ENDIAN);
        return bytes;
    }

    @Override
    public DirectBuffer buffer() {
        return message;
    }
}
