package io.paxoslog.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;

/** CRC32C of bytes in an array or a direct buffer. Not thread-safe. */
final class Checksum {
    private final CRC32C crc = new CRC32C();
    private ByteBuffer source;
    private ByteBuffer view;

    /** Checks {@code length} bytes from {@code offset} on. */
    int of(DirectBuffer buffer, int offset, int length) {
        crc.reset();
        if (length > 0) {
            int begin = buffer.wrapAdjustment() + offset;
            if (buffer.byteArray() != null) {
                crc.update(buffer.byteArray(), begin, length);
            } else {
                crc.update(viewOf(buffer.byteBuffer()).limit(begin + length).position(begin));
            }
        }
        return (int) crc.getValue();
    }

    /** Position and limit of the buffer itself are its owner's. */
    @SuppressWarnings("ReferenceEquality") // The buffer itself is meant, not what it holds.
    private ByteBuffer viewOf(ByteBuffer buffer) {
        if (buffer != source) {
            source = buffer;
            view = buffer.duplicate();
        }
        return view;
    }
}
