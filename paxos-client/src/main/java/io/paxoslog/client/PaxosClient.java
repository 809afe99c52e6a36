package io.paxoslog.client;

import io.paxoslog.media.HostNames;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A client of a cluster. Finds the leader, keeps many commands in flight, and gives each reply
 * once, in order; when the leader is lost, it finds the next and sends again what is unanswered.
 * Each command takes effect at most once, whatever is sent again.
 *
 * <p>Has no thread of its own: {@link #poll} does everything, including the network. It may rest
 * between polls, but nothing moves meanwhile: a client that is not polled for ten seconds may lose
 * its session when others want one, and one that is not for thirty has lost it ({@link
 * ClientError#SESSION_EXPIRED}), once the cluster goes by system version 3.
 *
 * <p><b>Threads.</b> One thread at a time uses a client; every method throws an {@link
 * IllegalStateException} that names both threads when it finds another one inside. Threads may take
 * turns.
 *
 * <p><b>Listeners.</b> From within a {@link ReplyListener} or the error handler every method works
 * but those that would hear the network again, {@link #poll}, {@link #append} and {@link #drain}:
 * these throw an {@link IllegalStateException}. {@link #close} marks the client there; it ends when
 * the method that called the listener returns. What a listener throws goes to {@link
 * ClientConfig#errorHandler}; without one it leaves the method that polled, the reply counting as
 * delivered, and those behind it come with the next poll.
 *
 * <p><b>Interrupts</b> never harm a client. Those that wait ({@link #connect}, {@link #append},
 * {@link #drain}) stop waiting; the thread is still interrupted when they return.
 *
 * <pre>{@code
 * try (PaxosClient client = PaxosClient.connect(List.of("10.0.0.1:9000", "10.0.0.2:9000"))) {
 *     Appended appended = client.append("pear".getBytes(UTF_8), 5_000);
 *     System.out.println("slot " + appended.slot());
 * }
 * }</pre>
 */
public final class PaxosClient implements AutoCloseable {
    private static final int CLOSE_TIMEOUT_MS = 1_000;
    private static final int SLACK_MS = 1_000;

    private final ClientTransport transport;
    private final ClientCore core;
    private final MemberLinks links;
    private final ClientSession session;
    private final ReplyRouter router;
    private final Guard guard = new Guard("PaxosClient");
    private final IdleStrategy idle =
            new BackoffIdleStrategy(
                    100, 100, TimeUnit.MICROSECONDS.toNanos(1), TimeUnit.MICROSECONDS.toNanos(100));
    private long lastTurnMs = nowMs();
    private boolean isCloseWanted;
    private boolean isClosed;

    private PaxosClient(
            ClientConfig config, SessionToken token, ReplyListener listener, HostNames names) {
        Objects.requireNonNull(listener, "listener");
        guard.enter();
        try {
            transport = new ClientTransport(config, names, guard);
            router = new ReplyRouter(listener, new UserCode(guard, config.errorHandler()));
            core = new ClientCore(transport, config, token, new SecureRandom(), router);
            links = core.links();
            links.followMembers();
            session = core.session();
            transport.hearWith(core.decoder());
        } finally {
            guard.leave();
        }
    }

    /**
     * Connects with default settings; replies are for {@link #append} only.
     *
     * @param members HOST:PORT of one or more members
     * @throws ClientException NO_ANSWER, NO_LEADER, HALTED, DISK_FULL, SESSION_REFUSED,
     *     CLIENT_REFUSED, WRONG_VERSION, INTERRUPTED
     * @throws IllegalArgumentException when a member is not HOST:PORT
     */
    public static PaxosClient connect(List<String> members) {
        return connect(ClientConfig.of(members), (sequence, slot, reply, offset, length) -> {});
    }

    /**
     * Connects and opens a session. Waits for it at most {@link ClientConfig#connectTimeoutMs},
     * also for members whose host names are not there yet; the exception names those.
     *
     * @param listener hears replies, on the thread that polls
     * @throws ClientException NO_ANSWER, NO_LEADER, HALTED, DISK_FULL, SESSION_REFUSED,
     *     CLIENT_REFUSED, WRONG_VERSION, INTERRUPTED
     */
    public static PaxosClient connect(ClientConfig config, ReplyListener listener) {
        return connect(config, listener, new HostNames());
    }

    static PaxosClient connect(ClientConfig config, ReplyListener listener, HostNames names) {
        return opened(config, start(config, listener, names));
    }

    /**
     * Connects and takes up the session of a client that is no more, most likely of a process that
     * was killed: within 30 s of its last word, or it has expired. Events come from behind the one
     * that the token names. The first command that is offered has the sequence {@link
     * SessionToken#nextSequence}, and so on: each must be the one that was offered under it before,
     * if there was any, and its reply is that of the one that took effect. Should the other client
     * live, the one that was heard of last has the session.
     *
     * @param listener hears replies and events, on the thread that polls; nothing before this has
     *     returned
     * @throws ClientException SESSION_EXPIRED when the session is over; as {@link
     *     #connect(ClientConfig, ReplyListener)}
     */
    public static PaxosClient takeUp(
            ClientConfig config, SessionToken token, ReplyListener listener) {
        Objects.requireNonNull(token, "token");
        return opened(config, new PaxosClient(config, token, listener, new HostNames()));
    }

    private static PaxosClient opened(ClientConfig config, PaxosClient client) {
        try {
            client.awaitOpen(config.connectTimeoutMs());
            return client;
        } catch (RuntimeException | Error e) {
            client.abandon();
            throw e;
        }
    }

    /**
     * Begins to connect and does not wait for members: commands may be offered at once, and leave
     * when a session is open. {@link #isConnected} tells when. Host names get 200 ms to be looked
     * up; those that take longer, or are not there yet, are asked for again in the background.
     */
    public static PaxosClient start(ClientConfig config, ReplyListener listener) {
        return start(config, listener, new HostNames());
    }

    static PaxosClient start(ClientConfig config, ReplyListener listener, HostNames names) {
        return new PaxosClient(config, null, listener, names);
    }

    private void awaitOpen(int timeoutMs) {
        guard.enterFromOutside("connect");
        try {
            boolean isInTime = pollUntil(() -> session.isOpen() || session.hasEnded(), timeoutMs);
            if (session.isOpen()) {
                return;
            }
            throw isInTime ? whyEnded() : whyNotOpen();
        } finally {
            leave();
        }
    }

    private ClientException whyEnded() {
        return new ClientException(session.endedBy(), SessionEnd.about(session.sessionEnd()));
    }

    private ClientException whyNotOpen() {
        if (guard.isInterrupted()) {
            return new ClientException(ClientError.INTERRUPTED);
        }
        if (session.refusedBy() != null) {
            return new ClientException(session.refusedBy());
        }
        if (links.leaderHaltedAt() != 0) {
            return new ClientException(ClientError.HALTED, standsStillAt(links.leaderHaltedAt()));
        }
        if (links.lacksRoom()) {
            return new ClientException(ClientError.DISK_FULL);
        }
        if (links.whoLeadsUnheard() != null) {
            return new ClientException(ClientError.NO_LEADER, links.whoLeadsUnheard());
        }
        ClientError error = links.isAnyWelcomed() ? ClientError.NO_LEADER : ClientError.NO_ANSWER;
        String unheard = links.whereNoAnswerArrives();
        return unheard == null ? transport.failure(error) : new ClientException(error, unheard);
    }

    /** Polls until something holds; false when time or patience of the thread ran out before. */
    private boolean pollUntil(BooleanSupplier condition, int timeoutMs) {
        long deadline = nowMs() + timeoutMs;
        while (!condition.getAsBoolean()) {
            if (guard.isInterrupted() || nowMs() > deadline) {
                return false;
            }
            int work = work();
            // What is waited for is not lost to what a listener threw beside it.
            if (!condition.getAsBoolean()) {
                rethrowFailure();
                idle.idle(work);
            }
        }
        idle.reset();
        return true;
    }

    /**
     * Takes a command, copying its bytes; it leaves with the next {@link #poll}. Never waits. A
     * listener may call it.
     *
     * @return its sequence, from 1; or a negative number, whose meaning {@link ClientError#of}
     *     tells: WINDOW_FULL, TOO_LARGE, DISK_FULL, SESSION_EXPIRED, CLOSED
     * @throws IllegalStateException when another thread uses this client
     */
    public long offer(DirectBuffer buffer, int offset, int length) {
        guard.enter();
        try {
            return take(buffer, offset, length);
        } finally {
            leave();
        }
    }

    private long take(DirectBuffer buffer, int offset, int length) {
        return isClosing() ? ClientError.CLOSED.asResult() : session.offer(buffer, offset, length);
    }

    /** Whether {@link #close} was called, done or not. */
    private boolean isClosing() {
        return isClosed || isCloseWanted;
    }

    /**
     * Does what there is to do: hears replies, finds the leader, sends. Call it often. Throws what
     * a listener threw, if no error handler is set.
     *
     * @return how much was done; 0 means that the caller may rest a moment
     * @throws IllegalStateException from within a listener, or when another thread uses this client
     */
    public int poll() {
        guard.enterFromOutside("poll");
        try {
            int work = work();
            rethrowFailure();
            return work;
        } finally {
            leave();
        }
    }

    /** Interrupts are put aside before each step that opens or closes channels. */
    private int work() {
        if (isClosed) {
            return 0;
        }
        guard.isInterrupted();
        int work = transport.poll(links);
        guard.isInterrupted();
        passTime();
        work += core.tick(lastTurnMs);
        return work + transport.invoke();
    }

    private void passTime() {
        long nowMs = nowMs();
        links.wasDeaf(nowMs - lastTurnMs);
        lastTurnMs = nowMs;
    }

    private void rethrowFailure() {
        UserCode.Failure failure = core.decoder().takeFailure();
        if (failure != null) {
            failure.rethrow();
        }
    }

    /**
     * A client that was closed by a listener ends here, where nothing reads its buffers any more.
     */
    private void leave() {
        try {
            if (isCloseWanted && guard.isOutermost()) {
                end();
            }
        } finally {
            guard.leave();
        }
    }

    /**
     * Appends one command and waits for its reply, which goes to the caller and not to the
     * listener. Replies of commands offered before still go to the listener.
     *
     * @throws RefusedException WINDOW_FULL, TOO_LARGE, DISK_FULL, SESSION_EXPIRED and CLOSED when
     *     nothing was sent, and INTERRUPTED of a thread that was so before it called; SKIPPED when
     *     the command took no effect and never will
     * @throws UnknownOutcomeException TIMED_OUT, SESSION_EXPIRED, INTERRUPTED and CLOSED (by a
     *     listener meanwhile) when the command may have taken effect or not: its token asks later.
     *     There is none before a session is open; the command may be sent yet, then.
     * @throws IllegalStateException from within a listener, or when another thread uses this client
     */
    public Appended append(byte[] command, Duration timeout) {
        return append(command, Milliseconds.of("timeout", timeout));
    }

    /** The same with a time-out in milliseconds. */
    public Appended append(byte[] command, int timeoutMs) {
        guard.enterFromOutside("append");
        try {
            if (guard.isInterrupted()) {
                throw new RefusedException(ClientError.INTERRUPTED);
            }
            long sequence = take(new UnsafeBuffer(command), 0, command.length);
            if (sequence < 0) {
                throw new RefusedException(ClientError.of(sequence));
            }
            return await(sequence, timeoutMs);
        } finally {
            leave();
        }
    }

    private Appended await(long sequence, int timeoutMs) {
        router.await(sequence);
        try {
            boolean isInTime =
                    pollUntil(
                            () ->
                                    router.taken() != null
                                            || router.skippedAt() != 0
                                            || session.hasEnded()
                                            || isCloseWanted,
                            timeoutMs);
            if (router.taken() != null) {
                return router.taken();
            }
            if (router.skippedAt() != 0) {
                throw new RefusedException(ClientError.SKIPPED, "slot " + router.skippedAt());
            }
            throw isInTime
                    ? new UnknownOutcomeException(whyUnknown(), session.tokenOf(sequence))
                    : notInTime(whyNotInTime(), session.tokenOf(sequence));
        } finally {
            router.await(0);
        }
    }

    /** What is unanswered stays unknown; that the leader stands still is what one can do about. */
    private ClientException notInTime(ClientError error, OutcomeToken token) {
        if (links.lacksRoom()) {
            return new UnknownOutcomeException(
                    error, "disks of the cluster are short of room", token);
        }
        long slot = links.leaderHaltedAt();
        String why = slot == 0 ? links.whoLeadsUnheard() : standsStillAt(slot);
        return why == null
                ? new UnknownOutcomeException(error, token)
                : new UnknownOutcomeException(error, why, token);
    }

    private static String standsStillAt(long slot) {
        return "the leader's state machine is halted at slot " + slot;
    }

    private ClientError whyUnknown() {
        return session.hasEnded() ? session.endedBy() : ClientError.CLOSED;
    }

    private ClientError whyNotInTime() {
        return guard.isInterrupted() ? ClientError.INTERRUPTED : ClientError.TIMED_OUT;
    }

    /**
     * Asks the state machine, copying the bytes of the query; it leaves with the next {@link #poll}
     * and is answered by {@link ReplyListener#onRead} or {@link ReplyListener#onReadFailed}, once,
     * in any order. Never waits. A listener may call it. Needs no session: before one is open, and
     * after it has expired, reads go on.
     *
     * @param mode what the answer must show
     * @param slot answered by no state before it, whatever the mode; 0: by any
     * @param timeoutMs how long to try, in milliseconds, from 1
     * @return its number, from 1; or a negative number, whose meaning {@link ClientError#of} tells:
     *     WINDOW_FULL, TOO_LARGE, CLOSED
     * @throws IllegalArgumentException when the slot or the time-out is not to be had
     * @throws IllegalStateException when another thread uses this client
     */
    public long read(
            ReadMode mode, long slot, int timeoutMs, DirectBuffer query, int offset, int length) {
        guard.enter();
        try {
            Objects.requireNonNull(mode, "mode");
            if (slot < 0 || timeoutMs < 1) {
                throw new IllegalArgumentException(
                        "slot from 0 and time-out from 1, not " + slot + " and " + timeoutMs);
            }
            return isClosing()
                    ? ClientError.CLOSED.asResult()
                    : core.read(mode, slot, timeoutMs, query, offset, length, nowMs());
        } finally {
            leave();
        }
    }

    /**
     * Asks the state machine and waits for its answer, which goes to the caller and not to the
     * listener. What fails had no effect.
     *
     * @param slot answered by no state before it, whatever the mode; 0: by any
     * @throws ClientException WINDOW_FULL, TOO_LARGE, READ_TIMED_OUT, NO_QUERIES, QUERY_FAILED,
     *     READS_FULL, READ_NOT_OFFERED, HALTED, INTERRUPTED, CLOSED
     * @throws IllegalStateException from within a listener, or when another thread uses this client
     */
    public ReadAnswer read(ReadMode mode, long slot, byte[] query, Duration timeout) {
        guard.enterFromOutside("read");
        try {
            if (guard.isInterrupted()) {
                throw new ClientException(ClientError.INTERRUPTED);
            }
            int timeoutMs = Milliseconds.of("timeout", timeout);
            long read = read(mode, slot, timeoutMs, new UnsafeBuffer(query), 0, query.length);
            if (read < 0) {
                throw new ClientException(ClientError.of(read));
            }
            return awaitRead(read, timeoutMs);
        } finally {
            leave();
        }
    }

    private ReadAnswer awaitRead(long read, int timeoutMs) {
        router.awaitRead(read);
        try {
            // It is given up by itself before.
            pollUntil(
                    () -> router.answer() != null || router.readFailure() != null || isCloseWanted,
                    timeoutMs + SLACK_MS);
            if (router.answer() != null) {
                return router.answer();
            }
            if (router.readFailure() != null) {
                throw router.readFailure();
            }
            throw new ClientException(isCloseWanted ? ClientError.CLOSED : whyNotRead());
        } finally {
            router.awaitRead(0);
        }
    }

    private ClientError whyNotRead() {
        return guard.isInterrupted() ? ClientError.INTERRUPTED : ClientError.READ_TIMED_OUT;
    }

    /**
     * Has reads that any node may answer go to one member, and to no other while it is away.
     * Without, they go to one that answers, followers first, and to another when it falls silent.
     *
     * @param member HOST:PORT as for {@link #connect}; null: to whichever answers
     * @throws IllegalArgumentException when it is not HOST:PORT
     */
    public void readFrom(String member) {
        guard.enter();
        try {
            if (member != null) {
                MemberAddress.check(member);
            }
            core.readFrom(member);
        } finally {
            leave();
        }
    }

    /** Reads that are not answered yet. */
    public int unansweredReads() {
        guard.enter();
        try {
            return core.reads().count();
        } finally {
            leave();
        }
    }

    /**
     * By what {@link PaxosOutcome#ask} tells, now or later and from any process, what became of a
     * command. A listener may call it, {@link ReplyListener#onUnknown} above all; it works after
     * the client has ended, too.
     *
     * @param sequence what {@link #offer} returned
     * @return null while no session is open: then the command has not left this client
     */
    public OutcomeToken tokenOf(long sequence) {
        guard.enter();
        try {
            return session.tokenOf(sequence);
        } finally {
            leave();
        }
    }

    /**
     * All that {@link #takeUp} needs, as of now: the first command that is not answered, and the
     * last event that was heard. From within a listener it counts the reply or event that the
     * listener was called with. It works after the client has ended, too.
     *
     * @return null while no session is open
     */
    public SessionToken sessionToken() {
        guard.enter();
        try {
            return session.token();
        } finally {
            leave();
        }
    }

    /** Why the session is over, as a node said; null as long as none did. */
    public SessionEnd sessionEnd() {
        guard.enter();
        try {
            return session.sessionEnd();
        } finally {
            leave();
        }
    }

    /** Whether a session is open and its leader known. Commands may be offered in any case. */
    public boolean isConnected() {
        guard.enter();
        try {
            return session.isOpen() && links.leader() != null;
        } finally {
            leave();
        }
    }

    /** Whether the client has ended: it was closed, or its session expired. */
    public boolean hasEnded() {
        guard.enter();
        try {
            return isClosing() || session.hasEnded();
        } finally {
            leave();
        }
    }

    /** Why the client ended; null while it has not. */
    public ClientError endedBy() {
        guard.enter();
        try {
            return session.endedBy();
        } finally {
            leave();
        }
    }

    /** Commands that are not answered yet. */
    public int unanswered() {
        guard.enter();
        try {
            return core.unanswered();
        } finally {
            leave();
        }
    }

    /** Node id of the leader; 0 when none is known. */
    public int leader() {
        guard.enter();
        try {
            MemberLink leader = links.leader();
            return leader == null ? 0 : leader.node();
        } finally {
            leave();
        }
    }

    /** The session's id, which is the slot that opened it; 0 before it is open. */
    public long sessionId() {
        guard.enter();
        try {
            return session.id();
        } finally {
            leave();
        }
    }

    /**
     * Waits for what is unanswered, or until the thread is interrupted.
     *
     * @return whether all was answered in time
     * @throws IllegalStateException from within a listener, or when another thread uses this client
     */
    public boolean drain(Duration timeout) {
        return drain(Milliseconds.of("timeout", timeout));
    }

    /** The same with a time-out in milliseconds. */
    public boolean drain(int timeoutMs) {
        guard.enterFromOutside("drain");
        try {
            pollUntil(() -> core.unanswered() == 0 || isCloseWanted, timeoutMs);
            return core.unanswered() == 0;
        } finally {
            leave();
        }
    }

    /**
     * Ends the session and lets everything go. What is unanswered is reported to the listener as
     * unknown; use {@link #drain} before to wait for it. Called by a listener, it only marks the
     * client: that happens when the method that called the listener returns. Waits for a word of
     * the cluster, at most a second, interrupted or not.
     *
     * @throws IllegalStateException when another thread uses this client
     */
    @Override
    public void close() {
        guard.enter();
        isCloseWanted = true;
        leave();
    }

    private void end() {
        isCloseWanted = false;
        if (isClosed) {
            return;
        }
        FirstFailure failure = new FirstFailure();
        failure.of(session::beginClose);
        long deadline = nowMs() + CLOSE_TIMEOUT_MS;
        while (!session.hasEnded() && nowMs() <= deadline) {
            idle.idle(work());
            failure.note(core.decoder().takeFailure());
        }
        failure.of(() -> session.end(ClientError.CLOSED));
        do {
            failure.of(() -> core.reads().end(ClientError.CLOSED));
        } while (core.reads().count() > 0);
        letGo();
        failure.rethrow();
    }

    /** What user code threw first while a client was closed, which goes on all the same. */
    private static final class FirstFailure {
        private UserCode.Failure first;

        void of(Runnable step) {
            try {
                step.run();
            } catch (UserCode.Failure e) {
                note(e);
            }
        }

        void note(UserCode.Failure failure) {
            first = first == null ? failure : first;
        }

        void rethrow() {
            if (first != null) {
                first.rethrow();
            }
        }
    }

    /** Lets everything go without a word to the cluster, as a process does that is killed. */
    void abandon() {
        guard.enter();
        try {
            letGo();
        } finally {
            guard.leave();
        }
    }

    private void letGo() {
        isClosed = true;
        links.close();
        transport.close();
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
