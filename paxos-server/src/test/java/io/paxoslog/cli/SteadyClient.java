package io.paxoslog.cli;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.ReplyListener;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A thread that appends numbered commands to a sequencer by one client under one session, whatever
 * happens to the nodes, at some thousand a second. Notes slot and stamp of each reply.
 */
final class SteadyClient implements ReplyListener, AutoCloseable {
    private static final int WINDOW = 50;
    private static final int REST_MS = 8;
    private static final int PATIENCE_MS = 90_000;

    private final long firstNumber;
    private final long restNs;
    private final ClientConfig config;
    private final Thread thread;
    private final Map<Long, Long> acknowledged = new ConcurrentHashMap<>();
    private final Map<Long, Long> stamps = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
    private final NumberedCommand command = new NumberedCommand();
    private volatile boolean isEnding;
    private volatile boolean isAbandoned;
    private volatile long replies;
    private final AtomicLong refusals = new AtomicLong();

    SteadyClient(int index, List<String> addresses) {
        this(index, addresses, REST_MS);
    }

    /**
     * @param restMs how long it rests before it gives as many as it may have in flight, up to 50
     */
    SteadyClient(int index, List<String> addresses, int restMs) {
        restNs = TimeUnit.MILLISECONDS.toNanos(restMs);
        firstNumber = index * CarelessClient.NUMBERS;
        config =
                ClientConfig.of(addresses).withWindow(WINDOW).withTimeouts(250, 1_000, PATIENCE_MS);
        thread = new Thread(this::live, "steady-" + index);
        thread.start();
    }

    private void live() {
        try (PaxosClient client = PaxosClient.connect(config, this)) {
            long next = firstNumber;
            while (!isEnding && !client.hasEnded()) {
                next = offer(client, next);
                client.poll();
                LockSupport.parkNanos(restNs);
            }
            if (!isAbandoned && !client.drain(PATIENCE_MS)) {
                problems.add(thread.getName() + " still lacks replies");
            }
        } catch (ClientException e) {
            if (!isAbandoned) {
                problems.add(thread.getName() + ": " + e);
            }
        }
    }

    private long offer(PaxosClient client, long from) {
        long next = from;
        UnsafeBuffer numbered = command.numbered(next);
        long result = client.offer(numbered, 0, numbered.capacity());
        while (result > 0) {
            next++;
            numbered = command.numbered(next);
            result = client.offer(numbered, 0, numbered.capacity());
        }
        if (ClientError.of(result) == ClientError.DISK_FULL) {
            refusals.incrementAndGet();
        }
        return next;
    }

    @Override
    public void onReply(long sequence, long slot, DirectBuffer reply, int offset, int length) {
        long number = firstNumber + sequence - 1;
        if (acknowledged.put(number, slot) != null) {
            problems.add("command " + number + " was acknowledged twice");
        }
        long stamp = reply.getLong(offset, ByteOrder.LITTLE_ENDIAN);
        Long other = stamps.put(stamp, slot);
        if (other != null) {
            problems.add("slots " + other + " and " + slot + " both got the stamp " + stamp);
        }
        replies = sequence;
    }

    @Override
    public void onUnknown(long firstSequence, long lastSequence, ClientError why) {
        if (!isAbandoned) {
            problems.add(
                    thread.getName()
                            + " does not know what became of "
                            + (lastSequence - firstSequence + 1)
                            + " commands: "
                            + why.advice());
        }
    }

    long replies() {
        return replies;
    }

    /** How often a command was not taken, as disks were short of room. */
    long refusals() {
        return refusals.get();
    }

    /** Number of each acknowledged command, and the slot that its reply named. */
    Map<Long, Long> acknowledged() {
        return acknowledged;
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    /**
     * What is wrong with what all clients of one sequencer were told, once they have ended: each
     * command took effect once, so stamps have no gap, and they rise with the slots.
     */
    static List<String> problemsOf(List<SteadyClient> clients) {
        List<String> found = new ArrayList<>();
        TreeMap<Long, Long> slots = new TreeMap<>();
        long count = 0;
        for (SteadyClient client : clients) {
            found.addAll(client.problems());
            slots.putAll(client.stamps);
            count += client.acknowledged.size();
        }
        long highest = slots.isEmpty() ? 0 : slots.lastKey();
        if (slots.size() != count || highest != count) {
            found.add(
                    "%d commands were acknowledged, with %d stamps up to %d"
                            .formatted(count, slots.size(), highest));
        }
        long last = 0;
        for (long slot : slots.values()) {
            if (slot <= last) {
                found.add("the stamp at slot " + slot + " came after that at slot " + last);
                return found;
            }
            last = slot;
        }
        return found;
    }

    /** Ends it without waiting for replies that cannot come. */
    void abandon() {
        isAbandoned = true;
        close();
    }

    /** Waits for all replies, and ends it. */
    @Override
    public void close() {
        isEnding = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
