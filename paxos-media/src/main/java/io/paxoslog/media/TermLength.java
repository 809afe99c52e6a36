package io.paxoslog.media;

import org.agrona.BitUtil;

/**
 * How long the terms of a stream must be for what it is to carry: Aeron takes messages of up to an
 * eighth of a term, and none above 16 MiB.
 */
public final class TermLength {
    /** No stream carries more in one message. */
    public static final int LARGEST_MESSAGE_BYTES = 16 << 20;

    private static final int USUAL_BYTES = 4 << 20;
    private static final int MESSAGES_OF_A_TERM = 8;

    private TermLength() {}

    /** The usual length, or the next power of two that has room for a message of this size. */
    public static int forMessagesOf(int bytes) {
        int message = Math.min(Math.max(bytes, 1), LARGEST_MESSAGE_BYTES);
        return Math.max(
                USUAL_BYTES, BitUtil.findNextPositivePowerOfTwo(MESSAGES_OF_A_TERM * message));
    }

    /** The largest message that a stream with such terms takes. */
    public static int largestMessage(int termBytes) {
        return Math.min(termBytes / MESSAGES_OF_A_TERM, LARGEST_MESSAGE_BYTES);
    }
}
