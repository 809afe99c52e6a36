package io.paxoslog.log;

import io.paxoslog.codecs.journal.RecordDecoder;
import io.paxoslog.codecs.journal.RecordType;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Walks the record heads of one segment file in file order, whatever lies between them. Chronicle's
 * own headers and index are not looked at: after a power loss they may say anything.
 */
final class RecordCursor {
    private static final int DOCUMENT_PREFIX_BYTES = Integer.BYTES;

    /** From this one on heads say how many records there were before. */
    private static final int COUNTING_VERSION = 4;

    private final RecordHeader header = new RecordHeader();
    private final MappedSegment segment;
    private final UnsafeBuffer bytes;
    private final long incarnation;
    private int offset = -1;
    private int searchFrom;

    RecordCursor(MappedSegment segment, long incarnation) {
        this.segment = segment;
        this.bytes = segment.bytes();
        this.incarnation = incarnation;
    }

    /** Makes {@link #next} begin at a file offset. There is no record until then. */
    void moveTo(int newOffset) {
        offset = -1;
        searchFrom = newOffset;
    }

    /** Moves to the next head that belongs where it lies. False at the end of the file. */
    boolean next() {
        return nextBefore(bytes.capacity());
    }

    /** As {@link #next}, for heads that begin before a file offset. After false there is none. */
    boolean nextBefore(int end) {
        int at = searchFrom + DOCUMENT_PREFIX_BYTES;
        boolean isBehindRecord = offset >= 0 && at < end;
        if ((isBehindRecord && read(at)) || search(end)) {
            return true;
        }
        offset = -1;
        return false;
    }

    /** Moves to the head right behind the record, if there is one by now. */
    boolean nextRightBehind() {
        return nextBefore(searchFrom + DOCUMENT_PREFIX_BYTES + 1);
    }

    private boolean search(int end) {
        int last = Math.min(end - 1, bytes.capacity() - RecordHeader.BYTES);
        for (int at = searchFrom; at <= last; at += RecordHeader.ALIGNMENT) {
            boolean hasMagic =
                    bytes.getInt(at + RecordHeader.MAGIC_OFFSET, ByteOrder.LITTLE_ENDIAN)
                            == RecordHeader.MAGIC;
            if (hasMagic && read(at)) {
                return true;
            }
        }
        return false;
    }

    private boolean read(int at) {
        if (!header.read(bytes, incarnation, segment.number(), at)) {
            return false;
        }
        offset = at;
        // A damaged payload may hide the heads after it, but never their own bytes: go on right
        // behind this head.
        searchFrom = payloadFits() ? at + header.recordBytes() : at + header.headBytes();
        return true;
    }

    /** Whether the file is long enough for the payload that the head tells of. */
    boolean payloadFits() {
        return header.fields().payloadBytes() <= bytes.capacity() - offset - header.headBytes();
    }

    boolean payloadIsValid() {
        return segment.payloadIsValid(header, offset);
    }

    RecordHeader header() {
        return header;
    }

    RecordDecoder fields() {
        return header.fields();
    }

    /** Whether the record holds a batch of slots. */
    boolean hasBatch() {
        RecordType type = fields().recordType();
        return type == RecordType.ACCEPTED || type == RecordType.CHOSEN;
    }

    /** What decides between records that hold the same slot; of a record that has a batch. */
    long rank() {
        return fields().recordType() == RecordType.CHOSEN ? SlotIndex.CHOSEN : fields().ballot();
    }

    /** Takes a record that has a batch into an index. */
    void addTo(SlotIndex index) {
        RecordDecoder of = fields();
        index.add(of.firstSlot(), of.count(), rank(), segment.number(), offset);
    }

    /** File offset of the head, negative when there is none. */
    int offset() {
        return offset;
    }

    /** File offset of the payload. */
    int payloadOffset() {
        return offset + header.headBytes();
    }

    MappedSegment segment() {
        return segment;
    }

    /** Whether this is the record that follows what ended at a position with a checksum. */
    boolean continues(long position, int previousChecksum) {
        return fields().position() == position && header.previousChecksum() == previousChecksum;
    }

    /**
     * How many counted records there were before this one.
     *
     * @param expected the answer if none is missing; heads of earlier versions do not say
     */
    long recordsBefore(long expected) {
        boolean says = header.version() >= COUNTING_VERSION;
        return says ? expected + (fields().records() - (int) expected) : expected;
    }

    /** Position right after the record. */
    long endPosition() {
        return fields().position() + header.recordBytes();
    }
}
