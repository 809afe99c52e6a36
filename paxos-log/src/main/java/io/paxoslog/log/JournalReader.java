package io.paxoslog.log;

import io.paxoslog.core.Batch;
import io.paxoslog.log.JournalException.Kind;
import java.io.IOException;
import java.util.function.Consumer;
import org.agrona.collections.Int2ObjectCache;

/**
 * Reads slots from the mapped files, by slot. Sees what was appended a moment ago, synced or not;
 * never hands over a slot that the journal does not hold. Keeps at most {@value #MAPPINGS} files
 * mapped.
 *
 * <p>One thread uses a reader, which may be another one than appends.
 */
public final class JournalReader implements AutoCloseable {
    private static final int MAPPINGS = 8;

    private final SlotIndex index;
    private final SegmentFiles files;
    private final long incarnation;
    private final SlotIndex.Place place = new SlotIndex.Place();
    private final RecordReplay replay = new RecordReplay();
    private final Batch part = new Batch();

    /** By segment, each with a mapping of its own, where it was read last. */
    private final Int2ObjectCache<RecordCursor> cursors =
            new Int2ObjectCache<>(1, MAPPINGS, cursor -> cursor.segment().close());

    JournalReader(SlotIndex index, SegmentFiles files, long incarnation) {
        this.index = index;
        this.files = files;
        this.incarnation = incarnation;
    }

    /**
     * Hands over consecutive slots from {@code firstSlot}, the newest record of each, until {@code
     * lastSlot}, the budget, or the first slot not held. A batch is valid during the call only.
     *
     * @param maxBytes budget of entry bytes; the first batch is handed over even when it is larger
     * @return the slot after the last one handed over
     * @throws JournalException when a record cannot be read back as it was written
     */
    public long read(long firstSlot, long lastSlot, int maxBytes, Consumer<Batch> handler) {
        return read(firstSlot, lastSlot, (long) maxBytes, handler);
    }

    private long read(long firstSlot, long lastSlot, long maxBytes, Consumer<Batch> handler) {
        long slot = firstSlot;
        long left = maxBytes;
        while (slot <= lastSlot && index.find(slot, place)) {
            RecordCursor cursor = load(slot);
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

    /** As {@link #read}, without a budget. */
    long readAll(long firstSlot, long lastSlot, Consumer<Batch> handler) {
        return read(firstSlot, lastSlot, Long.MAX_VALUE, handler);
    }

    /** Returns a cursor at the record that holds a slot as it counts. */
    private RecordCursor load(long slot) {
        RecordCursor cursor = cursor(place.segment);
        if (!seek(cursor, slot) || !cursor.payloadIsValid()) {
            throw new JournalException(
                    Kind.DAMAGED,
                    cursor.segment().file()
                            + " is damaged at byte "
                            + Math.max(cursor.offset(), place.offset)
                            + ": slot "
                            + slot
                            + " cannot be read any more; stop this node and replace it");
        }
        return cursor;
    }

    /**
     * Looks from the record read last on, as what is read next mostly follows it, and else from
     * where the run begins.
     */
    private boolean seek(RecordCursor cursor, long slot) {
        int end = place.offset + SlotIndex.REACH_BYTES;
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

    private boolean holds(RecordCursor cursor, long slot) {
        boolean isOfRank = cursor.hasBatch() && cursor.rank() == place.rank;
        return isOfRank
                && cursor.fields().firstSlot() <= slot
                && slot <= cursor.header().lastSlot();
    }

    private RecordCursor cursor(int segment) {
        RecordCursor cursor = cursors.get(segment);
        if (cursor != null) {
            return cursor;
        }
        try {
            RecordCursor opened =
                    new RecordCursor(
                            MappedSegment.open(files.disk(), segment, files.file(segment)),
                            incarnation);
            cursors.put(segment, opened);
            return opened;
        } catch (IOException e) {
            throw new JournalException(
                    Kind.DISK,
                    "cannot read segment "
                            + segment
                            + " of "
                            + files.directory()
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** Gives the mappings back. */
    @Override
    public void close() {
        cursors.clear();
    }
}
