package io.paxoslog.client;

import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
 * between polls as long as it likes, but nothing moves meanwhile. Not thread-safe: one thread uses
 * a client.
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

    private final ClientTransport transport;
    private final ClientCore core;
    private final MemberLinks links;
    private final ClientSession session;
    private final ReplyRouter router;
    private final IdleStrategy idle =
            new BackoffIdleStrategy(
                    100, 100, TimeUnit.MICROSECONDS.toNanos(1), TimeUnit.MICROSECONDS.toNanos(100));
    private boolean isClosed;

    private PaxosClient(ClientConfig config, ReplyListener listener) {
        transport = new ClientTransport(config);
        router = new ReplyRouter(listener);
        core = new ClientCore(transport, config, new SecureRandom(), router);
        links = core.links();
        session = core.session();
        transport.hearWith(core.decoder());
    }

    /**
     * Connects with default settings; replies are for {@link #append} only.
     *
     * @param members HOST:PORT of one or more members
     * @throws ClientException NO_ANSWER, NO_LEADER, SESSION_REFUSED, CLIENT_REFUSED, WRONG_VERSION
     * @throws IllegalArgumentException when a member is not HOST:PORT
     */
    public static PaxosClient connect(List<String> members) {
        return connect(ClientConfig.of(members), (sequence, slot, reply, offset, length) -> {});
    }

    /**
     * Connects and opens a session. Waits for it at most {@link ClientConfig#connectTimeoutMs}.
     *
     * @param listener hears replies, on the thread that polls
     * @throws ClientException NO_ANSWER, NO_LEADER, SESSION_REFUSED, CLIENT_REFUSED, WRONG_VERSION
     */
    public static PaxosClient connect(ClientConfig config, ReplyListener listener) {
        PaxosClient client = start(config, listener);
        try {
            client.awaitOpen(config.connectTimeoutMs());
            return client;
        } catch (ClientException e) {
            client.abandon();
            throw e;
        }
    }

    /**
     * Begins to connect and does not wait: commands may be offered at once, and leave when a
     * session is open. {@link #isConnected} tells when.
     */
    public static PaxosClient start(ClientConfig config, ReplyListener listener) {
        return new PaxosClient(config, listener);
    }

    private void awaitOpen(int timeoutMs) {
        long deadline = nowMs() + timeoutMs;
        while (!session.isOpen()) {
            idle.idle(poll());
            if (session.hasEnded()) {
                throw new ClientException(session.endedBy());
            }
            if (nowMs() > deadline) {
                throw new ClientException(whyNotOpen());
            }
        }
        idle.reset();
    }

    private ClientError whyNotOpen() {
        if (session.refusedBy() != null) {
            return session.refusedBy();
        }
        return links.isAnyWelcomed() ? ClientError.NO_LEADER : ClientError.NO_ANSWER;
    }

    /**
     * Takes a command, copying its bytes; it leaves with the next {@link #poll}. Never waits.
     *
     * @return its sequence, from 1; or a negative number, whose meaning {@link ClientError#of}
     *     tells: WINDOW_FULL, TOO_LARGE, SESSION_EXPIRED, CLOSED
     */
    public long offer(DirectBuffer buffer, int offset, int length) {
        return isClosed ? ClientError.CLOSED.asResult() : session.offer(buffer, offset, length);
    }

    /**
     * Does what there is to do: hears replies, finds the leader, sends. Call it often, and never
     * from a listener.
     *
     * @return how much was done; 0 means that the caller may rest a moment
     */
    public int poll() {
        if (isClosed) {
            return 0;
        }
        int work = transport.poll(links);
        work += core.tick(nowMs());
        return work + transport.invoke();
    }

    /**
     * Appends one command and waits for its reply, which goes to the caller and not to the
     * listener. Replies of commands offered before still go to the listener.
     *
     * @throws ClientException WINDOW_FULL and TOO_LARGE when nothing was sent; TIMED_OUT and
     *     SESSION_EXPIRED when the command may have taken effect or not; CLOSED
     */
    public Appended append(byte[] command, int timeoutMs) {
        long sequence = offer(new UnsafeBuffer(command), 0, command.length);
        if (sequence < 0) {
            throw new ClientException(ClientError.of(sequence));
        }
        router.await(sequence);
        long deadline = nowMs() + timeoutMs;
        while (router.taken() == null) {
            idle.idle(poll());
            if (session.hasEnded()) {
                throw new ClientException(session.endedBy());
            }
            if (nowMs() > deadline) {
                router.await(0);
                throw new ClientException(ClientError.TIMED_OUT);
            }
        }
        idle.reset();
        return router.taken();
    }

    /** Whether a session is open and its leader known. Commands may be offered in any case. */
    public boolean isConnected() {
        return session.isOpen() && links.leader() != null;
    }

    /** Whether the client has ended by itself, as when its session expired. */
    public boolean hasEnded() {
        return isClosed || session.hasEnded();
    }

    /** Why the client ended; null while it has not. */
    public ClientError endedBy() {
        return session.endedBy();
    }

    /** Commands that are not answered yet. */
    public int unanswered() {
        return core.unanswered();
    }

    /** Node id of the leader; 0 when none is known. */
    public int leader() {
        MemberLink leader = links.leader();
        return leader == null ? 0 : leader.node();
    }

    /** The session's id, which is the slot that opened it; 0 before it is open. */
    public long sessionId() {
        return session.id();
    }

    /**
     * Waits for what is unanswered.
     *
     * @return whether all was answered in time
     */
    public boolean drain(int timeoutMs) {
        long deadline = nowMs() + timeoutMs;
        while (core.unanswered() > 0 && nowMs() <= deadline) {
            idle.idle(poll());
        }
        idle.reset();
        return core.unanswered() == 0;
    }

    /**
     * Ends the session and lets everything go. What is unanswered is reported to the listener as
     * unknown; use {@link #drain} before to wait for it.
     */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        session.beginClose();
        long deadline = nowMs() + CLOSE_TIMEOUT_MS;
        while (!session.hasEnded() && nowMs() <= deadline) {
            idle.idle(poll());
        }
        session.end(ClientError.CLOSED);
        abandon();
    }

    /** Lets everything go without a word to the cluster, as a process does that is killed. */
    void abandon() {
        isClosed = true;
        links.close();
        transport.close();
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
