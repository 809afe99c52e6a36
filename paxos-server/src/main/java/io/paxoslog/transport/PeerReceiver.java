package io.paxoslog.transport;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.logbuffer.Header;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

/**
 * Hears one stream of all peers and puts fragments together. A half message of a lost image is
 * dropped.
 */
final class PeerReceiver implements AutoCloseable {
    private final PeerDecoder decoder;
    private final FragmentAssembler assembler;
    private final Subscription subscription;
    private final int fragmentLimit;

    /**
     * @param fragmentLimit most fragments that one turn hears
     */
    PeerReceiver(
            Aeron aeron, String channel, int streamId, int fragmentLimit, PeerDecoder decoder) {
        this.decoder = decoder;
        this.fragmentLimit = fragmentLimit;
        this.assembler = new FragmentAssembler(this::onMessage);
        this.subscription =
                aeron.addSubscription(channel, streamId, image -> {}, this::onImageLost);
    }

    /** Hears what has come and returns how many fragments that was. */
    int poll() {
        return subscription.poll(assembler, fragmentLimit);
    }

    private void onMessage(DirectBuffer buffer, int offset, int length, Header header) {
        decoder.onFrame(buffer, offset, length);
    }

    private void onImageLost(Image image) {
        assembler.freeSessionBuffer(image.sessionId());
    }

    @Override
    public void close() {
        CloseHelper.quietClose(subscription);
    }
}
