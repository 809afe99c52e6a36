package io.paxoslog.client;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** A read that a thread asked for, and the future that somebody has of it. */
final class PendingQuery {
    private static final long MS_IN_NS = TimeUnit.MILLISECONDS.toNanos(1);

    final ClientFuture<ReadAnswer> future;
    final ReadMode mode;
    final long slot;
    final UnsafeBuffer query;
    private final long deadlineNs;

    /**
     * @param query its own copy
     */
    PendingQuery(
            ClientFuture<ReadAnswer> future,
            ReadMode mode,
            long slot,
            byte[] query,
            long deadlineNs) {
        this.future = future;
        this.mode = mode;
        this.slot = slot;
        this.query = new UnsafeBuffer(query);
        this.deadlineNs = deadlineNs;
    }

    int bytes() {
        return query.capacity();
    }

    /** Nanoseconds until its deadline; negative once that has passed. */
    long leftNs(long nowNs) {
        return deadlineNs - nowNs;
    }

    /** The same in milliseconds, rounded up. */
    int leftMs(long nowNs) {
        return (int) Math.min(Integer.MAX_VALUE, (leftNs(nowNs) + MS_IN_NS - 1) / MS_IN_NS);
    }

    /** Whether nobody waits for it any more. */
    boolean isSettled() {
        return future.isDone();
    }

    void answer(ReadAnswer answer) {
        future.complete(answer);
    }

    void fail(ClientException why) {
        future.completeExceptionally(why);
    }
}
