package io.paxoslog.log;

import io.paxoslog.codecs.journal.RecordEncoder;
import java.io.IOException;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One file of the journal while it is appended to, and where the journal goes on after it.
 *
 * <p>Made by one thread and handed to the one that appends; the syncer forces it.
 */
final class Segment {
    private final int number;
    private final long incarnation;
    private final RecordFile file;
    private final Checksum checksum = new Checksum();
    private int lastOffset;
    private int lastEnd;

    /** End of the last record, once nothing more is appended; set before {@link #next}. */
    private long endPosition;

    private volatile Segment next;

    private Segment(int number, long incarnation, RecordFile file) {
        this.number = number;
        this.incarnation = incarnation;
        this.file = file;
    }

    /**
     * Makes a segment whose file holds no records yet. It is laid out; nothing is forced.
     *
     * @param recordBytes room for records
     */
    static Segment create(Disk disk, int number, long incarnation, Path directory, int recordBytes)
            throws IOException {
        return new Segment(
                number,
                incarnation,
                disk.createRecords(directory, "PaxosLog segment " + number, recordBytes));
    }

    /** Makes sure that appending meets no full disk. */
    void reserve(boolean isForced, RecordFile.Pace pace) throws IOException {
        file.reserve(isForced, pace);
    }

    /** Bytes that can still be appended. */
    long leftBytes() {
        return file.leftBytes();
    }

    /** Whether a record with a payload of so many bytes still goes in here. */
    boolean hasRoomFor(int payloadBytes) {
        return file.hasRoomFor(RecordHeader.aligned(RecordHeader.BYTES + payloadBytes));
    }

    /**
     * Appends a record. The payload is copied once, into the file.
     *
     * @param header begun with all fields but payload length and checksum
     * @return the record's checksum
     */
    int append(
            RecordHeader header,
            RecordEncoder fields,
            DirectBuffer payload,
            int offset,
            int length) {
        int recordBytes = RecordHeader.aligned(RecordHeader.BYTES + length);
        int start = file.begin(recordBytes);
        int written = 0;
        try {
            UnsafeBuffer bytes = file.bytes();
            int payloadStart = start + RecordHeader.BYTES;
            if (length > 0) {
                bytes.putBytes(payloadStart, payload, offset, length);
            }
            fields.payloadBytes(length);
            fields.payloadChecksum(Integer.toUnsignedLong(checksum.of(payload, offset, length)));
            int recordChecksum = header.writeTo(bytes, incarnation, number, start);
            written = recordBytes;
            lastOffset = start;
            lastEnd = start + recordBytes;
            return recordChecksum;
        } finally {
            file.end(written);
        }
    }

    /** Whether the record appended last ends in another piece than the one it begins in. */
    boolean hasEnteredPiece() {
        return lastOffset / RecordFile.PIECE_BYTES != lastEnd / RecordFile.PIECE_BYTES;
    }

    /** File offset of the record appended last. */
    int lastOffset() {
        return lastOffset;
    }

    int number() {
        return number;
    }

    /** Size of the file. */
    int fileBytes() {
        return file.bytes().capacity();
    }

    /** Puts all that was appended onto stable storage. For the syncer, while it is not closed. */
    void force() throws IOException {
        file.force();
    }

    /** As {@link #force}, but for the piece that is being written. */
    void forceWholePieces() throws IOException {
        file.forceWholePieces();
    }

    /** Ends this segment where {@code endPosition} says; {@code next} goes on from there. */
    void rollTo(Segment next, long endPosition) {
        this.endPosition = endPosition;
        this.next = next;
    }

    /** The segment after this one, or null while this one is appended to. */
    Segment next() {
        return next;
    }

    /** End of the last record; only once there is a {@link #next}. */
    long endPosition() {
        return endPosition;
    }

    /** For the syncer, when it is done here. */
    void closeForcing() throws IOException {
        file.closeForcing();
    }

    /** Its records are on the disk and need no memory any more. */
    void leaveMemory(RecordFile.Pace pace) {
        file.leaveMemory(pace);
    }

    /** Gives back mappings and files. Nobody may use the segment after. */
    void close() {
        file.close();
    }
}
