package io.paxoslog.client;

import io.paxoslog.media.Bell;
import io.paxoslog.media.BellIdleStrategy;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;

/**
 * The thread that clients of one carrier share: it alone talks to nodes. Rests while nothing is
 * asked of it, and is woken then.
 */
final class ClientThread {
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Of one sleep; some of what is to be done is a matter of time alone. */
    private static final long LONGEST_SLEEP_MS = 1;

    /** Nobody waits longer for the end of something, unless he says so. */
    static final long LONGEST_END_NS = TimeUnit.SECONDS.toNanos(5);

    private final ClientConfig config;
    private final Carrier.Factory carriers;
    private final Thread thread;
    private final ManyToOneConcurrentLinkedQueue<Runnable> tasks =
            new ManyToOneConcurrentLinkedQueue<>();
    private final List<QueueingClient> clients = new ArrayList<>();
    private final Int2ObjectHashMap<QueueingClient> byStream = new Int2ObjectHashMap<>();
    private final Inlet inlet = new Inlet();
    private final Bell bell;
    private final IdleStrategy idle;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private Carrier carrier;
    private volatile boolean isToStop;
    private volatile boolean hasEnded;

    private ClientThread(ClientConfig config, Carrier.Factory carriers) {
        this.config = config;
        this.carriers = carriers;
        bell = openBell();
        idle = new BellIdleStrategy(bell, LONGEST_SLEEP_MS);
        thread = new Thread(this::run, "paxos-client-" + COUNT.incrementAndGet());
        thread.setDaemon(true);
    }

    private static Bell openBell() {
        try {
            return Bell.open();
        } catch (UncheckedIOException e) {
            throw cannotStart(e.getCause());
        }
    }

    /**
     * Starts one, and returns once its carrier is there.
     *
     * @throws ClientException INTERRUPTED, and what else the carrier cannot be opened for
     */
    static ClientThread start(ClientConfig config, Carrier.Factory carriers) {
        ClientThread made = new ClientThread(config, carriers);
        made.thread.start();
        try {
            made.started.get();
            return made;
        } catch (InterruptedException e) {
            made.stop();
            Thread.currentThread().interrupt();
            throw new ClientException(ClientError.INTERRUPTED);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ClientException refused
                    ? refused.from(e)
                    : cannotStart(e.getCause());
        }
    }

    private static IllegalStateException cannotStart(Throwable cause) {
        return new IllegalStateException("the client cannot start: " + cause.getMessage(), cause);
    }

    private void run() {
        try {
            carrier = carriers.open(config, bell);
        } catch (Throwable e) {
            hasEnded = true;
            bell.close();
            started.completeExceptionally(e);
            return;
        }
        started.complete(null);
        Throwable failure = null;
        try {
            while (!isToStop || !clients.isEmpty()) {
                idle.idle(turn());
            }
        } catch (Throwable e) {
            // Not of users' making: what they chain to futures keeps what it throws.
            failure = e;
        }
        end(failure);
    }

    private int turn() {
        // Only callbacks know this thread; what they meant has ended with them.
        boolean wasInterrupted = Thread.interrupted();
        int work = runTasks() + carrier.poll(inlet);
        long nowNs = System.nanoTime();
        for (int i = clients.size() - 1; i >= 0; i--) {
            QueueingClient client = clients.get(i);
            if (isToStop) {
                client.askToEnd();
            }
            work += client.turn(nowNs);
            if (client.hasEnded()) {
                clients.remove(i);
                byStream.values().removeIf(other -> other == client);
            }
        }
        return work + carrier.invoke() + (wasInterrupted ? 1 : 0);
    }

