package io.paxoslog.log;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** The file of one segment, mapped for reading records by our own rules. Not thread-safe. */
final class MappedSegment implements AutoCloseable {
    private final MappedByteBuffer map;
    private final UnsafeBuffer bytes;
    private final int number;
    private final Path file;
    private final Checksum checksum = new Checksum();

    private MappedSegment(int number, Path file, MappedByteBuffer map) {
        this.number = number;
        this.file = file;
        this.map = map;
        this.bytes = new UnsafeBuffer(map);
    }

    static MappedSegment open(int number, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long length = Math.min(channel.size(), Integer.MAX_VALUE);
            return new MappedSegment(
                    number, file, channel.map(FileChannel.MapMode.READ_ONLY, 0, length));
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
                && checksum.of(map, start, length) == (int) header.fields().payloadChecksum();
    }

    /** Nothing read from here may be touched after. */
    @Override
    public void close() {
        bytes.wrap(0, 0);
        if (map.capacity() > 0) {
            BufferUtil.free(map);
        }
    }
}
