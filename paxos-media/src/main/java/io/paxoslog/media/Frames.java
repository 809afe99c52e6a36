package io.paxoslog.media;

import static io.aeron.protocol.DataHeaderFlyweight.SESSION_ID_FIELD_OFFSET;
import static io.aeron.protocol.DataHeaderFlyweight.STREAM_ID_FIELD_OFFSET;
import static io.aeron.protocol.DataHeaderFlyweight.TERM_ID_FIELD_OFFSET;
import static io.aeron.protocol.DataHeaderFlyweight.TERM_OFFSET_FIELD_OFFSET;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.LogBufferDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.ErrorFlyweight;
import io.aeron.protocol.HeaderFlyweight;
import io.aeron.protocol.NakFlyweight;
import io.aeron.protocol.RttMeasurementFlyweight;
import io.aeron.protocol.SetupFlyweight;
import io.aeron.protocol.StatusMessageFlyweight;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Whether a datagram holds what its frames say. A driver looks at the first header only, and reads
 * and maps what that says; whatever does not fit must not reach it.
 */
final class Frames {
    static final int ALIGNMENT = FrameDescriptor.FRAME_ALIGNMENT;
    static final int DATA_HEADER = DataHeaderFlyweight.HEADER_LENGTH;

    private static final int NAK_TERM_OFFSET = 20;
    private static final int NAK_LENGTH = 24;
    private static final int STATUS_TERM_OFFSET = 20;
    private static final int STATUS_WINDOW = 24;

    private Frames() {}

    /** Whether there is a header that can be read. */
    static boolean hasHeader(UnsafeBuffer buffer, int length) {
        return length >= HeaderFlyweight.MIN_HEADER_LENGTH
                && FrameDescriptor.frameVersion(buffer, 0) == HeaderFlyweight.CURRENT_VERSION;
    }

    static boolean isHeartbeat(UnsafeBuffer buffer, int length) {
        return length == DATA_HEADER && frameLength(buffer, 0) == 0;
    }

    static int frameLength(UnsafeBuffer buffer, int at) {
        return buffer.getInt(at + HeaderFlyweight.FRAME_LENGTH_FIELD_OFFSET, LITTLE_ENDIAN);
    }

    /**
     * Whether frames of one stream, one behind the other, make up a datagram and lie in one term.
     *
     * @param length bytes of the datagram
     */
    static boolean areData(UnsafeBuffer buffer, int length, int termLength) {
        if (length < DATA_HEADER || length % ALIGNMENT != 0) {
            return false;
        }
        int termOffset = buffer.getInt(TERM_OFFSET_FIELD_OFFSET, LITTLE_ENDIAN);
        if (termOffset < 0 || termOffset % ALIGNMENT != 0 || termOffset > termLength - length) {
            return false;
        }
        return isHeartbeat(buffer, length)
                || tile(buffer, length, termOffset, termLength - termOffset);
    }

    private static boolean tile(UnsafeBuffer buffer, int length, int termOffset, int termLeft) {
        int at = 0;
        while (at < length) {
            if (!isOfSameStream(buffer, at, termOffset + at)) {
                return false;
            }
            int frame = frameLength(buffer, at);
            if (frame < DATA_HEADER || frame > termLeft - at) {
                return false;
            }
            int aligned = BitUtil.align(frame, ALIGNMENT);
            if (FrameDescriptor.frameType(buffer, at) == HeaderFlyweight.HDR_TYPE_PAD) {
                // Of what fills a term up, only the header travels.
                return at + DATA_HEADER == length && aligned == termLeft - at;
            }
            at += aligned;
        }
        return at == length;
    }

    private static boolean isOfSameStream(UnsafeBuffer buffer, int at, int termOffset) {
        int type = FrameDescriptor.frameType(buffer, at);
        return (type == HeaderFlyweight.HDR_TYPE_DATA || type == HeaderFlyweight.HDR_TYPE_PAD)
                && FrameDescriptor.frameVersion(buffer, at) == HeaderFlyweight.CURRENT_VERSION
                && buffer.getInt(at + TERM_OFFSET_FIELD_OFFSET, LITTLE_ENDIAN) == termOffset
                && isSame(buffer, at, SESSION_ID_FIELD_OFFSET)
                && isSame(buffer, at, STREAM_ID_FIELD_OFFSET)
                && isSame(buffer, at, TERM_ID_FIELD_OFFSET);
    }

