package io.paxoslog.client;

import io.paxoslog.codecs.client.MessageHeaderDecoder;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;

/**
 * Many threads' client: they leave commands in a queue, and the thread of its carrier sends them. A
 * command is sent only while a leader is known, so that of one that came to its deadline before it
 * can be said that it did not happen.
 */
final class QueueingClient implements SharedClient {
    private static final long CLOSE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1);

    private final ClientThread thread;
    private final ClientConfig config;
    private final boolean isAlone;
    private final Runnable onEnd;
    private final ManyToOneConcurrentLinkedQueue<PendingAppend> incoming =
            new ManyToOneConcurrentLinkedQueue<>();
    private final SharedReads reads;
    private final SharedEvents events;
    private final Unanswered unanswered;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean isToEnd;
    private volatile ClientError endedBy;
    private volatile boolean isConnected;
    private volatile int leader;
    private volatile long sessionId;
    private volatile long firstUnanswered;

    /** As of when the session was opened, or where nobody listens, of the last event. */
    private volatile SessionToken token;

    private volatile SessionEnd sessionEnd;

    // All below belongs to the thread of the carrier.
    private final ClientCore core;
    private final MemberLinks links;
    private final ClientSession session;
    private final ArrayDeque<PendingAppend> waiting = new ArrayDeque<>();
    private final ArrayDeque<PendingAppend> inFlight = new ArrayDeque<>();
    private final NavigableSet<PendingAppend> byDeadline =
            new TreeSet<>(
                    Comparator.<PendingAppend>comparingLong(pending -> pending.deadlineNs)
                            .thenComparingLong(pending -> pending.number));
    private Throwable failure;
    private long number;
    private int withdrawn;
    private boolean isClosing;
    private long closeDeadlineNs;

    /**
     * @param take the session that another process had; null: a new one is opened
     * @param listener hears events; null: nobody does
     * @param isAlone whether its thread is to end with it
     * @param onEnd called once it has ended
     */
    QueueingClient(
            ClientThread thread,
            ClientConfig config,
            SessionToken take,
            EventListener listener,
            boolean isAlone,
            Runnable onEnd) {
        this.thread = thread;
        this.config = config;
        unanswered = new Unanswered(config);
        this.isAlone = isAlone;
        this.onEnd = onEnd;
        reads = new SharedReads(thread, config, this::whyNothingIsTaken);
        core = new ClientCore(thread.carrier(), config, take, new SecureRandom(), new Replies());
        links = core.links();
        links.followMembers();
        session = core.session();
        if (listener != null) {
            session.events().takeLater();
        }
        events =
                listener == null
                        ? null
                        : new SharedEvents(listener, config.errorHandler(), thread.name());
    }

    /** Waits until there is a session. */
    void awaitOpen() {
        try {
            opened.get(config.connectTimeoutMs(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientException(ClientError.INTERRUPTED);
        } catch (ExecutionException e) {
            throw ((ClientException) e.getCause()).from(e);
        } catch (TimeoutException e) {
            throw whyNotOpened();
        }
    }

    private ClientException whyNotOpened() {
        CompletableFuture<ClientException> why = new CompletableFuture<>();
        thread.execute(() -> why.complete(new ClientException(whyNotSent(), about())));
        try {
            // Made anew, so that it says where it was thrown.
            return why.get(1, TimeUnit.SECONDS).from(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ClientException(ClientError.INTERRUPTED);
        } catch (ExecutionException | TimeoutException e) {
            return new ClientException(ClientError.NO_LEADER);
        }
    }

    @Override
    public CompletableFuture<Appended> appendAsync(byte[] command, Duration timeout) {
        return begin(command, timeout, false).future;
    }

    @Override
    public Appended append(byte[] command, Duration timeout) {
        thread.requireOutside("append");
        if (Thread.currentThread().isInterrupted()) {
            throw new RefusedException(ClientError.INTERRUPTED);
        }
        PendingAppend pending = begin(command, timeout, true);
        awaitEndOf(pending);
        try {
            return pending.future.join();
        } catch (CompletionException e) {
            throw ((ClientException) e.getCause()).from(e);
        }
    }

    /** The client's thread keeps deadlines, too; should it be kept itself, the caller does. */
    private void awaitEndOf(PendingAppend pending) {
        try {
            long left = pending.deadlineNs - System.nanoTime();
            pending.future.get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            // Said by whoever asks for the result.
        } catch (TimeoutException e) {
            pending.giveUp(whyWaiting(), ClientError.TIMED_OUT);
        } catch (InterruptedException e) {
            pending.giveUp(ClientError.INTERRUPTED, ClientError.INTERRUPTED);
            Thread.currentThread().interrupt();
        }
    }

    private PendingAppend begin(byte[] command, Duration timeout, boolean mayWait) {
        int timeoutMs = Milliseconds.of("timeout", timeout);
        PendingAppend pending =
                new PendingAppend(
                        new ClientFuture<>(thread),
                        Objects.requireNonNull(command, "command").clone(),
                        System.nanoTime(),
                        timeoutMs);
        ClientError refused = admit(pending.bytes(), mayWait);
        if (refused != null) {
            pending.refuse(new RefusedException(refused));
            return pending;
        }
        incoming.add(pending);
        ClientError ended = whyNothingIsTaken();
        if (ended != null) {
            // Else it may have come too late to be found there.
            pending.refuse(new RefusedException(ended));
        }
        thread.wake();
        return pending;
    }

    /** Counts a command; an error when there is no room for it. */
    private ClientError admit(int bytes, boolean mayWait) {
        ClientError ended = whyNothingIsTaken();
        if (ended != null) {
            return ended;
        }
        return unanswered.admit(bytes, mayWait);
    }

    private boolean ended() {
        return endedBy != null;
    }

    /** Null as long as commands and reads are taken. */
    private ClientError whyNothingIsTaken() {
        ClientError error = endedBy;
        return error == null && isToEnd ? ClientError.CLOSED : error;
    }

    /** As far as threads that have no part in it can say. */
    private ClientError whyWaiting() {
        return isConnected ? ClientError.WINDOW_FULL : ClientError.NO_LEADER;
    }

    @Override
    public CompletableFuture<ReadAnswer> readAsync(
            ReadMode mode, long slot, byte[] query, Duration timeout) {
        return reads.begin(mode, slot, query, timeout, false).future;
    }

    @Override
    public ReadAnswer read(ReadMode mode, long slot, byte[] query, Duration timeout) {
        return reads.read(mode, slot, query, timeout);
    }

    @Override
    public void readFrom(String member) {
        if (member != null) {
            MemberAddress.check(member);
        }
        reads.readFrom(member);
        thread.wake();
    }

    @Override
    public boolean isConnected() {
        return isConnected;
    }

    @Override
    public int leader() {
        return leader;
    }

    @Override
    public long sessionId() {
        return sessionId;
    }

    @Override
    public SessionToken sessionToken() {
        SessionToken known = token;
        if (known == null) {
            return null;
        }
        SessionToken now = known.withNext(firstUnanswered);
        return events == null ? now : events.behindLast(now);
    }

    @Override
    public SessionEnd sessionEnd() {
        return sessionEnd;
    }

    @Override
    public int unanswered() {
        return ended() ? 0 : unanswered.count();
    }

    @Override
    public int unansweredReads() {
        return ended() ? 0 : reads.count();
    }

    @Override
    public ClientError endedBy() {
        return endedBy;
    }

    @Override
    public void close() {
        askToEnd();
        thread.wake();
        thread.awaitEnd(ended);
        if (events != null && !thread.isCurrent()) {
            events.awaitEnd();
        }
        if (isAlone) {
            thread.awaitEnd();
        }
    }

    /** Begins to close. Any thread. */
    void askToEnd() {
        isToEnd = true;
    }

    // From here on: the thread of the carrier.

    boolean hasEnded() {
        return ended();
    }

    /** Hears a message if it is for this client. */
    boolean hear(int stream, DirectBuffer buffer, int offset, int length) {
        int link = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        if (length < MessageHeaderDecoder.ENCODED_LENGTH + Long.BYTES
                || links.byLink(buffer.getLong(link, ByteOrder.LITTLE_ENDIAN)) == null) {
            return false;
        }
        core.hear(stream, buffer, offset, length);
        return true;
    }

    void responseImageLost(int stream) {
        core.responseImageLost(stream);
    }

    void linesLost() {
        links.linesLost();
    }

    int turn(long nowNs) {
        int work = takeIncoming();
        if (isToEnd && !isClosing) {
            beginClose(nowNs);
        }
        expire(nowNs);
        if (events != null) {
            events.tell(session.events());
        }
        work += send() + reads.turn(core, nowNs);
        work += core.tick(TimeUnit.NANOSECONDS.toMillis(nowNs));
        if (isClosing && nowNs - closeDeadlineNs > 0) {
            session.end(ClientError.CLOSED);
        }
        tell();
        if (session.hasEnded()) {
            end(session.endedBy());
        }
        return work;
    }

    private int takeIncoming() {
        int taken = 0;
        for (PendingAppend next = incoming.poll(); next != null; next = incoming.poll()) {
            next.number = ++number;
            waiting.addLast(next);
            byDeadline.add(next);
            taken++;
        }
        return taken;
    }

    private void beginClose(long nowNs) {
        isClosing = true;
        closeDeadlineNs = nowNs + CLOSE_TIMEOUT_NS;
        refuseWaiting(ClientError.CLOSED, null);
        endReads(ClientError.CLOSED);
        session.beginClose();
    }

    private void expire(long nowNs) {
        while (!byDeadline.isEmpty() && nowNs - byDeadline.first().deadlineNs >= 0) {
            PendingAppend late = byDeadline.pollFirst();
            if (late.isSent()) {
                late.unknown(ClientError.TIMED_OUT, null);
            } else {
                late.refuse(new RefusedException(whyNotSent(), about()));
                withdrawn++;
            }
        }
        // Those in the middle keep their places until they are many.
        if (withdrawn > waiting.size() / 2) {
            waiting.removeIf(this::isLetGo);
            withdrawn = 0;
        }
    }

    private boolean isLetGo(PendingAppend pending) {
        if (pending.isSettled()) {
            forget(pending);
            return true;
        }
        return false;
    }

    private void forget(PendingAppend pending) {
        byDeadline.remove(pending);
        unanswered.release(pending.bytes());
    }

    private int send() {
        if (!session.isOpen() || links.leader() == null) {
            if (links.lacksRoom()) {
                refuseWaiting(ClientError.DISK_FULL, null);
            }
            return 0;
        }
        int sent = 0;
        while (!waiting.isEmpty() && send(waiting.peekFirst())) {
            waiting.removeFirst();
            sent++;
        }
        return sent;
    }

    /** False when the first one has to wait for room. */
    private boolean send(PendingAppend first) {
        if (!first.leave()) {
            forget(first);
            return true;
        }
        long result = core.offer(first.command, 0, first.command.capacity());
        if (result > 0) {
            first.sent(session.tokenOf(result));
            inFlight.addLast(first);
            return true;
        }
        ClientError error = ClientError.of(result);
        if (error == ClientError.WINDOW_FULL) {
            first.stay();
            return false;
        }
        first.refuseLeaving(new RefusedException(error));
        forget(first);
        return true;
    }

    private void tell() {
        MemberLink to = links.leader();
        boolean isOpen = session.isOpen();
        isConnected = isOpen && to != null;
        leader = to == null ? 0 : to.node();
        if (isOpen) {
            tellToken();
        }
        sessionEnd = session.sessionEnd();
        if (isOpen && sessionId == 0) {
            sessionId = session.id();
            opened.complete(null);
        }
    }

    /**
     * Made anew where it is of another event; for the rest it is completed when it is asked for.
     */
    private void tellToken() {
        firstUnanswered = session.firstUnanswered();
        HeardEvents heard = session.events();
        boolean isAsBefore =
                token != null
                        && (events != null
                                || (token.eventSlot() == heard.slot()
                                        && token.eventIndex() == heard.index()));
        if (!isAsBefore) {
            token = session.token();
        }
    }

    private void refuseWaiting(ClientError why, Throwable cause) {
        for (PendingAppend next = waiting.pollFirst(); next != null; next = waiting.pollFirst()) {
            refuse(next, why, cause);
            forget(next);
        }
        withdrawn = 0;
    }

    private static void refuse(PendingAppend pending, ClientError why, Throwable cause) {
        RefusedException refused = new RefusedException(why);
        if (cause != null) {
            refused.initCause(cause);
        }
        pending.refuse(refused);
    }

    /** Ends without a word to the cluster, whatever is broken. */
    void endAtOnce(Throwable cause) {
        failure = cause;
        try {
            session.end(ClientError.CLOSED);
        } finally {
            end(ClientError.CLOSED);
        }
    }

    private void end(ClientError why) {
        if (ended()) {
            return;
        }
        isConnected = false;
        leader = 0;
        endedBy = why;
        takeIncoming();
        refuseWaiting(why, failure);
        inFlight.forEach(left -> left.unknown(why, failure));
        endReads(why);
        if (events != null) {
            events.end();
        }
        core.abandon();
        opened.completeExceptionally(new ClientException(why, SessionEnd.about(sessionEnd)));
        if (isAlone) {
            thread.stop();
        }
        onEnd.run();
        ended.countDown();
    }

    private void endReads(ClientError why) {
        core.reads().end(why);
        reads.end(why, failure);
    }

    /** Why commands wait, as this thread knows it. */
    private ClientError whyNotSent() {
        if (links.leader() != null && session.isOpen()) {
            return ClientError.WINDOW_FULL;
        }
        if (session.refusedBy() != null) {
            return session.refusedBy();
        }
        if (links.leaderHaltedAt() != 0) {
            return ClientError.HALTED;
        }
        if (links.lacksRoom()) {
            return ClientError.DISK_FULL;
        }
        return links.isAnyWelcomed() ? ClientError.NO_LEADER : ClientError.NO_ANSWER;
    }

    private String about() {
        long slot = links.leaderHaltedAt();
        if (slot != 0) {
            return "the leader's state machine is halted at slot " + slot;
        }
        String unheard = links.whereNoAnswerArrives();
        return unheard == null ? thread.whyNoAnswer() : unheard;
    }

    /** Hears the session, on the carrier's thread, and settles what was asked. */
    private final class Replies implements ReplyListener {
        @Override
        public void onReply(long sequence, long slot, DirectBuffer reply, int at, int length) {
            byte[] bytes = new byte[length];
            reply.getBytes(at, bytes);
            answered().reply(new Appended(slot, bytes));
        }

        @Override
        public void onSkipped(long sequence, long slot) {
            answered().skipped(slot);
        }

        @Override
        public void onUnknown(long firstSequence, long lastSequence, ClientError why) {
            for (long sequence = firstSequence; sequence <= lastSequence; sequence++) {
                answered().unknown(why, failure);
            }
        }

        @Override
        public void onEvent(long slot, int index, DirectBuffer event, int at, int length) {
            if (events != null) {
                events.heard(slot, index, event, at, length);
            }
        }

        @Override
        public void onEventsLost(long slot, int index) {
            if (events != null) {
                events.lost(slot, index);
            }
        }

        @Override
        public void onRead(long read, long slot, DirectBuffer answer, int at, int length) {
            reads.answered(read, slot, answer, at, length);
        }

        @Override
        public void onReadFailed(long read, ClientError why, String about) {
            reads.failed(read, why, about, failure);
        }

        /** Replies come in the order in which commands were sent. */
        private PendingAppend answered() {
            PendingAppend first = inFlight.removeFirst();
            forget(first);
            return first;
        }
    }
}
