package io.paxoslog.gateway;

import io.paxoslog.apply.Applied;
import io.paxoslog.codecs.client.LogEntriesEncoder;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.journal.EntryHeaderDecoder;
import io.paxoslog.core.Batch;
import io.paxoslog.service.EntryFormat;
import org.agrona.MutableDirectBuffer;

/** For those who subscribe: whose each command is and when it was proposed, too. */
final class LogEntriesMessage extends TailMessage {
    private static final int EMPTY_BYTES =
            MessageHeaderEncoder.ENCODED_LENGTH
                    + LogEntriesEncoder.BLOCK_LENGTH
                    + LogEntriesEncoder.ItemsEncoder.sbeHeaderSize();
    private static final int ITEM_BYTES =
            LogEntriesEncoder.ItemsEncoder.sbeBlockLength()
                    + LogEntriesEncoder.ItemsEncoder.commandHeaderLength();
    private static final int NEXT_SLOT =
            MessageHeaderEncoder.ENCODED_LENGTH + LogEntriesEncoder.nextSlotEncodingOffset();

    /** What a message has beside the bytes of one command. */
    static final int OVERHEAD_BYTES = EMPTY_BYTES + ITEM_BYTES;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final LogEntriesEncoder entries = new LogEntriesEncoder();
    private final EntryHeaderDecoder entryHeader = new EntryHeaderDecoder();
    private final Proposals proposals;
    private final Applied applied;
    private LogEntriesEncoder.ItemsEncoder items;

    /**
     * @param message where it is laid out, with room for the largest command
     */
    LogEntriesMessage(MutableDirectBuffer message, Proposals proposals, Applied applied) {
        super(message, EMPTY_BYTES, ITEM_BYTES, NEXT_SLOT);
        this.proposals = proposals;
        this.applied = applied;
    }

    @Override
    void encodeHead(MutableDirectBuffer into, Connection client) {
        items =
                entries.wrapAndApplyHeader(into, 0, header)
                        .link(client.link)
                        .correlation(client.tail.correlation)
                        .clusterId(proposals.clusterId())
                        .firstSlot(client.tail.toldSlot)
                        .applied(applied.index())
                        .itemsCount(MOST_ITEMS);
    }

    @Override
    void encodeItem(Batch batch, long slot, int entry, int commandBytes) {
        entryHeader.wrap(
                batch.buffer(), entry, EntryFormat.HEADER_BYTES, EntryHeaderDecoder.SCHEMA_VERSION);
        items.next()
                .slot(slot)
                .session(entryHeader.session())
                .sequence(entryHeader.sequence())
                .timestamp(batch.timestamp())
                .putCommand(batch.buffer(), entry + EntryFormat.HEADER_BYTES, commandBytes);
    }

    @Override
    void encodeCount() {
        items.resetCountToIndex();
    }
}
