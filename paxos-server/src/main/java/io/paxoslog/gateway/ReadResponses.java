package io.paxoslog.gateway;

import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.ReadAnswersEncoder;
import io.paxoslog.codecs.client.ReadResult;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Says what came of reads. What a link does not take waits, up to a bound; what is beyond is not
 * said: its client asks again, as a read changes nothing.
 */
final class ReadResponses {
    private static final int LINK =
            MessageHeaderEncoder.ENCODED_LENGTH + ReadAnswersEncoder.linkEncodingOffset();
    private static final int MESSAGE_BYTES = 960;
    private static final int TRIED_A_TURN = 64;
    private static final int HEAD_BYTES =
            MessageHeaderEncoder.ENCODED_LENGTH
                    + ReadAnswersEncoder.BLOCK_LENGTH
                    + ReadAnswersEncoder.ItemsEncoder.sbeHeaderSize();
    private static final int ITEM_BYTES =
            ReadAnswersEncoder.ItemsEncoder.sbeBlockLength()
                    + ReadAnswersEncoder.ItemsEncoder.answerHeaderLength();

    private static final class Waiting {
        final Connection to;
        final byte[] message;

        Waiting(Connection to, byte[] message) {
            this.to = to;
            this.message = message;
        }
    }

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ReadAnswersEncoder answers = new ReadAnswersEncoder();
    private final ExpandableArrayBuffer failures = new ExpandableArrayBuffer(MESSAGE_BYTES);
    private final UnsafeBuffer message = new UnsafeBuffer(0, 0);
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final int mostBytes;
    private int waitingBytes;

    /**
     * @param mostBytes of answers that wait for room
     */
    ReadResponses(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Says answers that lack nothing but the link. */
    void say(Connection to, MutableDirectBuffer buffer, int offset, int length) {
        if (to.isRemoved) {
            return;
        }
        buffer.putLong(offset + LINK, to.link, ByteOrder.LITTLE_ENDIAN);
        message.wrap(buffer, offset, length);
        if (to.answersWaiting > 0 || !isTaken(to, message, length)) {
            keep(to, length);
        }
    }

    private static boolean isTaken(Connection to, DirectBuffer buffer, int length) {
        return to.out.isConnected() && to.out.send(buffer, length);
    }

    private void keep(Connection to, int length) {
        if (length > mostBytes - waitingBytes) {
            return;
        }
        byte[] copy = new byte[length];
        message.getBytes(0, copy);
        waiting.add(new Waiting(to, copy));
        waitingBytes += length;
        to.answersWaiting++;
    }

    /** Says some of what there was no room for, in any order. */
    void sayWaiting() {
        for (int left = Math.min(waiting.size(), TRIED_A_TURN); left > 0; left--) {
            Waiting one = waiting.poll();
            message.wrap(one.message);
            if (!one.to.isRemoved && !isTaken(one.to, message, one.message.length)) {
                waiting.add(one);
                continue;
            }
            waitingBytes -= one.message.length;
            one.to.answersWaiting--;
        }
    }

    /** Says of all reads of a message that are not answered yet why they will not be. */
    void fail(HeldRead read, ReadResult why, String text) {
        byte[] reason = text.getBytes(StandardCharsets.UTF_8);
        int itemBytes = ITEM_BYTES + reason.length;
        int most = Math.max(1, (MESSAGE_BYTES - HEAD_BYTES) / itemBytes);
        int at = read.positionOf(read.answered);
        int left = read.count - read.answered;
        while (left > 0) {
            int count = Math.min(left, most);
            ReadAnswersEncoder.ItemsEncoder items =
                    answers.wrapAndApplyHeader(failures, 0, header).link(0).itemsCount(count);
            for (int i = 0; i < count; i++) {
                items.next()
                        .read(ApplyOrders.readAt(read.items(), at))
                        .slot(0)
                        .result(why)
                        .putAnswer(reason, 0, reason.length);
                at = read.next(at);
            }
            say(read.client, failures, 0, HEAD_BYTES + count * itemBytes);
            left -= count;
        }
    }
}
