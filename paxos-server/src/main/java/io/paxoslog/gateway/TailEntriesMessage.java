package io.paxoslog.gateway;

import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.TailEntriesEncoder;
import io.paxoslog.core.Batch;
import io.paxoslog.service.EntryFormat;
import org.agrona.MutableDirectBuffer;

/** For those who tail the log: slots and bytes. */
final class TailEntriesMessage extends TailMessage {
    private static final int EMPTY_BYTES =
            MessageHeaderEncoder.ENCODED_LENGTH
                    + TailEntriesEncoder.BLOCK_LENGTH
                    + TailEntriesEncoder.ItemsEncoder.sbeHeaderSize();
    private static final int ITEM_BYTES =
            TailEntriesEncoder.ItemsEncoder.sbeBlockLength()
                    + TailEntriesEncoder.ItemsEncoder.commandHeaderLength();
    private static final int NEXT_SLOT =
            MessageHeaderEncoder.ENCODED_LENGTH + TailEntriesEncoder.nextSlotEncodingOffset();

    /** What a message has beside the bytes of one command. */
    static final int OVERHEAD_BYTES = EMPTY_BYTES + ITEM_BYTES;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final TailEntriesEncoder entries = new TailEntriesEncoder();
    private TailEntriesEncoder.ItemsEncoder items;

    /**
     * @param message where it is laid out, with room for the largest command
     */
    TailEntriesMessage(MutableDirectBuffer message) {
        super(message, EMPTY_BYTES, ITEM_BYTES, NEXT_SLOT);
    }

    @Override
    void encodeHead(MutableDirectBuffer into, Connection client) {
        items =
                entries.wrapAndApplyHeader(into, 0, header)
                        .link(client.link)
                        .correlation(client.tail.correlation)
                        .itemsCount(MOST_ITEMS);
    }

    @Override
    void encodeItem(Batch batch, long slot, int entry, int commandBytes) {
        items.next()
                .slot(slot)
                .putCommand(batch.buffer(), entry + EntryFormat.HEADER_BYTES, commandBytes);
    }

    @Override
    void encodeCount() {
        items.resetCountToIndex();
    }
}
