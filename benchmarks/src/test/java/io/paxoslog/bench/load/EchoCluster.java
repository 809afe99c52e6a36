package io.paxoslog.bench.load;

import io.paxoslog.bench.contender.Contender;
import io.paxoslog.bench.contender.LoadClient;
import io.paxoslog.bench.contender.ReplyHandler;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/** A cluster under a clock of its own: each poll takes a while and answers what was offered. */
final class EchoCluster implements LoadClient {
    private final CachedNanoClock clock = new CachedNanoClock();
    private final long pollNs;
    private final Deque<UnsafeBuffer> waiting = new ArrayDeque<>();
    private ReplyHandler replies;
    private long lastStamp;
    private long stalledUntilNs;
    private int skipped;
    private long offered;

    EchoCluster(long pollNs) {
        this.pollNs = pollNs;
    }

    CachedNanoClock clock() {
        return clock;
    }

    void answer(ReplyHandler handler) {
        replies = handler;
    }

    /** Answers nothing before a time. */
    void stallUntil(long ns) {
        stalledUntilNs = ns;
    }

    /** Never answers the next so many commands. */
    void lose(int commands) {
        skipped = commands;
    }

    long offered() {
        return offered;
    }

    @Override
    public boolean offer(DirectBuffer command, int offset, int length) {
        offered++;
        UnsafeBuffer reply = new UnsafeBuffer(new byte[Contender.NUMBER_BYTES + length]);
        reply.putBytes(Contender.NUMBER_BYTES, command, offset, length);
        if (skipped > 0) {
            skipped--;
        } else {
            waiting.add(reply);
        }
        return true;
    }

    @Override
    public int poll() {
        clock.update(clock.nanoTime() + pollNs);
        if (clock.nanoTime() < stalledUntilNs) {
            return 0;
        }
        int answered = waiting.size();
        while (!waiting.isEmpty()) {
            UnsafeBuffer reply = waiting.remove();
            reply.putLong(0, ++lastStamp, ByteOrder.LITTLE_ENDIAN);
            replies.onReply(reply, 0, reply.capacity());
        }
        return answered;
    }

    @Override
    public int leader() {
        return 0;
    }

    @Override
    public void close() {}
}
