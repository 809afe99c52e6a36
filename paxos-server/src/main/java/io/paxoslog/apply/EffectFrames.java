package io.paxoslog.apply;

import io.paxoslog.codecs.JournalFormat;
import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import io.paxoslog.codecs.journal.MessageHeaderEncoder;
import io.paxoslog.codecs.journal.WithoutEffectDecoder;
import io.paxoslog.codecs.journal.WithoutEffectEncoder;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** How slots without effect are written beside a snapshot: frames of a length and a message. */
final class EffectFrames {
    private static final int RANGES_A_FRAME = 4096;

    private EffectFrames() {}

    static byte[] encode(SlotRanges ranges) {
        ExpandableArrayBuffer out = new ExpandableArrayBuffer();
        MessageHeaderEncoder header = new MessageHeaderEncoder();
        WithoutEffectEncoder frame = new WithoutEffectEncoder();
        int end = 0;
        for (int i = 0; i < ranges.count(); i += RANGES_A_FRAME) {
            int last = Math.min(ranges.count(), i + RANGES_A_FRAME);
            int message = end + Integer.BYTES;
            WithoutEffectEncoder.RangesEncoder group =
                    frame.wrapAndApplyHeader(out, message, header).rangesCount(last - i);
            header.version(JournalFormat.LOWEST);
            for (int range = i; range < last; range++) {
                group.next().first(ranges.first(range)).last(ranges.last(range));
            }
            out.putInt(end, frame.limit() - message, ByteOrder.LITTLE_ENDIAN);
            end = frame.limit();
        }
        return Arrays.copyOf(out.byteArray(), end);
    }

    static SlotRanges decode(byte[] bytes) throws IOException {
        UnsafeBuffer in = new UnsafeBuffer(bytes);
        MessageHeaderDecoder header = new MessageHeaderDecoder();
        WithoutEffectDecoder frame = new WithoutEffectDecoder();
        SlotRanges ranges = new SlotRanges();
        try {
            for (int at = 0; at < bytes.length; ) {
                int message = at + Integer.BYTES;
                for (WithoutEffectDecoder.RangesDecoder range :
                        frame.wrapAndApplyHeader(in, message, header).ranges()) {
                    ranges.add(range.first(), range.last());
                }
                at = message + in.getInt(at, ByteOrder.LITTLE_ENDIAN);
            }
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw new IOException("slots without effect cannot be read", e);
        }
        return ranges;
    }
}
