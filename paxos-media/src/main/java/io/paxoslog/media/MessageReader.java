package io.paxoslog.media;

import io.aeron.Aeron;
import io.aeron.BufferBuilder;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.IntArrayList;
import org.agrona.collections.LongHashSet;

/**
 * Hears the messages of one stream, whoever sends them. Fragments are put together up to the length
 * that a publication with such terms can send. Whoever sends what cannot be, or what makes its
 * listener's decoder throw, is not heard any more; what the listener itself does wrong is thrown to
 * the caller. Used by the thread that polls.
 */
public final class MessageReader implements AutoCloseable {
    /** Hears messages. */
    public interface Listener {
        /**
         * A message came.
         *
         * @param image the stream it came by
         * @param reserved number that its sender set beside it, 0 for none
         * @return false when it must come again
         */
        boolean onMessage(Image image, long reserved, DirectBuffer buffer, int offset, int length);

        /**
         * Asked after {@link #onMessage} threw: whether the message had been read by then, so that
         * the failure is not its sender's. False when nothing is being heard.
         */
        boolean isActing();

        /** A stream is gone; half a message of it was dropped. */
        default void onLost(int image) {}
    }

    private static final String REASON = "what was sent is no message";

    private final Listener listener;
    private final ControlledFragmentHandler handler = this::onFragment;
    private final Subscription subscription;
    private final Int2ObjectHashMap<BufferBuilder> halves = new Int2ObjectHashMap<>();
    private final IntArrayList lost = new IntArrayList();
    private final LongHashSet refused = new LongHashSet();
    private Image toReject;
    private Image current;
    private boolean isUnsound;
    private boolean isHeldUp;
    private int first;
    private long refusals;

    /** Begins to listen; nothing is heard before the first {@link #poll}. */
    public MessageReader(Aeron aeron, String channel, int streamId, Listener listener) {
        this.listener = listener;
        subscription = aeron.addSubscription(channel, streamId, image -> {}, this::onImageLost);
    }

    /** Called by Aeron's conductor, in which no publication may be closed. */
    private void onImageLost(Image image) {
        lost.addInt(image.sessionId());
        refused.remove(image.correlationId());
    }

    /**
     * Hears what has come and returns how many fragments that was. All senders get equal shares,
     * and what some leave others may have.
     */
    public int poll(int fragmentLimit) {
        forgetLost();
        reject();
        int count = subscription.imageCount();
        if (count == 0) {
            return 0;
        }
        int begin = first < count ? first : 0;
        first = begin + 1;
        int heard = pollEach(begin, count, fragmentLimit, Math.max(1, fragmentLimit / count));
        int left = fragmentLimit - heard;
        boolean isMoreToHear = count > 1 && heard > 0 && left > 0 && !isHeldUp;
        return isMoreToHear ? heard + pollEach(begin, count, left, left) : heard;
    }

    /**
     * Whoever was not heard as there was no room is the first the next time: rooms that come at a
     * beat would else go to the same few senders for ever.
     */
    private int pollEach(int begin, int count, int fragmentLimit, int share) {
        int heard = 0;
        isHeldUp = false;
        for (int i = 0; i < count && heard < fragmentLimit; i++) {
            int index = begin + i < count ? begin + i : begin + i - count;
            boolean wasHeldUp = isHeldUp;
            int before = heard;
            // A listener may have closed this reader.
            if (index < subscription.imageCount()) {
                int most = Math.min(share, fragmentLimit - heard);
                heard += poll(subscription.imageAtIndex(index), most);
            }
            if (!wasHeldUp && (isHeldUp || heard == fragmentLimit)) {
                first = heard == before ? index : index + 1;
            }
        }
        return heard;
    }

    private void forgetLost() {
        for (int i = 0; i < lost.size(); i++) {
            halves.remove(lost.getInt(i));
            listener.onLost(lost.getInt(i));
        }
        lost.clear();
    }

    /** Tells one sender a turn; it takes a while until the driver has heard of it. */
    private void reject() {
        if (toReject != null) {
            Image image = toReject;
            toReject = null;
            if (!image.isClosed()) {
                image.reject(REASON);
            }
        }
    }

