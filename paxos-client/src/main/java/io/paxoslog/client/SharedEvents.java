package io.paxoslog.client;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gives the events of a {@link SharedClient} to a listener, on a thread of their own, and tells how
 * far it has them. What waits is bounded by what the cluster keeps for a session.
 */
final class SharedEvents {
    /** An event, or what is lost up to it; {@code upTo}: bytes of all so far. */
    private record Arrived(long slot, int index, UnsafeBuffer event, long upTo) {}

    private static final Arrived NONE = new Arrived(0, 0, null, 0);
    private static final Arrived END = new Arrived(0, 0, null, 0);

    private final BlockingQueue<Arrived> waiting = new LinkedBlockingQueue<>();
    private final EventListener listener;
    private final Consumer<Throwable> errorHandler;
    private final Thread thread;
    private volatile Arrived current;
    private volatile Arrived taken = NONE;
    private volatile boolean isOver;
    private long arrivedBytes;
    private long toldBytes;
    private boolean isStarted;

    /**
     * @param errorHandler hears what the listener throws; null: nobody does
     */
    SharedEvents(EventListener listener, Consumer<Throwable> errorHandler, String name) {
        this.listener = listener;
        this.errorHandler = errorHandler;
        thread = new Thread(this::run, name + "-events");
        thread.setDaemon(true);
    }

    private void run() {
        try {
            for (Arrived next = waiting.take(); !isOver; next = waiting.take()) {
                current = next;
                give(next);
                taken = next;
            }
        } catch (InterruptedException e) {
            // Only a listener that kept the interrupt can be meant: nobody knows this thread.
            isOver = true;
        }
    }

    private void give(Arrived next) {
        try {
            if (next.event == null) {
                listener.onEventsLost(next.slot, next.index);
            } else {
                listener.onEvent(next.slot, next.index, next.event, 0, next.event.capacity());
            }
        } catch (Throwable e) {
            if (errorHandler != null) {
                errorHandler.accept(e);
            }
        }
    }

    // The thread of the carrier.

    void heard(long slot, int index, DirectBuffer buffer, int offset, int length) {
        UnsafeBuffer event = new UnsafeBuffer(new byte[length]);
        event.putBytes(0, buffer, offset, length);
        arrive(slot, index, event, length);
    }

    void lost(long slot, int index) {
        arrive(slot, index, null, 0);
    }

    private void arrive(long slot, int index, UnsafeBuffer event, int length) {
        arrivedBytes += HeardEvents.bytesOf(length);
        waiting.add(new Arrived(slot, index, event, arrivedBytes));
        if (!isStarted) {
            isStarted = true;
            thread.start();
        }
    }

    /** Tells the session how far the listener has them. */
    void tell(HeardEvents events) {
        Arrived last = taken;
        if (last.upTo > toldBytes) {
            events.taken(last.slot, last.index, last.upTo - toldBytes);
            toldBytes = last.upTo;
        }
    }

    /** No more are given. */
    void end() {
        isOver = true;
        waiting.add(END);
    }

    // Any thread.

    /** The token behind the event that the listener has now, or had last. */
    SessionToken behindLast(SessionToken token) {
        Arrived last = current;
        return last == null ? token : token.behind(last.slot, last.index);
    }

    /** Waits until the listener has returned, though not for ever and not on its thread. */
    void awaitEnd() {
        ClientThread.awaitEnd(thread, ClientThread.LONGEST_END_NS);
    }
}
