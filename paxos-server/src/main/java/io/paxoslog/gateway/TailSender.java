package io.paxoslog.gateway;

import io.paxoslog.apply.Applied;
import io.paxoslog.codecs.client.FailureCode;
import io.paxoslog.codecs.client.FailureEncoder;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.TailEndEncoder;
import io.paxoslog.codecs.client.TailEntriesEncoder;
import io.paxoslog.codecs.journal.EntryHeaderDecoder;
import io.paxoslog.core.Batch;
import io.paxoslog.gateway.Connection.TailPosition;
import io.paxoslog.service.EntryFormat;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Streams commands that took effect from the journal to those who tail the log, a bounded number of
 * bytes a turn. Where a link takes no more, its tail waits where it is.
 */
final class TailSender {
    private static final int ENTRIES_BYTES =
            MessageHeaderEncoder.ENCODED_LENGTH
                    + TailEntriesEncoder.BLOCK_LENGTH
                    + TailEntriesEncoder.ItemsEncoder.sbeHeaderSize();
    private static final int ENTRY_BYTES =
            TailEntriesEncoder.ItemsEncoder.sbeBlockLength()
                    + TailEntriesEncoder.ItemsEncoder.commandHeaderLength();
    private static final int MAX_ENTRIES = 65_534;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final TailEntriesEncoder entries = new TailEntriesEncoder();
    private final FailureEncoder failure = new FailureEncoder();
    private final TailEndEncoder end = new TailEndEncoder();
    private final EntryHeaderDecoder entryHeader = new EntryHeaderDecoder();
    private final Consumer<Batch> onBatch = this::onBatch;
    private final Applied applied;
    private final CommittedReader reader;
    private final UnsafeBuffer message;

    private Connection client;
    private TailEntriesEncoder.ItemsEncoder items;
    private int itemCount;
    private int messageBytes;
    private long nextSlot;
    private int bytesRead;
    private boolean isHeldUp;

    TailSender(GatewayConfig config, Applied applied, CommittedReader reader) {
        this.applied = applied;
        this.reader = reader;
        int largest = ENTRIES_BYTES + ENTRY_BYTES + config.maxBatchBytes();
        message = new UnsafeBuffer(new byte[Math.max(largest, 64 * 1024)]);
    }

    /** Serves one client's tail from where it is; returns the bytes of journal that it took. */
    int serve(Connection tailing, int bytes) {
        TailPosition tail = tailing.tail;
        if (!tail.isRunning || !tailing.out.isConnected()) {
            return 0;
        }
        client = tailing;
        if (tail.nextSlot > tail.toSlot) {
            sendEnd();
            return 0;
        }
        long firstKept = Math.max(reader.firstKept(), applied.effectsFrom());
        if (tail.nextSlot < firstKept) {
            // Also of a tail that was too slow for its slots to be kept meanwhile.
            fail(FailureCode.COMPACTED, firstKept);
            return 0;
        }
        long last = Math.min(tail.toSlot, applied.index());
        if (tail.nextSlot > last) {
            return 0;
        }
        nextSlot = tail.nextSlot;
        isHeldUp = false;
        bytesRead = 0;
        begin();
        long next = reader.read(tail.nextSlot, last, bytes, onBatch);
        if (next == tail.nextSlot) {
            // What was applied here and cannot be read any more is for another node to serve.
            fail(FailureCode.UNREADABLE, tail.nextSlot);
        } else if (!isHeldUp) {
            sendEntries();
        }
        return bytesRead;
    }

    private void onBatch(Batch batch) {
        bytesRead += batch.length();
        if (isHeldUp || batch.lastSlot() < nextSlot) {
            return;
        }
        if (batch.kind() == Batch.COMMANDS) {
            walk(batch);
        }
        if (!isHeldUp) {
            nextSlot = batch.lastSlot() + 1;
        }
    }

    private void walk(Batch batch) {
        int position = 0;
        for (long slot = batch.firstSlot(); slot <= batch.lastSlot() && !isHeldUp; slot++) {
            int length = batch.buffer().getInt(position, ByteOrder.LITTLE_ENDIAN);
            int body = position + Batch.ENTRY_PREFIX_BYTES;
            if (slot >= nextSlot && isEffective(batch, slot, body, length)) {
                add(
                        batch,
                        slot,
                        body + EntryFormat.HEADER_BYTES,
                        length - EntryFormat.HEADER_BYTES);
            }
            position = body + length;
        }
    }

    private boolean isEffective(Batch batch, long slot, int body, int length) {
        if (length < EntryFormat.HEADER_BYTES) {
            return false;
        }
        entryHeader.wrap(
                batch.buffer(), body, EntryFormat.HEADER_BYTES, EntryHeaderDecoder.SCHEMA_VERSION);
        return applied.tookEffect(slot, entryHeader.kind());
    }

    private void add(Batch batch, long slot, int command, int commandBytes) {
        int bytes = ENTRY_BYTES + commandBytes;
        boolean isFull =
                itemCount == MAX_ENTRIES || messageBytes + bytes > client.out.fragmentBytes();
        nextSlot = slot;
        if (isFull && itemCount > 0) {
            if (!sendEntries()) {
                return;
            }
            begin();
        }
        items.next().slot(slot).putCommand(batch.buffer(), command, commandBytes);
        itemCount++;
        messageBytes += bytes;
    }

    private void begin() {
        items =
                entries.wrapAndApplyHeader(message, 0, header)
                        .link(client.link)
                        .correlation(client.tail.correlation)
                        .nextSlot(nextSlot)
                        .itemsCount(MAX_ENTRIES);
        itemCount = 0;
        messageBytes = ENTRIES_BYTES;
    }

    /** Slots count as served once the link took them; slots with nothing to serve, at once. */
    private boolean sendEntries() {
        items.resetCountToIndex();
        message.putLong(
                MessageHeaderEncoder.ENCODED_LENGTH + TailEntriesEncoder.nextSlotEncodingOffset(),
                nextSlot,
                ByteOrder.LITTLE_ENDIAN);
        if (itemCount > 0 && !client.out.send(message, messageBytes)) {
            isHeldUp = true;
            return false;
        }
        client.tail.nextSlot = nextSlot;
        return true;
    }

    private void fail(FailureCode code, long bound) {
        failure.wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .about(client.tail.correlation)
                .bound(bound)
                .code(code);
        int bytes = MessageHeaderEncoder.ENCODED_LENGTH + failure.encodedLength();
        client.tail.isRunning = !client.out.send(message, bytes);
    }

    private void sendEnd() {
        end.wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .correlation(client.tail.correlation)
                .nextSlot(client.tail.nextSlot);
        int bytes = MessageHeaderEncoder.ENCODED_LENGTH + end.encodedLength();
        client.tail.isRunning = !client.out.send(message, bytes);
    }
}
