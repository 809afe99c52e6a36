package io.paxoslog.apply;

import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The two rings between the thread of a replica and the one that applies. All that crosses, crosses
 * here, by value; each ring has one thread that writes and one that reads. Full is an answer:
 * nobody on the replica's side ever waits, and nothing grows.
 */
public final class HandOver {
    /** A message of Agrona's rings is at most this part of the ring. */
    private static final int MESSAGES_A_RING = 8;

    private final OneToOneRingBuffer orders;
    private final OneToOneRingBuffer facts;

    /**
     * @param orderBytes room for what is chosen and not yet applied
     * @param factBytes room for replies and whatever else came of it
     * @throws IllegalArgumentException when one is no power of two
     */
    public HandOver(int orderBytes, int factBytes) {
        orders = ring(orderBytes);
        facts = ring(factBytes);
    }

    /** The smallest ring, of at least {@code leastBytes}, that passes messages of this size. */
    public static int ringFor(int messageBytes, int leastBytes) {
        long bytes = (long) MESSAGES_A_RING * (messageBytes + Frames.LARGEST_HEAD_BYTES);
        if (bytes > 1 << 30) {
            throw new IllegalArgumentException("no ring for messages of " + messageBytes);
        }
        return BitUtil.findNextPositivePowerOfTwo((int) Math.max(bytes, leastBytes));
    }

    private static OneToOneRingBuffer ring(int bytes) {
        int length = bytes + RingBufferDescriptor.TRAILER_LENGTH;
        // Outside the heap: these rings need their memory aligned.
        return new OneToOneRingBuffer(new UnsafeBuffer(ByteBuffer.allocateDirect(length)));
    }

    /** From the replica to the one who applies. */
    OneToOneRingBuffer orders() {
        return orders;
    }

    /** From the one who applies to the replica. */
    OneToOneRingBuffer facts() {
        return facts;
    }
}
