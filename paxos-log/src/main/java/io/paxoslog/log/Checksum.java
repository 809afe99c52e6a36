package io.paxoslog.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C of bytes in a mapped file. Not thread-safe. */
final class Checksum {
    private final CRC32C crc = new CRC32C();

    /** Moves position and limit of {@code file}. */
    int of(ByteBuffer file, int offset, int length) {
        crc.reset();
        file.limit(offset + length).position(offset);
        crc.update(file);
        return (int) crc.getValue();
    }
}
