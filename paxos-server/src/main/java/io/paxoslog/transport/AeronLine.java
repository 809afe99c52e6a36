package io.paxoslog.transport;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

/** The way to another node: one publication. */
final class AeronLine implements PeerLine {
    private final Aeron aeron;
    private final String channel;
    private final int streamId;
    private ExclusivePublication publication;

    AeronLine(Aeron aeron, String channel, int streamId) {
        this.aeron = aeron;
        this.channel = channel;
        this.streamId = streamId;
        this.publication = aeron.addExclusivePublication(channel, streamId);
    }

    @Override
    public long offer(DirectBuffer buffer, int offset, int length) {
        return publication.offer(buffer, offset, length);
    }

    @Override
    public void reopen() {
        publication.close();
        publication = aeron.addExclusivePublication(channel, streamId);
    }

    @Override
    public void close() {
        CloseHelper.quietClose(publication);
    }
}
