package io.paxoslog.cli;

import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.ReplyListener;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A load of numbered commands through one session, and what became of each. Belongs to the thread
 * that takes its turns.
 */
final class NumberedLoad implements ReplyListener, AutoCloseable {
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(10);
    private static final int PATIENCE_MS = 60_000;

    private final NumberedCommand command = new NumberedCommand();
    private final Histogram latenciesNs = new Histogram(LONGEST_NS, 3);
    private final LongArrayList slots = new LongArrayList();
    private final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000, 50_000);
    private final IntendedTimes sentNs;
    private final int window;
    private final PaxosClient client;
    private long sent;
    private long lastReplyNs;
    private long longestGapNs;

    private NumberedLoad(List<String> addresses, int window) {
        this.window = window;
        sentNs = new IntendedTimes(window);
        client = Clients.connect(Clients.config(addresses, PATIENCE_MS), this);
    }

    /** Connects; {@link #turn} sends. */
    static NumberedLoad connect(List<String> addresses, int window) {
        return new NumberedLoad(addresses, window);
    }

    /** Sends what the window allows and hears replies; rests a moment if there is neither. */
    void turn() {
        idle.idle(send() + client.poll());
        if (client.hasEnded()) {
            throw Clients.failure(client.endedBy(), "the client");
        }
    }

    private int send() {
        int count = 0;
        while (sentNs.size() < window && offerNext()) {
            count++;
        }
        return count;
    }

    private boolean offerNext() {
        UnsafeBuffer numbered = command.numbered(sent);
        sentNs.add(System.nanoTime());
        if (client.offer(numbered, 0, numbered.capacity()) < 0) {
            sentNs.removeLast();
            return false;
        }
        sent++;
        return true;
    }

    @Override
    public void onReply(long sequence, long slot, DirectBuffer reply, int offset, int length) {
        long nowNs = System.nanoTime();
        latenciesNs.recordValue(Math.min(nowNs - sentNs.removeFirst(), LONGEST_NS));
        longestGapNs = Math.max(longestGapNs, nowNs - lastReplyNs);
        lastReplyNs = nowNs;
        slots.addLong(slot);
    }

    /** From now on the longest time without a reply is measured anew. */
    void beginGap() {
        longestGapNs = 0;
        lastReplyNs = System.nanoTime();
    }

    /** The longest time without a reply since {@link #beginGap}, the present one included. */
    long longestGapNs() {
        return Math.max(longestGapNs, System.nanoTime() - lastReplyNs);
    }

    /** Waits for all replies, sending nothing more. */
    void drain() {
        if (!client.drain(PATIENCE_MS)) {
            throw CommandFailure.notInTime(
                    sentNs.size() + " commands have no reply after " + PATIENCE_MS + " ms");
        }
    }

    /** Commands with a reply; they are the first ones, as replies come in order. */
    int acknowledged() {
        return slots.size();
    }

    /** Where a command with a reply stands, as the reply said. */
    long slotOf(int number) {
        return slots.getLong(number);
    }

    /** The highest slot of a reply so far. */
    long lastSlot() {
        return slots.isEmpty() ? 0 : slots.getLong(slots.size() - 1);
    }

    /** Id of the leader; 0 when none is known. */
    int leader() {
        return client.leader();
    }

    Histogram latenciesNs() {
        return latenciesNs;
    }

    @Override
    public void close() {
        client.close();
    }
}
