package io.paxoslog.log;

import io.paxoslog.core.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Int2ObjectCache;

/**
 * Reads slots from the mapped files, by slot. Sees what was appended a moment ago, synced or not;
 * never hands over a slot that the journal does not hold. Keeps at most {@value #MAPPINGS} files
 * mapped.
 *
 * <p>What cannot be read back as it was written is never handed over and ends no node: the reader
 * stops before it, tells who asked for it at {@link ChronicleJournal#newReader}, and says so in
 * {@link #damage}. Those slots are unknown here, which counts neither as held nor as empty.
 *
 * <p>One thread uses a reader. Where the journal is compacted it is the one that appends.
 */
public final class JournalReader implements AutoCloseable {
    private static final int MAPPINGS = 8;

    private final SlotIndex index;
    private final SegmentFiles files;
    private final long incarnation;
    private final Consumer<DamagedRecord> onDamage;
    private final SlotIndex.Place place = new SlotIndex.Place();
    private final RecordReplay replay = new RecordReplay();
    private final Batch part = new Batch();
    private final Checksum copied = new Checksum();
    private DamagedRecord damage;

    /** By segment, each with a mapping of its own, where it was read last. */
    private final Int2ObjectCache<RecordCursor> cursors =
            new Int2ObjectCache<>(1, MAPPINGS, cursor -> cursor.segment().close());

    JournalReader(
            SlotIndex index,
            SegmentFiles files,
            long incarnation,
            Consumer<DamagedRecord> onDamage) {
        this.index = index;
        this.files = files;
        this.incarnation = incarnation;
        this.onDamage = onDamage;
    }

    /**
     * Hands over consecutive slots from {@code firstSlot}, the newest record of each, until {@code
     * lastSlot}, the budget, the first slot not held, or the first one that is unknown here. A
     * batch is valid during the call only.
     *
     * @param maxBytes budget of entry bytes; the first batch is handed over even when it is larger
     * @return the slot after the last one handed over; {@code firstSlot} itself, though the caller
     *     knows that the journal holds it, says that it is unknown here: ask another node
     */
    public long read(long firstSlot, long lastSlot, int maxBytes, Consumer<Batch> handler) {
        return read(firstSlot, lastSlot, (long) maxBytes, handler);
    }

    private long read(long firstSlot, long lastSlot, long maxBytes, Consumer<Batch> handler) {
        long slot = firstSlot;
        long left = maxBytes;
        damage = null;
        while (slot <= lastSlot && index.find(slot, place)) {
            RecordCursor cursor = load(slot);
            if (cursor == null) {
                return slot;
            }
            long last = Math.min(place.lastSlot, cursor.header().lastSlot());
            part.slice(replay.batch(cursor), slot, Math.min(lastSlot, last));
            left -= part.length();
            if (left < 0 && slot != firstSlot) {
                return slot;
            }
            slot = part.lastSlot() + 1;
            handler.accept(part);
        }
        return slot;
    }

    /**
     * Copies the record that holds a slot, and checks the copy: whatever happens to the file
     * meanwhile, it is what was written there, or nothing.
     *
     * @param into where its entries go
     * @param batch becomes a view of the copy
     * @return the last slot for which this record counts; 0 when it cannot be had
     */
    long copy(long slot, MutableDirectBuffer into, Batch batch) {
        damage = null;
        if (!index.find(slot, place)) {
            return 0;
        }
        RecordCursor cursor = locate(slot);
        if (cursor == null || !cursor.payloadFits()) {
            return 0;
        }
        int length = cursor.fields().payloadBytes();
        into.putBytes(0, cursor.segment().bytes(), cursor.payloadOffset(), length);
        if (copied.of(into, 0, length) != (int) cursor.fields().payloadChecksum()) {
            damaged(slot, cursor.offset(), place.lastSlot, "its checksum is wrong");
            return 0;
        }
        batch.wrap(replay.batch(cursor)).bytes(into, 0, length);
        return Math.min(place.lastSlot, cursor.header().lastSlot());
    }

    /** As {@link #read}, without a budget. */
    long readAll(long firstSlot, long lastSlot, Consumer<Batch> handler) {
        return read(firstSlot, lastSlot, Long.MAX_VALUE, handler);
    }

    /** What the last {@link #read} stopped at, or null when it met nothing that is damaged. */
    public DamagedRecord damage() {
        return damage;
    }

