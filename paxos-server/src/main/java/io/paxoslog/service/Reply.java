package io.paxoslog.service;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a state machine answers to one command. Empty unless written; not thread-safe.
 *
 * <p>Replies are part of the replicated state: they are kept until the client has them, and must be
 * the same on all nodes.
 */
public final class Reply {
    private int maxBytes;
    private UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
    private int length;

    Reply(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** From now on this is the most. */
    void limitTo(int newMaxBytes) {
        maxBytes = newMaxBytes;
    }

    void clear() {
        length = 0;
    }

    /**
     * Gives the reply a length, at most {@link #maxBytes()}, and lends the buffer to write it into,
     * from index 0.
     *
     * @throws IllegalArgumentException when the length is negative or too large
     */
    public MutableDirectBuffer resize(int replyBytes) {
        if (replyBytes < 0 || replyBytes > maxBytes) {
            throw new IllegalArgumentException(
                    "a reply may have up to " + maxBytes + " bytes, not " + replyBytes);
        }
        if (replyBytes > buffer.capacity()) {
            buffer = new UnsafeBuffer(new byte[Math.max(replyBytes, 2 * buffer.capacity())]);
        }
        length = replyBytes;
        return buffer;
    }

    /** Most bytes a reply may have. */
    public int maxBytes() {
        return maxBytes;
    }

    /** Holds what was written, from index 0. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** Bytes written so far. */
    public int length() {
        return length;
    }
}
