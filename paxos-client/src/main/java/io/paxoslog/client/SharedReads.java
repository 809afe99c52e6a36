package io.paxoslog.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;

/**
 * Many threads' reads: they leave queries in a queue, and the client's own thread asks them. A read
 * has no effect, so whoever stops waiting just goes; what he asked keeps its place until it is
 * answered or late.
 */
final class SharedReads {
    /** The client's thread knows best why there is no answer: so long it may take to say it. */
    private static final long SLACK_NS = TimeUnit.SECONDS.toNanos(1);

    /** Those that wait for a place are looked through so often for some that nobody waits for. */
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final ClientThread thread;
    private final Supplier<ClientError> whyEnded;
    private final ManyToOneConcurrentLinkedQueue<PendingQuery> incoming =
            new ManyToOneConcurrentLinkedQueue<>();
    private final Unanswered unanswered;
    private volatile String wantedMember;

    // All below belongs to the thread of the carrier.
    private final ArrayDeque<PendingQuery> waiting = new ArrayDeque<>();
    private final Long2ObjectHashMap<PendingQuery> asked = new Long2ObjectHashMap<>();
    private String askedMember;
    private boolean isFull;
    private long lookedNs;

    /**
     * @param whyEnded why nothing is taken any more; null while that is not so
     */
    SharedReads(ClientThread thread, ClientConfig config, Supplier<ClientError> whyEnded) {
        this.thread = thread;
        unanswered = new Unanswered(config);
        this.whyEnded = whyEnded;
    }

    /** As {@link SharedClient#read}. */
    ReadAnswer read(ReadMode mode, long slot, byte[] query, Duration timeout) {
        thread.requireOutside("read");
        if (Thread.currentThread().isInterrupted()) {
            throw new ClientException(ClientError.INTERRUPTED);
        }
        PendingQuery read = begin(mode, slot, query, timeout, true);
        try {
            long left = Math.max(0, read.leftNs(System.nanoTime()));
            return read.future.get(left + SLACK_NS, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw ((ClientException) e.getCause()).from(e);
        } catch (TimeoutException e) {
            throw givenUp(
                    read,
                    new ClientException(
                            ClientError.READ_TIMED_OUT, "a callback keeps the client's thread"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw givenUp(read, new ClientException(ClientError.INTERRUPTED));
        }
    }

    private static ClientException givenUp(PendingQuery read, ClientException why) {
        read.fail(why);
        return why;
    }

    /**
     * Takes a read.
     *
     * @param mayWait whether it may wait for a place
     */
    PendingQuery begin(ReadMode mode, long slot, byte[] query, Duration timeout, boolean mayWait) {
        Objects.requireNonNull(mode, "mode");
        if (slot < 0) {
            throw new IllegalArgumentException("slot: 0 or more, not " + slot);
        }
        PendingQuery read =
                new PendingQuery(
                        new ClientFuture<>(thread),
                        mode,
                        slot,
                        Objects.requireNonNull(query, "query").clone(),
                        System.nanoTime()
                                + Milliseconds.inNanos(Milliseconds.of("timeout", timeout)));
        ClientError refused = admit(read.bytes(), mayWait);
        if (refused != null) {
            read.fail(new ClientException(refused));
            return read;
        }
        incoming.add(read);
        ClientError ended = whyEnded.get();
        if (ended != null) {
            // Else it may have come too late to be found there.
            read.fail(new ClientException(ended));
        }
        thread.wake();
        return read;
    }

    /** As {@link SharedClient#readFrom}, for all that begins from now on. */
    void readFrom(String member) {
        wantedMember = member;
    }

    /** Counts a read; an error when there is no room for it. */
    private ClientError admit(int bytes, boolean mayWait) {
        ClientError ended = whyEnded.get();
        if (ended != null) {
            return ended;
        }
        return unanswered.admit(bytes, mayWait);
    }

    /** Reads that are not answered yet, those included that wait for their turn. */
    int count() {
        return unanswered.count();
    }

    // From here on: the thread of the carrier.

    /** Gives the core what came, as far as it has room; returns how much that was. */
    int turn(ClientCore core, long nowNs) {
        takeIncoming();
        chooseMember(core);
        int begun = 0;
        while (!waiting.isEmpty() && isTaken(waiting.peekFirst(), core, nowNs)) {
            waiting.removeFirst();
            begun++;
        }
        isFull = !waiting.isEmpty();
        if (isFull && nowNs - lookedNs >= LOOK_NS) {
            lookedNs = nowNs;
            waiting.removeIf(read -> isLetGo(read, nowNs));
        }
        return begun;
    }

    /** Looked at when reads were taken: what was wanted before them holds for them. */
    private void chooseMember(ClientCore core) {
        String wanted = wantedMember;
        if (!Objects.equals(wanted, askedMember)) {
            askedMember = wanted;
            core.readFrom(wanted);
        }
    }

    private void takeIncoming() {
        for (PendingQuery next = incoming.poll(); next != null; next = incoming.poll()) {
            waiting.addLast(next);
        }
    }

    /** False when it has to wait for a place. */
    private boolean isTaken(PendingQuery read, ClientCore core, long nowNs) {
        if (isLetGo(read, nowNs)) {
            return true;
        }
        long result =
                core.read(
                        read.mode,
                        read.slot,
                        read.leftMs(nowNs),
                        read.query,
                        0,
                        read.bytes(),
                        TimeUnit.NANOSECONDS.toMillis(nowNs));
        if (result > 0) {
            asked.put(result, read);
            return true;
        }
        ClientError error = ClientError.of(result);
        if (error == ClientError.WINDOW_FULL) {
            return false;
        }
        unanswered.release(read.bytes());
        read.fail(new ClientException(error));
        return true;
    }

    private boolean isLetGo(PendingQuery read, long nowNs) {
        if (!read.isSettled() && read.leftNs(nowNs) > 0) {
            return false;
        }
        unanswered.release(read.bytes());
        read.fail(
                new ClientException(isFull ? ClientError.WINDOW_FULL : ClientError.READ_TIMED_OUT));
        return true;
    }

    void answered(long id, long slot, DirectBuffer answer, int offset, int length) {
        PendingQuery read = asked.remove(id);
        unanswered.release(read.bytes());
        byte[] bytes = new byte[length];
        answer.getBytes(offset, bytes);
        read.answer(new ReadAnswer(slot, bytes));
    }

    void failed(long id, ClientError why, String about, Throwable cause) {
        PendingQuery read = asked.remove(id);
        unanswered.release(read.bytes());
        read.fail(exception(why, about.isEmpty() ? null : about, cause));
    }

    private static ClientException exception(ClientError why, String about, Throwable cause) {
        ClientException exception = new ClientException(why, about);
        if (cause != null) {
            exception.initCause(cause);
        }
        return exception;
    }

    /** Nothing is asked any more. */
    void end(ClientError why, Throwable cause) {
        takeIncoming();
        for (PendingQuery next = waiting.pollFirst(); next != null; next = waiting.pollFirst()) {
            unanswered.release(next.bytes());
            next.fail(exception(why, null, cause));
        }
    }
}
