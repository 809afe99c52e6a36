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
    private final String unreadable;
    private final BitSet loaded = new BitSet();
    private final Checksum checksum = new Checksum();

    private MappedSegment(Disk disk, int number, Path file, UnsafeBuffer bytes, String unreadable) {
        this.disk = disk;
        this.number = number;
        this.file = file;
        this.bytes = bytes;
        this.unreadable = unreadable;
    }

    static MappedSegment open(Disk disk, int number, Path file) throws IOException {
        return new MappedSegment(disk, number, file, disk.map(file), null);
    }

    /**
     * As {@link #open}, all of it loaded. Where the disk does not give back all, in a copy: what
     * cannot be read is zero there, and so holds no record.
     */
    static MappedSegment openReadable(Disk disk, int number, Path file) throws IOException {
        MappedSegment mapped = open(disk, number, file);
        try {
            return mapped.load();
        } catch (UnreadableException e) {
            try (mapped) {
                return mapped.copyOfReadable(e.getMessage());
            }
        }
    }

    private MappedSegment copyOfReadable(String why) {
        UnsafeBuffer copy = new UnsafeBuffer(new byte[bytes.capacity()]);
        for (int from = 0; from < bytes.capacity(); from += PIECE_BYTES) {
            copyPiece(from, Math.min(from + PIECE_BYTES, bytes.capacity()), copy);
        }
        return new MappedSegment(disk, number, file, copy, why);
    }

    /** What the disk does not give back stays zero. */
    private void copyPiece(int from, int to, UnsafeBuffer copy) {
        try {
            load(from, to);
        } catch (IOException e) {
            return;
        }
        copy.putBytes(from, bytes, from, to - from);
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
        if (unreadable != null) {
            return;
        }
        int end = Math.min(to, bytes.capacity());
        for (int piece = from / PIECE_BYTES; (long) piece * PIECE_BYTES < end; piece++) {
            if (!loaded.get(piece)) {
                long begin = (long) piece * PIECE_BYTES;
                disk.load(file, begin, Math.min(begin + PIECE_BYTES, bytes.capacity()));
                loaded.set(piece);
            }
        }
    }

    /** What the disk does not give back, and is zero here; null when it gives back all. */
    String unreadable() {
        return unreadable;
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
        if (unreadable == null) {
            disk.unmap(bytes);
        }
    }
}
