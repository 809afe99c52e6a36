package io.paxoslog.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.agrona.CloseHelper;

/**
 * Wakes a thread that sleeps: when a datagram has come to a channel at which it {@link #hang}s, or
 * when somebody {@link #ring}s.
 *
 * <p>Nothing is slept through by who first {@link #listen}s, then looks once more for all there may
 * be to do, and only then {@link #sleep}s: what came before that look is seen by it, and what came
 * later rings.
 */
public final class Bell implements AutoCloseable {
    /** Hangs nowhere, and nobody sleeps beside it. */
    public static final Bell SILENT = new Bell(null);

    private final Selector selector;
    private volatile boolean isListenedTo;

    private Bell(Selector selector) {
        this.selector = selector;
    }

    /**
     * A new one, for one thread at a time.
     *
     * @throws UncheckedIOException when the process may open no more files
     */
    public static Bell open() {
        try {
            return new Bell(Selector.open());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on a datagram that waits in a channel rings. */
    void hang(DatagramChannel channel) {
        if (selector != null) {
            try {
                channel.register(selector, SelectionKey.OP_READ);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Lets go of a channel that is to be closed; held, its port would stay taken. */
    void unhang(DatagramChannel channel) {
        SelectionKey key = selector == null ? null : channel.keyFor(selector);
        if (key == null) {
            return;
        }
        try {
            key.cancel();
            selector.selectNow(Bell::whicheverItIs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClosedSelectorException e) {
            // Then it holds nothing any more.
        }
    }

    /** All channels are looked at in any case. */
    private static void whicheverItIs(SelectionKey key) {}

    /** There is something to do. Any thread; costs next to nothing while nobody listens. */
    public void ring() {
        // What is to be done was written before, or who listens now does not see it.
        VarHandle.fullFence();
        if (isListenedTo) {
            selector.wakeup();
        }
    }

    /** From now on who rings is heard. */
    public void listen() {
        isListenedTo = true;
    }

    /** Nobody needs to ring any more. */
    public void leave() {
        isListenedTo = false;
    }

    /**
     * Waits for the bell, at most so many milliseconds, more than none. Returns at once when it
     * rang since the last time; an interrupt ends the wait and is forgotten.
     */
    public void sleep(long ms) {
        try {
            selector.select(Bell::whicheverItIs, ms);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Left standing, it would keep this thread awake for good.
        Thread.interrupted();
    }

    /** Whoever sleeps beside it is woken by an exception. */
    @Override
    public void close() {
        isListenedTo = false;
        CloseHelper.close(selector);
    }
}
