package io.paxoslog.transport;

import org.agrona.MutableDirectBuffer;

/** The way to a node that is no member: everything is refused. */
final class NoSink implements FrameSink {
    @Override
    public int claim(int length) {
        return REFUSED;
    }

    @Override
    public MutableDirectBuffer buffer() {
        throw new IllegalStateException("nothing was claimed");
    }

    @Override
    public void commit() {
        throw new IllegalStateException("nothing was claimed");
    }
}
