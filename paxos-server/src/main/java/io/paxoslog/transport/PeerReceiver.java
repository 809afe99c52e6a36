package io.paxoslog.transport;

import io.aeron.Aeron;
import io.paxoslog.media.MessageReader;

/** Hears one stream of all peers. */
final class PeerReceiver implements AutoCloseable {
    private final MessageReader messages;
    private final int fragmentLimit;

    /**
     * @param fragmentLimit most fragments that one turn hears
     */
    PeerReceiver(
            Aeron aeron, String channel, int streamId, int fragmentLimit, PeerDecoder decoder) {
        this.fragmentLimit = fragmentLimit;
        messages = new MessageReader(aeron, channel, streamId, decoder);
    }

    /** Hears what has come and returns how many fragments that was. */
    int poll() {
        return messages.poll(fragmentLimit);
    }

    /** How many senders are not heard any more for what they sent. */
    long refusals() {
        return messages.refusals();
    }

    @Override
    public void close() {
        messages.close();
    }
}
