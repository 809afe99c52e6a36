package io.paxoslog.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/** CRC32C of bytes in a mapped file. Not thread-safe. */
final class Checksum {
    private final CRC32C crc = new CRC32C();

    /** Moves position and limit of the buffer that {@code file} wraps. */
    int of(UnsafeBuffer file, int offset, int length) {
        ByteBuffer bytes = file.byteBuffer();
        crc.reset();
        bytes.limit(offset + length).position(offset);
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
