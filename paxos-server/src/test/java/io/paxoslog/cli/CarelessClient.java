package io.paxoslog.cli;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.ReplyListener;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A thread that appends numbered commands by one client after the other, and treats them as
 * careless programs do: it closes them from listeners, throws in listeners, is interrupted. Notes
 * what was acknowledged, and whatever a client must not do.
 */
final class CarelessClient implements ReplyListener, AutoCloseable {
    /** Numbers of one client begin at a multiple of this. */
    static final long NUMBERS = 1L << 40;

    private static final int MOST_REPLIES_A_LIFE = 20_000;
    private static final long REST_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private final Random random;
    private final List<String> addresses;
    private final Thread thread;
    private final Map<Long, Long> acknowledged = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
    private final NumberedCommand command = new NumberedCommand();
    private volatile boolean isEnding;
    private final AtomicLong replies = new AtomicLong();
    private long nextNumber;
    private long firstOfLife;
    private long repliesOfLife;
    private long closeAfter;
    private PaxosClient client;

    CarelessClient(int index, List<String> addresses, long seed) {
        this.addresses = addresses;
        random = new Random(seed + index);
        nextNumber = (long) index * NUMBERS;
        thread = new Thread(this::live, "careless-" + index);
        thread.start();
    }

    private void live() {
        while (!isEnding) {
            try {
                liveOnce();
            } catch (ClientException e) {
                // There may be no leader for as long as faults last.
                LockSupport.parkNanos(REST_NS);
            } catch (RuntimeException | Error e) {
                problems.add(thread.getName() + ": " + e);
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            }
        }
    }

    private void liveOnce() {
        firstOfLife = nextNumber;
        repliesOfLife = 0;
        closeAfter = 1L + random.nextInt(MOST_REPLIES_A_LIFE);
        ClientConfig config =
                ClientConfig.of(addresses)
                        .withWindow(1 + random.nextInt(500))
                        .withErrorHandler(this::onThrown);
        client = PaxosClient.connect(config, this);
        try (PaxosClient ofThisLife = client) {
            while (!isEnding && !ofThisLife.hasEnded()) {
                int sent = offer();
                if (ofThisLife.poll() + sent == 0) {
                    LockSupport.parkNanos(REST_NS);
                    // An interrupt is for the thread, and no reason for the client to stop.
                    if (Thread.interrupted()) {
                        ofThisLife.poll();
                    }
                }
            }
            if (!ofThisLife.hasEnded()) {
                ofThisLife.drain((int) TimeUnit.SECONDS.toMillis(20));
            }
        }
    }

    private int offer() {
        int sent = 0;
        UnsafeBuffer numbered = command.numbered(nextNumber);
        while (client.offer(numbered, 0, numbered.capacity()) > 0) {
            nextNumber++;
            sent++;
            numbered = command.numbered(nextNumber);
        }
        return sent;
    }

    private void onThrown(Throwable thrown) {
        if (!(thrown instanceof Carelessness)) {
            problems.add(thread.getName() + " was given " + thrown);
        }
    }

    @Override
    public void onReply(long sequence, long slot, DirectBuffer reply, int offset, int length) {
        long number = firstOfLife + sequence - 1;
        if (acknowledged.put(number, slot) != null) {
            problems.add("command " + number + " was acknowledged twice");
        }
        replies.incrementAndGet();
        if (++repliesOfLife != sequence) {
            problems.add("reply " + sequence + " came as number " + repliesOfLife);
        }
        if (sequence >= closeAfter) {
            client.close();
        } else if (sequence % 1_000 == 0) {
            throw new Carelessness();
        }
    }

    @Override
    public void onUnknown(long firstSequence, long lastSequence, ClientError why) {
        if (firstSequence != repliesOfLife + 1) {
            problems.add("unknown from " + firstSequence + " after reply " + repliesOfLife);
        }
    }

    void interrupt() {
        thread.interrupt();
    }

    long replies() {
        return replies.get();
    }

    /** Number of each acknowledged command, and the slot that its reply named. */
    Map<Long, Long> acknowledged() {
        return acknowledged;
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    /** Lets it end its present life, and waits. */
    @Override
    public void close() {
        isEnding = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(60));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            problems.add(thread.getName() + " hangs");
        }
    }

    /** What a listener throws here. */
    private static final class Carelessness extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
