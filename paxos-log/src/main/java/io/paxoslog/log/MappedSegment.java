package io.paxoslog.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import org.agrona.concurrent.UnsafeBuffer;

/** The file of one segment, mapped for reading records by our own rules. Not thread-safe. */
final class MappedSegment implements AutoCloseable {
    private static final int PIECE_BYTES = 256 << 10;

    private final Disk disk;
    private final int number;
    private final Path file;
    private final UnsafeBuffer bytes;
    private final BitSet loaded = new BitSet();
    private final Checksum checksum = new Checksum();

    private MappedSegment(Disk disk, int number, Path file) throws IOException {
        this.disk = disk;
        this.number = number;
        this.file = file;
        this.bytes = disk.map(file);
    }

    static MappedSegment open(Disk disk, int number, Path file) throws IOException {
        return new MappedSegment(disk, number, file);
    }

    /** Makes sure that the disk gives back all of it. */
    MappedSegment load() throws IOException {
        load(0, bytes.capacity());
        return this;
    }

    /**
     * Makes sure, once, that the disk gives back what lies from {@code from} to {@code to}: a fault
     * in a mapping cannot be caught everywhere.
     */
    void load(int from, int to) throws IOException {
        int end = Math.min(to, bytes.capacity());
        for (int piece = from / PIECE_BYTES; (long) piece * PIECE_BYTES < end; piece++) {
            if (!loaded.get(piece)) {
                long begin = (long) piece * PIECE_BYTES;
                disk.load(file, begin, Math.min(begin + PIECE_BYTES, bytes.capacity()));
                loaded.set(piece);
            }
        }
    }

    UnsafeBuffer bytes() {
        return bytes;
    }

    int number() {
        return number;
    }

    Path file() {
        return file;
    }

    /** Whether the payload behind a head read at {@code offset} is the one that was written. */
    boolean payloadIsValid(RecordHeader header, int offset) {
        int start = offset + header.headBytes();
        int length = header.fields().payloadBytes();
        return length <= bytes.capacity() - start
                && checksum.of(bytes, start, length) == (int) header.fields().payloadChecksum();
    }

    /** Nothing read from here may be touched after. */
    @Override
    public void close() {
        disk.unmap(bytes);
    }
}
