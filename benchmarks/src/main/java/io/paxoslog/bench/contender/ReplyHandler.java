package io.paxoslog.bench.contender;

import org.agrona.DirectBuffer;

/** Hears replies on the thread that polls the client. */
public interface ReplyHandler {
    /**
     * The reply to one command: its sequence number as an 8-byte little-endian integer, then the
     * bytes of the command.
     *
     * @param reply holds the reply during the call only
     */
    void onReply(DirectBuffer reply, int offset, int length);
}
