package io.paxoslog.media;

import io.aeron.logbuffer.LogBufferDescriptor;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where frames begin in the part of a stream that its receiver takes now: half a term from the
 * position that it has told the sender. Datagrams may be lost, doubled, or come again cut
 * differently, but where frames begin never changes; of a sender that says otherwise the reader
 * would take payload for headers.
 *
 * <p>Of what did not come a receiver looks for the end in every turn, 32 bytes at a time. So data
 * may lie no further behind a gap than one datagram and what came without a gap before.
 */
final class FrameMap {
    private static final int BITS = Long.SIZE;

    /** Then the first datagram may be lost, however large it was. */
    private static final int FIRST_REACH = 64 * 1024;

    private final int windowBytes;
    private final int bitsToShift;
    private final int initialTermId;
    private final int mask;
    private long[] begins;
    private long[] taken;
    private long floor;
    private final long start;
    private long unbrokenTo;

    /**
     * @param activeTermId with {@code termOffset}: where the receiver begins
     */
    FrameMap(int termLength, int initialTermId, int activeTermId, int termOffset) {
        windowBytes = termLength / 2;
        bitsToShift = LogBufferDescriptor.positionBitsToShift(termLength);
        this.initialTermId = initialTermId;
        mask = windowBytes / Frames.ALIGNMENT - 1;
        floor = position(activeTermId, termOffset);
        start = floor;
        unbrokenTo = floor;
    }

    long position(int termId, int termOffset) {
        return LogBufferDescriptor.computePosition(termId, termOffset, bitsToShift, initialTermId);
    }

    /** The sender was told that everything below a position was consumed. */
    void moveTo(long position) {
        if (position <= floor) {
            return;
        }
        if (begins != null) {
            int bits = (int) (Math.min(position - floor, windowBytes) / Frames.ALIGNMENT);
            clear(begins, bitOf(floor), bits);
            clear(taken, bitOf(floor), bits);
        }
        floor = position;
        if (unbrokenTo < floor) {
            unbrokenTo = floor;
            goOnUnbroken();
        }
    }

    /** Whether a receiver keeps what lies there; it drops what is below and what is above. */
    boolean isInWindow(long position, int length) {
        return position >= floor && position + length <= floor + windowBytes;
    }

    /** The highest position at which data may begin now. */
    long reach() {
        return unbrokenTo + FIRST_REACH + (unbrokenTo - start);
    }

    int termIdOf(long position) {
        return LogBufferDescriptor.computeTermIdFromPosition(position, bitsToShift, initialTermId);
    }

    int termOffsetOf(long position) {
        return (int) position & 2 * windowBytes - 1;
    }

    /** Whether frames begin where they began before, as far as those were taken. */
    boolean agrees(UnsafeBuffer buffer, int length, long position) {
        if (begins == null) {
            return true;
        }
        for (int at = 0; at < length; ) {
            int bit = bitOf(position + at);
            int bytes = Math.min(stride(buffer, at), length - at);
            boolean isInside = isSet(taken, bit) && !isSet(begins, bit);
            if (isInside || isAnySet(begins, bit + 1 & mask, bytes / Frames.ALIGNMENT - 1)) {
                return false;
            }
            at += bytes;
        }
        return true;
    }

    /** Notes frames that were taken. */
    void take(UnsafeBuffer buffer, int length, long position) {
        if (begins == null) {
            begins = new long[(mask + 1) / BITS];
            taken = new long[(mask + 1) / BITS];
        }
        set(taken, bitOf(position), length / Frames.ALIGNMENT);
        int at = 0;
        while (at < length) {
            set(begins, bitOf(position + at), 1);
            at += stride(buffer, at);
        }
        if (position <= unbrokenTo && position + at > unbrokenTo) {
            unbrokenTo = position + at;
            goOnUnbroken();
        }
    }

    /** What came before the gap that is closed now. */
    private void goOnUnbroken() {
        long end = floor + windowBytes;
        while (taken != null && unbrokenTo < end) {
            int bit = bitOf(unbrokenTo);
            int set = Long.numberOfTrailingZeros(~(taken[bit / BITS] >>> bit));
            int inWord = Math.min(set, BITS - bit % BITS);
            unbrokenTo = Math.min(end, unbrokenTo + (long) inWord * Frames.ALIGNMENT);
            if (inWord < BITS - bit % BITS) {
                return;
            }
        }
    }

    /** What fills a term up travels as its header alone, which comes last. */
    private static int stride(UnsafeBuffer buffer, int at) {
        return BitUtil.align(Frames.frameLength(buffer, at), Frames.ALIGNMENT);
    }

    private int bitOf(long position) {
        return (int) (position / Frames.ALIGNMENT) & mask;
    }

    private static boolean isSet(long[] bits, int bit) {
        return (bits[bit / BITS] & 1L << bit) != 0;
    }

    private boolean isAnySet(long[] bits, int from, int count) {
        int at = from;
        for (int left = count; left > 0; ) {
            int inWord = Math.min(left, BITS - at % BITS);
            if ((bits[at / BITS] & wordMask(at, inWord)) != 0) {
                return true;
            }
            at = at + inWord & mask;
            left -= inWord;
        }
        return false;
    }

    private void set(long[] bits, int from, int count) {
        int at = from;
        for (int left = count; left > 0; ) {
            int inWord = Math.min(left, BITS - at % BITS);
            bits[at / BITS] |= wordMask(at, inWord);
            at = at + inWord & mask;
            left -= inWord;
        }
    }

    private void clear(long[] bits, int from, int count) {
        int at = from;
        for (int left = count; left > 0; ) {
            int inWord = Math.min(left, BITS - at % BITS);
            bits[at / BITS] &= ~wordMask(at, inWord);
            at = at + inWord & mask;
            left -= inWord;
        }
    }

    private static long wordMask(int at, int bits) {
        return (-1L >>> (BITS - bits)) << at;
    }
}
