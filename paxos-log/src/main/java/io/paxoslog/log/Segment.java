package io.paxoslog.log;

import io.paxoslog.codecs.journal.RecordEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.io.SingleThreadedChecked;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One file of the journal while it is appended to: a Chronicle queue with a single block, each
 * record one document.
 *
 * <p>Made by one thread and handed to the one that appends; the channel is the syncer's alone.
 */
final class Segment {
    /** What Chronicle keeps at the front of its file: header and index. */
    private static final int CHRONICLE_BYTES = 128 << 10;

    private static final int DOCUMENT_PREFIX_BYTES = Integer.BYTES;
    private static final int ZERO_CHUNK_BYTES = 1 << 20;

    private final int number;
    private final long incarnation;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final Path file;
    private final FileChannel channel;
    private final MappedByteBuffer map;
    private final UnsafeBuffer bytes;
    private final Checksum checksum = new Checksum();
    private final int limit;
    private int end;
    private int lastOffset;

    /** End of the last record, once nothing more is appended; set before {@link #next}. */
    private long endPosition;

    private volatile Segment next;

    private Segment(int number, long incarnation, Path directory, int recordBytes)
            throws IOException {
        this.number = number;
        this.incarnation = incarnation;
        this.limit = CHRONICLE_BYTES + recordBytes;
        this.queue =
                SingleChronicleQueueBuilder.binary(directory)
                        .rollCycle(RollCycles.FAST_DAILY)
                        .timeProvider(() -> 0L)
                        .blockSize(limit)
                        .checkInterrupts(false)
                        .build();
        this.appender = queue.createAppender();
        ((SingleThreadedChecked) appender).singleThreadedCheckDisabled(true);
        // The first document makes Chronicle lay out its file; people see it in a dump.
        appender.writeText("PaxosLog segment " + number);
        this.file = appender.currentFile().toPath();
        this.channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        this.map = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
        this.bytes = new UnsafeBuffer(map);
        this.end = endOfFirstDocument();
    }

    /**
     * Makes a segment whose file holds no records yet. Chronicle has laid it out; nothing is
     * forced.
     *
     * @param recordBytes room for records
     */
    static Segment create(int number, long incarnation, Path directory, int recordBytes)
            throws IOException {
        try {
            return new Segment(number, incarnation, directory, recordBytes);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private int endOfFirstDocument() {
        long position;
        try (DocumentContext document = appender.writingDocument()) {
            position = document.wire().bytes().writePosition();
            document.rollbackOnClose();
        }
        return (int) position - DOCUMENT_PREFIX_BYTES;
    }

    /**
     * Fills the part that is to come with zeros, so that its blocks exist: appending meets no full
     * disk.
     */
    void reserve(Pace pace) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(ZERO_CHUNK_BYTES);
        int position = end + DOCUMENT_PREFIX_BYTES + RecordHeader.ALIGNMENT;
        while (position < limit) {
            zeros.clear().limit(Math.min(ZERO_CHUNK_BYTES, limit - position));
            position += channel.write(zeros, position);
            pace.written(this);
        }
    }

    /** Slows down whoever reserves ahead, so that the forces of others stay quick. */
    interface Pace {
        /** Called after each chunk. */
        void written(Segment segment) throws IOException;
    }

    /**
     * Brings the pages in, so that the thread that appends does not wait for them. Writing would
     * dirty them again.
     */
    void touch() {
        map.load();
    }

    /** Whether a record with a payload of so many bytes still goes in here. */
    boolean hasRoomFor(int payloadBytes) {
        int needed =
                DOCUMENT_PREFIX_BYTES + RecordHeader.aligned(RecordHeader.BYTES + payloadBytes);
        // Chronicle takes no document larger than a quarter of the block.
        return needed <= Math.min(limit - end, limit / 4);
    }

    /**
     * Appends a record. The payload is copied once, into the mapped file, and checked there.
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
        try (DocumentContext document = appender.writingDocument()) {
            Bytes<?> document0 = document.wire().bytes();
            int start = (int) document0.writePosition();
            int payloadStart = start + RecordHeader.BYTES;
            if (length > 0) {
                bytes.putBytes(payloadStart, payload, offset, length);
            }
            fields.payloadBytes(length);
            fields.payloadChecksum(Integer.toUnsignedLong(checksum.of(map, payloadStart, length)));
            int recordChecksum = header.writeTo(bytes, incarnation, number, start);
            document0.writeSkip(recordBytes);
            lastOffset = start;
            end = start + recordBytes;
            return recordChecksum;
        }
    }

    /** File offset of the record appended last. */
    int lastOffset() {
        return lastOffset;
    }

    int number() {
        return number;
    }

    /** Puts all that was appended onto stable storage. For the syncer, while it is not closed. */
    void force(Disk disk) throws IOException {
        disk.force(channel, file);
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
    void closeChannel() throws IOException {
        channel.close();
    }

    /** Gives back mappings and files. Nobody may use the segment after. */
    void close() {
        appender.close();
        queue.close();
        bytes.wrap(0, 0);
        BufferUtil.free(map);
        try {
            channel.close();
        } catch (IOException e) {
            // What was to be forced was forced before; there is nothing left to lose.
            return;
        }
    }
}