    private static boolean isSame(UnsafeBuffer buffer, int at, int field) {
        return buffer.getInt(at + field) == buffer.getInt(field);
    }

    /** Whether it is a set-up of a stream that can be. */
    static boolean isSetup(UnsafeBuffer buffer, int length, SetupFlyweight setup) {
        return isExactly(buffer, length, SetupFlyweight.HEADER_LENGTH)
                && isTermLength(setup.termLength())
                && isMtu(setup.mtuLength())
                && setup.termOffset() >= 0
                && setup.termOffset() < setup.termLength()
                && setup.termOffset() % ALIGNMENT == 0
                && setup.activeTermId() - setup.initialTermId() >= 0;
    }

    private static boolean isTermLength(int length) {
        return length >= LogBufferDescriptor.TERM_MIN_LENGTH
                && length <= LogBufferDescriptor.TERM_MAX_LENGTH
                && BitUtil.isPowerOfTwo(length);
    }

    private static boolean isMtu(int length) {
        return length > DATA_HEADER
                && length <= io.aeron.driver.Configuration.MAX_UDP_PAYLOAD_LENGTH
                && length % ALIGNMENT == 0;
    }

    static boolean isMeasurement(UnsafeBuffer buffer, int length) {
        return isExactly(buffer, length, RttMeasurementFlyweight.HEADER_LENGTH);
    }

    private static boolean isExactly(UnsafeBuffer buffer, int length, int bytes) {
        return length == bytes && frameLength(buffer, 0) == bytes;
    }

    /** Whether it is something that the receiver of a stream may say to its sender. */
    static boolean isOfReceiver(UnsafeBuffer buffer, int length) {
        if (!hasHeader(buffer, length)) {
            return false;
        }
        return switch (FrameDescriptor.frameType(buffer, 0)) {
            case HeaderFlyweight.HDR_TYPE_SM -> isStatus(buffer, length);
            case HeaderFlyweight.HDR_TYPE_NAK -> isNak(buffer, length);
            case HeaderFlyweight.HDR_TYPE_RTTM -> isMeasurement(buffer, length);
            case HeaderFlyweight.HDR_TYPE_ERR -> isError(buffer, length);
            default -> false;
        };
    }

    private static boolean isStatus(UnsafeBuffer buffer, int length) {
        boolean isWhole =
                length >= StatusMessageFlyweight.HEADER_LENGTH
                        && length <= StatusMessageFlyweight.HEADER_LENGTH + Long.BYTES
                        && frameLength(buffer, 0) == length;
        return isWhole
                && isInTerm(buffer.getInt(STATUS_TERM_OFFSET, LITTLE_ENDIAN))
                && isInTerm(buffer.getInt(STATUS_WINDOW, LITTLE_ENDIAN));
    }

    private static boolean isNak(UnsafeBuffer buffer, int length) {
        return isExactly(buffer, length, NakFlyweight.HEADER_LENGTH)
                && isInTerm(buffer.getInt(NAK_TERM_OFFSET, LITTLE_ENDIAN))
                && buffer.getInt(NAK_TERM_OFFSET, LITTLE_ENDIAN) % ALIGNMENT == 0
                && isInTerm(buffer.getInt(NAK_LENGTH, LITTLE_ENDIAN));
    }

    private static boolean isError(UnsafeBuffer buffer, int length) {
        if (length < ErrorFlyweight.HEADER_LENGTH || frameLength(buffer, 0) != length) {
            return false;
        }
        int text = buffer.getInt(ErrorFlyweight.ERROR_STRING_FIELD_OFFSET, LITTLE_ENDIAN);
        return text >= 0
                && text <= ErrorFlyweight.MAX_ERROR_MESSAGE_LENGTH
                && text <= length - ErrorFlyweight.HEADER_LENGTH;
    }

    private static boolean isInTerm(int value) {
        return value >= 0 && value <= LogBufferDescriptor.TERM_MAX_LENGTH;
    }
}
