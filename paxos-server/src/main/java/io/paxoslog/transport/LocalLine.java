package io.paxoslog.transport;

import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;

/** The way of a node to itself: a frame is heard at once and always taken. */
final class LocalLine implements PeerLine {
    private static final long TAKEN = 1;

    private final PeerDecoder decoder;
    private final LongSupplier run;

    LocalLine(PeerDecoder decoder, LongSupplier run) {
        this.decoder = decoder;
        this.run = run;
    }

    @Override
    public long offer(DirectBuffer buffer, int offset, int length) {
        decoder.onFrame(run.getAsLong(), buffer, offset, length);
        return TAKEN;
    }

    @Override
    public void reopen() {
        throw new IllegalStateException("a local line never ends");
    }

    @Override
    public void close() {}
}
