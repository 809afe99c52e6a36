package io.paxoslog.gateway;

import io.paxoslog.apply.HandOver;
import io.paxoslog.service.EntryFormat;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The way between a client in the process of a node and that node: one ring there, one back, each
 * with one thread that writes and one that reads. Full is an answer. Once one end has left, nothing
 * more is heard by it: the client comes again by another way.
 */
public final class LocalWay {
    /** Replies that travel together: as much as a datagram may hold. */
    private static final int FRAGMENT_BYTES = 16 * 1024;

    private static final int FEWEST_BYTES = 1024;
    private static final int COMMAND_LENGTH_BYTES = Integer.BYTES;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int LEAST_RING_BYTES = 256 * 1024;
    private static final int MESSAGE = 1;

    private final int stream = RANDOM.nextInt();
    private final OneToOneRingBuffer words;
    private final OneToOneRingBuffer answers;
    private final int commandsBytes;
    private final Runnable onWord;
    private final Runnable onAnswer;
    private final Link link = new Link();
    private final Answers toClient = new Answers();
    private final Words toDesk = new Words();
    private volatile boolean hasClientLeft;
    private volatile boolean hasNodeLeft;

    /**
     * @param largestWords bytes of the largest message to the node
     * @param largestAnswer bytes of the largest message to the client
     * @param batchBytes most bytes of entries of one batch
     * @param onWord done when the client has said something, on its thread
     * @param onAnswer done when the node has said something, or leaves, on its thread
     */
    LocalWay(
            int largestWords,
            int largestAnswer,
            int batchBytes,
            Runnable onWord,
            Runnable onAnswer) {
        this.onWord = onWord;
        this.onAnswer = onAnswer;
        words = ring(largestWords);
        answers = ring(largestAnswer);
        commandsBytes = commandsBytes(batchBytes);
    }

    /** As many bytes of the smallest commands as one batch has room for. */
    private static int commandsBytes(int batchBytes) {
        int most = batchBytes / EntryFormat.OVERHEAD_BYTES * COMMAND_LENGTH_BYTES;
        return Math.max(FEWEST_BYTES, Math.min(FRAGMENT_BYTES, most));
    }

    private static OneToOneRingBuffer ring(int largestBytes) {
        int bytes = HandOver.ringFor(largestBytes, LEAST_RING_BYTES);
        return new OneToOneRingBuffer(
                new UnsafeBuffer(
                        ByteBuffer.allocateDirect(bytes + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    /** By what the desk and the client tell this way from all others. */
    public int stream() {
        return stream;
    }

    // The client's end.

    /** Whether the node hears what is said here. */
    public boolean isOpen() {
        return !hasNodeLeft && !hasClientLeft;
    }

    /** Most bytes of commands that travel together. */
    public int fragmentBytes() {
        return commandsBytes;
    }

    /** Bytes of the largest message to the node. */
    public int maxMessageBytes() {
        return words.maxMsgLength();
    }

    /** Says a message that lies in two places; false when it was not taken. */
    public boolean say(
            DirectBuffer head, int headLength, DirectBuffer body, int offset, int length) {
        if (!isOpen()) {
            return false;
        }
        int index = words.tryClaim(MESSAGE, headLength + length);
        if (index <= 0) {
            return false;
        }
        words.buffer().putBytes(index, head, 0, headLength);
        words.buffer().putBytes(index + headLength, body, offset, length);
        words.commit(index);
        onWord.run();
        return true;
    }

    /** Hears what the node said; returns how many messages that was. */
    public int hear(Hearer hearer, int limit) {
        toClient.hearer = hearer;
        return answers.read(toClient, limit);
    }

    /** The client has gone. */
    public void leave() {
        hasClientLeft = true;
        onWord.run();
    }

    /** Hears messages. */
    @FunctionalInterface
    public interface Hearer {
        /** A message came; its bytes are there during the call only. */
        void onMessage(int stream, DirectBuffer buffer, int offset, int length);
    }

    private final class Answers implements MessageHandler {
        private Hearer hearer;

        @Override
        public void onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
            hearer.onMessage(stream, buffer, index, length);
        }
    }

    // The node's end.

    boolean hasClientLeft() {
        return hasClientLeft;
    }

    /** Hears the client; what the desk does not take now comes again. */
    int hear(ClientDesk desk, int limit) {
        toDesk.desk = desk;
        return words.controlledRead(toDesk, limit);
    }

    ResponseLink link() {
        return link;
    }

    /** The node hears nothing of it any more. */
    void end() {
        hasNodeLeft = true;
        onAnswer.run();
    }

    private final class Words implements ControlledMessageHandler {
        private ClientDesk desk;

        @Override
        public Action onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
            return desk.hear(stream, buffer, index, length) ? Action.CONTINUE : Action.ABORT;
        }
    }

    private final class Link implements ResponseLink {
        @Override
        public boolean isConnected() {
            return isOpen();
        }

        @Override
        public boolean isRefused() {
            return false;
        }

        @Override
        public boolean isBroken() {
            return !isOpen();
        }

        @Override
        public int fragmentBytes() {
            return FRAGMENT_BYTES;
        }

        @Override
        public boolean hasRoom() {
            return isOpen() && answers.capacity() - answers.size() >= 2 * FRAGMENT_BYTES;
        }

        @Override
        public boolean send(DirectBuffer message, int length) {
            boolean isTaken = isOpen() && answers.write(MESSAGE, message, 0, length);
            if (isTaken) {
                onAnswer.run();
            }
            return isTaken;
        }

        @Override
        public void close() {
            end();
        }
    }
}
