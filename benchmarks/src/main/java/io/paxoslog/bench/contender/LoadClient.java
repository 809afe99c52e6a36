package io.paxoslog.bench.contender;

import org.agrona.DirectBuffer;

/** A connected client of one contender. Used by one thread; closing it may take a second. */
public interface LoadClient extends AutoCloseable {
    /** Takes a command, copying its bytes, or does not now: then it is offered again. */
    boolean offer(DirectBuffer command, int offset, int length);

    /** Sends what was taken and hears replies. Returns 0 when there was nothing to do. */
    int poll();

    /** Place of the node that leads among the nodes, from 0. */
    int leader();

    @Override
    void close();
}