    /**
     * Returns a cursor at the record that holds a slot as it counts; null when it cannot be read.
     */
    private RecordCursor load(long slot) {
        RecordCursor cursor = locate(slot);
        if (cursor != null && !cursor.payloadIsValid()) {
            long lost = Math.min(cursor.header().lastSlot(), place.lastSlot);
            return damaged(slot, cursor.offset(), lost, "its checksum is wrong");
        }
        return cursor;
    }

    /** As {@link #load}, but what is behind its head may be anything. */
    private RecordCursor locate(long slot) {
        if (place.isUnknown()) {
            return unknown(slot);
        }
        try {
            RecordCursor cursor = cursor(place.segment);
            cursor.segment().load(place.offset, searchEnd() + RecordHeader.BYTES);
            if (!seek(cursor, slot)) {
                return damaged(
                        slot, place.offset, lastLost(cursor, slot), "it is not there any more");
            }
            int start = cursor.payloadOffset();
            cursor.segment().load(start, start + cursor.fields().payloadBytes());
            return cursor;
        } catch (IOException e) {
            return damaged(slot, place.offset, place.lastSlot, String.valueOf(e.getMessage()));
        } catch (InternalError e) {
            // What a mapped read answers where the disk cannot be read.
            return damaged(slot, place.offset, place.lastSlot, "the disk cannot be read there");
        }
    }

    /** The start found it so; it stays so until it is written down again. */
    private RecordCursor unknown(long slot) {
        Path file = place.segment < 0 ? fileOf(-place.segment) : files.directory();
        damage =
                new DamagedRecord(
                        file, place.offset, slot, place.lastSlot, "its record was lost before");
        onDamage.accept(damage);
        return null;
    }

    private RecordCursor damaged(long slot, long offset, long lastSlot, String why) {
        damage = new DamagedRecord(fileOf(place.segment), offset, slot, lastSlot, why);
        // Whoever asks again looks at the disk again.
        letGo(place.segment);
        onDamage.accept(damage);
        return null;
    }

    private Path fileOf(int segment) {
        try {
            return files.file(segment);
        } catch (IOException e) {
            return files.appended(segment);
        }
    }

    /** The last slot before the next record that can be found. */
    private long lastLost(RecordCursor cursor, long slot) {
        long last = place.lastSlot;
        cursor.moveTo(place.offset);
        while (cursor.nextBefore(searchEnd())) {
            if (isOfRank(cursor) && cursor.fields().firstSlot() > slot) {
                last = Math.min(last, cursor.fields().firstSlot() - 1);
            }
        }
        return last;
    }

    /** No record of the run begins there or behind. */
    private int searchEnd() {
        return place.offset + SlotIndex.REACH_BYTES;
    }

    /**
     * Looks from the record read last on, as what is read next mostly follows it, and else from
     * where the run begins.
     */
    private boolean seek(RecordCursor cursor, long slot) {
        int end = searchEnd();
        boolean isNear = cursor.offset() >= place.offset && cursor.offset() < end;
        if (isNear && advance(cursor, slot, end)) {
            return true;
        }
        cursor.moveTo(place.offset);
        return cursor.nextBefore(end) && advance(cursor, slot, end);
    }

    private boolean advance(RecordCursor cursor, long slot, int end) {
        while (!holds(cursor, slot)) {
            if (!cursor.nextBefore(end)) {
                return false;
            }
        }
        return true;
    }

    private boolean isOfRank(RecordCursor cursor) {
        return cursor.hasBatch() && cursor.rank() == place.rank;
    }

    private boolean holds(RecordCursor cursor, long slot) {
        return isOfRank(cursor)
                && cursor.fields().firstSlot() <= slot
                && slot <= cursor.header().lastSlot();
    }

    private RecordCursor cursor(int segment) throws IOException {
        RecordCursor cursor = cursors.get(segment);
        if (cursor != null) {
            return cursor;
        }
        RecordCursor opened =
                new RecordCursor(
                        MappedSegment.open(files.disk(), segment, files.file(segment)),
                        incarnation);
        cursors.put(segment, opened);
        return opened;
    }

    /** A file counts no more: it is read no more, and its mapping given back. */
    void letGo(int segment) {
        RecordCursor cursor = cursors.remove(segment);
        if (cursor != null) {
            cursor.segment().close();
        }
    }

    /** Gives the mappings back. */
    @Override
    public void close() {
        cursors.clear();
    }
}
