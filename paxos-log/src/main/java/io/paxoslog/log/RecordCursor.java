package io.paxoslog.log;

import io.paxoslog.codecs.journal.RecordDecoder;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Walks the record heads of one segment file in file order, whatever lies between them. Chronicle's
 * own headers and index are not looked at: after a power loss they may say anything.
 */
final class RecordCursor {
    private static final int DOCUMENT_PREFIX_BYTES = Integer.BYTES;

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

    /** Moves to the next head that belongs where it lies. False at the end of the file. */
    boolean next() {
        if (offset >= 0 && read(searchFrom + DOCUMENT_PREFIX_BYTES)) {
            return true;
        }
        return search();
    }

    private boolean search() {
        int last = bytes.capacity() - RecordHeader.BYTES;
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

    private boolean payloadFits() {
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

    /** File offset of the head. */
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

    /** Position right after the record. */
    long endPosition() {
        return fields().position() + header.recordBytes();
    }
}
