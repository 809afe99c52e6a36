package io.paxoslog.bench.contender;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** How frames of the floor are laid out: commands or replies, each behind its length. */
final class FloorFrames {
    static final int COMMANDS_STREAM = 1;
    static final int RELAY_STREAM = 2;
    static final int ACKS_STREAM = 3;
    static final int REPLIES_STREAM = 4;

    static final int COMMANDS_PORT = 0;
    static final int RELAY_PORT = 1;
    static final int ACKS_PORT = 2;

    /** Bytes in front of each command or reply. */
    static final int LENGTH_BYTES = Integer.BYTES;

    private static final int SPACE = LENGTH_BYTES + Contender.NUMBER_BYTES;

    private FloorFrames() {}

    /** Bytes that the reply to a command takes in a frame. */
    static int replyBytes(int commandBytes) {
        return SPACE + commandBytes;
    }

    /** Commands in a frame. */
    static int count(DirectBuffer frame, int offset, int length) {
        int commands = 0;
        for (int at = offset; at < offset + length; at += LENGTH_BYTES + lengthAt(frame, at)) {
            commands++;
        }
        return commands;
    }

    static int lengthAt(DirectBuffer frame, int at) {
        return frame.getInt(at, ByteOrder.LITTLE_ENDIAN);
    }

    /** Puts bytes behind their length; returns where the next ones go. */
    static int put(MutableDirectBuffer frame, int at, DirectBuffer bytes, int offset, int length) {
        frame.putInt(at, length, ByteOrder.LITTLE_ENDIAN);
        frame.putBytes(at + LENGTH_BYTES, bytes, offset, length);
        return at + LENGTH_BYTES + length;
    }

    /** Writes the replies to all commands of a frame, numbered from {@code number} on. */
    static void putReplies(
            MutableDirectBuffer replies,
            int repliesAt,
            DirectBuffer frame,
            int offset,
            int length,
            long number) {
        int to = repliesAt;
        long next = number;
        int end = offset + length;
        for (int at = offset; at < end; ) {
            int commandBytes = lengthAt(frame, at);
            replies.putInt(to, Contender.NUMBER_BYTES + commandBytes, ByteOrder.LITTLE_ENDIAN);
            replies.putLong(to + LENGTH_BYTES, next++, ByteOrder.LITTLE_ENDIAN);
            replies.putBytes(to + SPACE, frame, at + LENGTH_BYTES, commandBytes);
            to += replyBytes(commandBytes);
            at += LENGTH_BYTES + commandBytes;
        }
    }
}
