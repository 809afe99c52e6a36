package io.paxoslog.transport;

import org.agrona.DirectBuffer;

/** The way to one listener, with the answers of an Aeron publication. */
interface PeerLine extends AutoCloseable {
    /** Says one frame. Answers like {@link io.aeron.Publication#offer(DirectBuffer, int, int)}. */
    long offer(DirectBuffer buffer, int offset, int length);

    /** Begins anew with a fresh stream: this one has used up its positions. */
    void reopen();

    @Override
    void close();
}
