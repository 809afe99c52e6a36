package io.paxoslog.transport;

import org.agrona.DirectBuffer;

/** The way of a node to itself: a frame is heard at once and always taken. */
final class LocalLine implements PeerLine {
    private static final long TAKEN = 1;

    private final PeerDecoder decoder;

    LocalLine(PeerDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    public long offer(DirectBuffer buffer, int offset, int length) {
        decoder.onFrame(buffer, offset, length);
        return TAKEN;
    }

    @Override
    public void reopen() {
        throw new IllegalStateException("a local line never ends");
    }

    @Override
    public void close() {}
}