    private int runTasks() {
        int count = 0;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
            count++;
        }
        return count;
    }

    /** Something is to be done now. Any thread. */
    void wake() {
        bell.ring();
    }

    /**
     * Everything that was asked comes to an end, and nothing is left open.
     *
     * @param failure what broke the thread; null when it was asked to end
     */
    private void end(Throwable failure) {
        hasEnded = true;
        try {
            runTasks();
            clients.forEach(client -> endAtOnce(client, failure));
            clients.clear();
        } finally {
            CloseHelper.quietClose(carrier);
            bell.close();
        }
        Consumer<Throwable> handler = config.errorHandler();
        if (failure != null && handler != null) {
            handler.accept(failure);
        }
    }

    /** What is broken in one must not leave the futures of another open. */
    private static void endAtOnce(QueueingClient client, Throwable failure) {
        try {
            client.endAtOnce(failure);
        } catch (RuntimeException | Error e) {
            if (failure != null) {
                failure.addSuppressed(e);
            }
        }
    }

    /** Begins to carry a client; false when this thread has ended. */
    boolean carry(QueueingClient client) {
        return execute(() -> clients.add(client));
    }

    /** Has this thread do something; false when it may have ended before. */
    boolean execute(Runnable task) {
        tasks.add(task);
        wake();
        return !hasEnded;
    }

    /** What may be behind it that nobody answers; asked on this thread. */
    String whyNoAnswer() {
        return carrier.whyNoAnswer();
    }

    String name() {
        return thread.getName();
    }

    Carrier carrier() {
        return carrier;
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /**
     * @throws IllegalStateException on this thread, which would wait for itself
     */
    void requireOutside(String method) {
        if (isCurrent()) {
            throw new IllegalStateException(
                    method
                            + " was called on the client's own thread, which would wait for itself:"
                            + " chain what follows, or give the callback an executor");
        }
    }

    /** Asks for the end, which comes when all clients have said goodbye. */
    void stop() {
        isToStop = true;
        wake();
    }

    /** Waits for the end of this thread, though not for ever and not on this thread. */
    void awaitEnd() {
        awaitEnd(thread, LONGEST_END_NS);
    }

    /** Waits for something that this thread does, likewise. */
    void awaitEnd(CountDownLatch latch) {
        if (!isCurrent()) {
            await(
                    left -> latch.await(left, TimeUnit.NANOSECONDS),
                    () -> latch.getCount() > 0,
                    LONGEST_END_NS);
        }
    }

    /** Waits for the end of a thread, though no longer than that and not on the thread itself. */
    static void awaitEnd(Thread ending, long mostNs) {
        if (Thread.currentThread() != ending) {
            await(
                    left -> ending.join(TimeUnit.NANOSECONDS.toMillis(left) + 1),
                    ending::isAlive,
                    mostNs);
        }
    }

    private interface Wait {
        void atMost(long ns) throws InterruptedException;
    }

    /** An interrupt counts once the wait is over. */
    private static void await(Wait wait, BooleanSupplier isToCome, long mostNs) {
        boolean isInterrupted = false;
        long startNs = System.nanoTime();
        long left = mostNs;
        while (left > 0 && isToCome.getAsBoolean()) {
            try {
                wait.atMost(left);
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
            left = mostNs - (System.nanoTime() - startNs);
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether this thread has let everything go. */
    boolean hasEnded() {
        return hasEnded;
    }

    /** Gives each client what is for it; a stream belongs to one. */
    private final class Inlet implements Carrier.Listener {
        @Override
        public void onMessage(int stream, DirectBuffer buffer, int offset, int length) {
            QueueingClient known = byStream.get(stream);
            if (known != null && known.hear(stream, buffer, offset, length)) {
                return;
            }
            for (int i = 0; i < clients.size(); i++) {
                QueueingClient client = clients.get(i);
                if (client != known && client.hear(stream, buffer, offset, length)) {
                    byStream.put(stream, client);
                    return;
                }
            }
        }

        @Override
        public void onLost(int stream) {
            byStream.remove(stream);
            clients.forEach(client -> client.responseImageLost(stream));
        }

        @Override
        public void onAllLost() {
            byStream.clear();
            clients.forEach(QueueingClient::linesLost);
        }
    }
}
