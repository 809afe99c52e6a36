package io.paxoslog.media;

import java.util.concurrent.atomic.AtomicLong;

/** How many datagrams were read and not heard, by reason. Any thread. */
public final class DroppedDatagrams {
    private final AtomicLong malformed = new AtomicLong();
    private final AtomicLong foreign = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /** Frames do not fit their datagram, their term or what came before. */
    void malformed() {
        malformed.getAndIncrement();
    }

    /** No stream of that sender is known, or nobody listens to it. */
    void foreign() {
        foreign.getAndIncrement();
    }

    /** A stream whose sender has proven its address, beyond a bound. */
    void refused() {
        refused.getAndIncrement();
    }

    /** Datagrams whose frames do not fit them, their term or what came before. */
    public long malformedCount() {
        return malformed.get();
    }

    /** Datagrams of streams that are unknown, or not their sender's. */
    public long foreignCount() {
        return foreign.get();
    }

    /** Set-ups of streams for which there is no room. */
    public long refusedCount() {
        return refused.get();
    }
}