    private int poll(Image image, int fragmentLimit) {
        if (!refused.isEmpty() && refused.contains(image.correlationId())) {
            return 0;
        }
        current = image;
        isUnsound = false;
        int heard = 0;
        try {
            heard = image.controlledPoll(handler, fragmentLimit);
        } catch (RuntimeException e) {
            if (listener.isActing()) {
                throw e;
            }
            isUnsound = true;
        }
        if (isUnsound) {
            refuse(image);
        }
        return heard;
    }

    private void refuse(Image image) {
        refusals++;
        refused.add(image.correlationId());
        halves.remove(image.sessionId());
        toReject = image;
    }

    private Action onFragment(DirectBuffer buffer, int offset, int length, Header header) {
        if (length < 0 || length > buffer.capacity() - offset) {
            return unsound();
        }
        byte flags = header.flags();
        if ((flags & FrameDescriptor.UNFRAGMENTED) == FrameDescriptor.UNFRAGMENTED) {
            return actionOf(
                    listener.onMessage(current, header.reservedValue(), buffer, offset, length));
        }
        if ((flags & FrameDescriptor.BEGIN_FRAG_FLAG) == FrameDescriptor.BEGIN_FRAG_FLAG) {
            return begin(buffer, offset, length, header);
        }
        BufferBuilder half = halves.get(header.sessionId());
        // The beginning was lost, or was no beginning of this message.
        if (half == null || half.limit() == 0) {
            return Action.CONTINUE;
        }
        if (half.nextTermOffset() != header.termOffset()) {
            half.reset();
            return Action.CONTINUE;
        }
        return goOn(half, buffer, offset, length, header);
    }

    private Action unsound() {
        isUnsound = true;
        return Action.ABORT;
    }

    private Action actionOf(boolean isHeard) {
        isHeldUp |= !isHeard;
        return isHeard ? Action.CONTINUE : Action.ABORT;
    }

    private Action begin(DirectBuffer buffer, int offset, int length, Header header) {
        BufferBuilder half = halves.get(header.sessionId());
        if (half == null) {
            half = new BufferBuilder();
            halves.put(header.sessionId(), half);
        }
        half.reset().append(buffer, offset, length).nextTermOffset(header.nextTermOffset());
        return Action.CONTINUE;
    }

    private Action goOn(
            BufferBuilder half, DirectBuffer buffer, int offset, int length, Header header) {
        int before = half.limit();
        if (length > mostBytes() - before) {
            return unsound();
        }
        half.append(buffer, offset, length);
        boolean isEnd =
                (header.flags() & FrameDescriptor.END_FRAG_FLAG) == FrameDescriptor.END_FRAG_FLAG;
        if (!isEnd) {
            half.nextTermOffset(header.nextTermOffset());
            return Action.CONTINUE;
        }
        if (listener.onMessage(current, header.reservedValue(), half.buffer(), 0, half.limit())) {
            half.reset();
            return Action.CONTINUE;
        }
        half.limit(before);
        isHeldUp = true;
        return Action.ABORT;
    }

    /** A publication offers nothing longer. */
    private int mostBytes() {
        return FrameDescriptor.computeMaxMessageLength(current.termBufferLength());
    }

    /** The port that a channel with port 0 was given; null while there is none. */
    public String tryResolveChannelEndpointPort() {
        return subscription.tryResolveChannelEndpointPort();
    }

    /** Address and port that the messages of a stream come from; empty when it is gone. */
    public String sourceOf(int image) {
        Image found = subscription.imageBySessionId(image);
        return found == null ? "" : found.sourceIdentity();
    }

    /** How many senders are not heard any more for what they sent. */
    public long refusals() {
        return refusals;
    }

    /** Bytes held of messages of which the rest has not come. */
    long heldBytes() {
        long bytes = 0;
        for (BufferBuilder half : halves.values()) {
            bytes += half.capacity();
        }
        return bytes;
    }

    @Override
    public void close() {
        CloseHelper.quietClose(subscription);
    }
}
