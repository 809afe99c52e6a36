package io.paxoslog.client;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * A {@link Subscription} with a thread of its own, a daemon, which calls the listener. A listener
 * that takes its time makes nobody wait but this subscription.
 */
public final class SharedSubscription implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final long LONGEST_BACKOFF_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private final IdleStrategy idle =
            new BackoffIdleStrategy(100, 100, TimeUnit.MICROSECONDS.toNanos(1), LONGEST_BACKOFF_NS);
    private final Subscription subscription;
    private final SubscriptionListener listener;
    private final Consumer<Throwable> onEnd;
    private final Thread thread;
    private volatile boolean isToEnd;
    private volatile long upTo;

    private SharedSubscription(
            ClientConfig config,
            long clusterId,
            long fromSlot,
            SubscriptionListener listener,
            Consumer<Throwable> onEnd) {
        this.listener = Objects.requireNonNull(listener, "listener");
        this.onEnd = Objects.requireNonNull(onEnd, "onEnd");
        subscription = Subscription.open(config, clusterId, fromSlot, new Noting());
        thread = new Thread(this::run, "paxos-subscription-" + COUNT.incrementAndGet());
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Begins to read.
     *
     * @param config as for {@link Subscription#open(ClientConfig, long, SubscriptionListener)}
     * @param clusterId the cluster whose slots are meant, or {@link Subscription#ANY_CLUSTER}
     * @param fromSlot first slot wanted, or {@link Subscription#FIRST_KEPT}
     * @param listener hears the commands, on the thread of this subscription
     * @param onEnd hears there why it ends before it is closed: a {@link ClientException}, as
     *     {@link Subscription#poll} throws, or what the listener threw, if no error handler is set
     */
    public static SharedSubscription start(
            ClientConfig config,
            long clusterId,
            long fromSlot,
            SubscriptionListener listener,
            Consumer<Throwable> onEnd) {
        return new SharedSubscription(config, clusterId, fromSlot, listener, onEnd);
    }

    private void run() {
        Throwable failure = null;
        try (subscription) {
            while (!isToEnd) {
                idle.idle(subscription.poll());
                // Nobody has a reason to interrupt this thread.
                Thread.interrupted();
            }
        } catch (Throwable e) {
            // Also what a listener throws without declaring it.
            failure = e;
        }
        if (failure != null && !isToEnd) {
            onEnd.accept(failure);
        }
    }

    /** Everything up to this slot was heard; 0 before the first. Any thread. */
    public long upTo() {
        return upTo;
    }

    /** Whether it goes on. Any thread. */
    public boolean isRunning() {
        return thread.isAlive() && !isToEnd;
    }

    /** Ends it, and waits until the listener is called no more, unless that calls this. */
    @Override
    public void close() {
        isToEnd = true;
        ClientThread.awaitEnd(thread, Long.MAX_VALUE);
    }

    private final class Noting implements SubscriptionListener {
        @Override
        public void onCommand(DirectBuffer buffer, int offset, int length, CommandHeader header) {
            if (!isToEnd) {
                listener.onCommand(buffer, offset, length, header);
            }
        }

        @Override
        public void onProgress(long clusterId, long upToSlot) {
            if (!isToEnd) {
                listener.onProgress(clusterId, upToSlot);
                upTo = upToSlot;
            }
        }
    }
}
