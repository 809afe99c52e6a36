package io.paxoslog.cli;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A command that carries its number, so that it is known again in a journal. */
final class NumberedCommand {
    private static final int BYTES = 100;

    // Tells numbered commands from whatever else may be in a log.
    private static final long MARK = 0x5061786f73204e6fL;

    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[BYTES]);

    NumberedCommand() {
        bytes.putLong(Long.BYTES, MARK, ByteOrder.LITTLE_ENDIAN);
    }

    /** The command with a number; valid until the next is asked for. */
    UnsafeBuffer numbered(long number) {
        bytes.putLong(0, number, ByteOrder.LITTLE_ENDIAN);
        return bytes;
    }

    /** The number of a command; -1 when it is none of these. */
    static long numberIn(DirectBuffer buffer, int offset, int length) {
        boolean isNumbered =
                length == BYTES
                        && buffer.getLong(offset + Long.BYTES, ByteOrder.LITTLE_ENDIAN) == MARK;
        return isNumbered ? buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN) : -1;
    }
}
