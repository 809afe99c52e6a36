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

/**
 * How slots without effect are written beside a snapshot: frames of a length and a message. A range
 * that begins with slot 0, which is none, is of slots of which nothing is known.
 */
final class EffectFrames {
    private static final int RANGES_A_FRAME = 4096;
    private static final long NO_SLOT = 0;

    private EffectFrames() {}

    static byte[] encode(KnownEffects effects) {
        SlotRanges without = effects.without();
        int unknown = effects.knownFrom() > 1 ? 1 : 0;
        int count = unknown + without.count();
        ExpandableArrayBuffer out = new ExpandableArrayBuffer();
        MessageHeaderEncoder header = new MessageHeaderEncoder();
        WithoutEffectEncoder frame = new WithoutEffectEncoder();
        int end = 0;
        for (int i = 0; i < count; i += RANGES_A_FRAME) {
            int last = Math.min(count, i + RANGES_A_FRAME);
            int message = end + Integer.BYTES;
            WithoutEffectEncoder.RangesEncoder group =
                    frame.wrapAndApplyHeader(out, message, header).rangesCount(last - i);
            header.version(JournalFormat.LOWEST);
            for (int range = i; range < last; range++) {
                if (range < unknown) {
                    group.next().first(NO_SLOT).last(effects.knownFrom() - 1);
                } else {
                    int of = range - unknown;
                    group.next().first(without.first(of)).last(without.last(of));
                }
            }
            out.putInt(end, frame.limit() - message, ByteOrder.LITTLE_ENDIAN);
            end = frame.limit();
        }
        return Arrays.copyOf(out.byteArray(), end);
    }

    /**
     * Reads what stands beside a snapshot.
     *
     * @param bytes null when nothing does, or it cannot be read
     * @param slot of the snapshot
     */
    static KnownEffects decode(byte[] bytes, long slot) throws IOException {
        if (bytes == null) {
            return KnownEffects.ofNothingUpTo(slot);
        }
        KnownEffects effects = new KnownEffects();
        UnsafeBuffer in = new UnsafeBuffer(bytes);
        MessageHeaderDecoder header = new MessageHeaderDecoder();
        WithoutEffectDecoder frame = new WithoutEffectDecoder();
        try {
            for (int at = 0; at < bytes.length; ) {
                int message = at + Integer.BYTES;
                for (WithoutEffectDecoder.RangesDecoder range :
                        frame.wrapAndApplyHeader(in, message, header).ranges()) {
                    take(range.first(), range.last(), effects);
                }
                at = message + in.getInt(at, ByteOrder.LITTLE_ENDIAN);
            }
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw new IOException("slots without effect cannot be read", e);
        }
        return effects;
    }

    private static void take(long first, long last, KnownEffects effects) {
        if (first == NO_SLOT) {
            effects.knownFrom(last + 1);
        } else {
            effects.without().add(first, last);
        }
    }
}
