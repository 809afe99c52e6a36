package io.paxoslog.log;

import io.paxoslog.codecs.journal.RecordDecoder;
import io.paxoslog.codecs.journal.RecordType;
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
    private static final int DOCUMENT_PREFIX_BYTES = Integer.BYTES;

    private final SlotIndex index;
    private final SegmentFiles files;
    private final long incarnation;
    private final SlotIndex.Place place = new SlotIndex.Place();
    private final RecordHeader header = new RecordHeader();
    private final Batch record = new Batch();
    private final Batch part = new Batch();

    // Where the record read last ends: what is read next mostly follows.
    private int readSegment;
    private int readTo;

    private final Int2ObjectCache<MappedSegment> mapped =
            new Int2ObjectCache<>(1, MAPPINGS, MappedSegment::close);

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
            load(slot);
            long last = Math.min(place.lastSlot, header.lastSlot());
            part.slice(record, slot, Math.min(lastSlot, last));
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

    private void load(long slot) {
        MappedSegment segment = segment(place.segment);
        int offset = -1;
        if (readSegment == place.segment && readTo >= place.offset) {
            offset = seek(segment, slot, readTo);
        }
        if (offset < 0) {
            offset = seek(segment, slot, place.offset);
        }
        if (offset < 0 || !segment.payloadIsValid(header, offset)) {
            throw new JournalException(
                    Kind.DAMAGED,
                    segment.file()
                            + " is damaged at byte "
                            + Math.max(offset, place.offset)
                            + ": slot "
                            + slot
                            + " cannot be read any more; stop this node and replace it");
        }
        readSegment = place.segment;
        readTo = offset + header.recordBytes();
        RecordDecoder fields = header.fields();
        record.slots(fields.ballot(), fields.firstSlot(), fields.count())
                .value((byte) fields.kind(), fields.originBallot(), fields.timestamp())
                .bytes(segment.bytes(), offset + header.headBytes(), fields.payloadBytes());
    }

    /**
     * Reads heads from an offset on, as far as the place reaches, until that of a record that holds
     * the slot as it counts. Returns its offset, or -1.
     */
    private int seek(MappedSegment segment, long slot, int from) {
        int offset = from;
        while (offset - place.offset < SlotIndex.REACH_BYTES) {
            if (!header.read(segment.bytes(), incarnation, place.segment, offset)) {
                offset += RecordHeader.ALIGNMENT;
            } else if (holds(slot)) {
                return offset;
            } else {
                offset += header.recordBytes() + DOCUMENT_PREFIX_BYTES;
            }
        }
        return -1;
    }

    private boolean holds(long slot) {
        RecordDecoder fields = header.fields();
        boolean isOfRank =
                place.rank == SlotIndex.CHOSEN
                        ? fields.recordType() == RecordType.CHOSEN
                        : fields.recordType() == RecordType.ACCEPTED
                                && fields.ballot() == place.rank;
        return isOfRank && fields.firstSlot() <= slot && slot <= header.lastSlot();
    }

    private MappedSegment segment(int number) {
        MappedSegment segment = mapped.get(number);
        if (segment != null) {
            return segment;
        }
        try {
            MappedSegment opened = MappedSegment.open(files.disk(), number, files.file(number));
            mapped.put(number, opened);
            return opened;
        } catch (IOException e) {
            throw new JournalException(
                    Kind.DISK,
                    "cannot read segment "
                            + number
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
        mapped.clear();
    }
}
