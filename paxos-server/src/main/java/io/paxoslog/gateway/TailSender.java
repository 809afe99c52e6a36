package io.paxoslog.gateway;

import io.paxoslog.apply.Applied;
import io.paxoslog.codecs.client.FailureCode;
import io.paxoslog.codecs.client.FailureEncoder;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.TailEndEncoder;
import io.paxoslog.codecs.journal.EntryHeaderDecoder;
import io.paxoslog.core.Batch;
import io.paxoslog.gateway.Connection.TailPosition;
import io.paxoslog.service.EntryFormat;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Streams commands that took effect from the journal to those who tail the log or subscribe to it,
 * a bounded number of bytes a turn. Where a link takes no more, its tail waits where it is, and
 * nothing is read for it.
 */
final class TailSender {
    /** Where nothing took effect a subscriber is told so often how far that is. */
    static final int PROGRESS_TICKS = 20;

    /** Who has nothing new is told so often that this node is there. */
    static final int LIFE_TICKS = 200;

    private static final int NO_CLUSTER = 0;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final FailureEncoder failure = new FailureEncoder();
    private final TailEndEncoder end = new TailEndEncoder();
    private final EntryHeaderDecoder entryHeader = new EntryHeaderDecoder();
    private final UnsafeBuffer other = new UnsafeBuffer(new byte[64]);
    private final Consumer<Batch> onBatch = this::onBatch;
    private final Applied applied;
    private final CommittedReader reader;
    private final Proposals proposals;
    private final TailMessage toTails;
    private final TailMessage toSubscribers;

    private long nowTick;
    private Connection client;
    private TailMessage message;
    private long nextSlot;
    private int bytesRead;
    private boolean isHeldUp;

    TailSender(GatewayConfig config, Proposals proposals, Applied applied, CommittedReader reader) {
        this.applied = applied;
        this.reader = reader;
        this.proposals = proposals;
        int overhead =
                Math.max(TailEntriesMessage.OVERHEAD_BYTES, LogEntriesMessage.OVERHEAD_BYTES);
        int bytes = Math.max(overhead + config.maxBatchBytes(), 64 * 1024);
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[bytes]);
        toTails = new TailEntriesMessage(buffer);
        toSubscribers = new LogEntriesMessage(buffer, proposals, applied);
    }

    void onTick(long tick) {
        nowTick = tick;
    }

    /** Serves one client's tail from where it is; returns the bytes of journal that it took. */
    int serve(Connection tailing, int bytes) {
        TailPosition tail = tailing.tail;
        if (!tail.isRunning || !tailing.out.isConnected() || !tailing.out.hasRoom()) {
            return 0;
        }
        client = tailing;
        if (tail.nextSlot > tail.toSlot) {
            sendEnd();
            return 0;
        }
        if (!isOfThisCluster(tail)) {
            return 0;
        }
        // Also of a tail that was too slow for its slots to be kept meanwhile.
        long firstKept = Math.max(reader.firstKept(), applied.effectsFrom());
        if (tail.nextSlot == TailPosition.FIRST_KEPT) {
            beginAt(firstKept, tail);
        } else if (tail.nextSlot < firstKept) {
            fail(FailureCode.COMPACTED, firstKept);
            return 0;
        }
        bytesRead = 0;
        message = tail.isSubscription ? toSubscribers : toTails;
        long last = Math.min(tail.toSlot, applied.index());
        if (tail.nextSlot != TailPosition.FIRST_KEPT && tail.nextSlot <= last) {
            read(tail, last, bytes);
        }
        if (tail.isRunning && tail.isSubscription) {
            tellProgress(tail);
        }
        return bytesRead;
    }

    /** A node that is not founded yet has nothing to say of any. */
    private boolean isOfThisCluster(TailPosition tail) {
        long own = proposals.clusterId();
        boolean isOther = tail.clusterId != NO_CLUSTER && own != tail.clusterId;
        if (isOther && own != NO_CLUSTER) {
            fail(FailureCode.OTHER_CLUSTER, 0);
        }
        return !isOther;
    }

    /** Where that is, is known once something is applied. */
    private void beginAt(long firstKept, TailPosition tail) {
        if (applied.index() > 0) {
            tail.nextSlot = firstKept;
            tail.toldSlot = firstKept;
        }
    }

    private void read(TailPosition tail, long last, int bytes) {
        nextSlot = tail.nextSlot;
        isHeldUp = false;
        message.begin(client);
        long next = reader.read(tail.nextSlot, last, bytes, onBatch);
        if (next == tail.nextSlot) {
            // What was applied here and cannot be read any more is for another node to serve.
            fail(FailureCode.UNREADABLE, tail.nextSlot);
        } else if (!isHeldUp) {
            sendEntries();
        }
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
                add(batch, slot, body, length - EntryFormat.HEADER_BYTES);
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

    private void add(Batch batch, long slot, int body, int commandBytes) {
        nextSlot = slot;
        if (!message.hasRoomFor(commandBytes, client.out.fragmentBytes())) {
            if (!sendEntries()) {
                return;
            }
            message.begin(client);
        }
        message.add(batch, slot, body, commandBytes);
    }

    /** Slots count as served once the link took them; slots with nothing to serve, at once. */
    private boolean sendEntries() {
        if (message.isEmpty()) {
            client.tail.nextSlot = nextSlot;
            return true;
        }
        return send(nextSlot);
    }

    private boolean send(long next) {
        int bytes = message.end(next);
        if (!client.out.send(message.buffer(), bytes)) {
            isHeldUp = true;
            return false;
        }
        client.tail.told(next, nowTick);
        return true;
    }

    private void tellProgress(TailPosition tail) {
        boolean isNew = tail.nextSlot > tail.toldSlot;
        if (nowTick - tail.toldTick < (isNew ? PROGRESS_TICKS : LIFE_TICKS)) {
            return;
        }
        message.begin(client);
        send(tail.nextSlot);
    }

    private void fail(FailureCode code, long bound) {
        failure.wrapAndApplyHeader(other, 0, header)
                .link(client.link)
                .about(client.tail.correlation)
                .bound(bound)
                .code(code);
        int bytes = MessageHeaderEncoder.ENCODED_LENGTH + failure.encodedLength();
        client.tail.isRunning = !client.out.send(other, bytes);
    }

    private void sendEnd() {
        end.wrapAndApplyHeader(other, 0, header)
                .link(client.link)
                .correlation(client.tail.correlation)
                .nextSlot(client.tail.nextSlot);
        int bytes = MessageHeaderEncoder.ENCODED_LENGTH + end.encodedLength();
        client.tail.isRunning = !client.out.send(other, bytes);
    }
}
