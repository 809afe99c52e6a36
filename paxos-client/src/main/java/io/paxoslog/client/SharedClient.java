package io.paxoslog.client;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * A client of a cluster that any number of threads share, virtual ones too. Has one session, which
 * it brings to whoever leads; each command takes effect at most once, whatever is sent again.
 *
 * <p><b>Results.</b> An append ends in one of three ways: it is done, and there is an {@link
 * Appended}; it was refused, as a {@link RefusedException} says, and nothing of it happened; or
 * nobody knows, as an {@link UnknownOutcomeException} says, whose token asks later. Each ends by
 * its deadline. Commands leave in the order in which they were given; those of one thread take
 * effect in its order.
 *
 * <p><b>Bounds.</b> At most {@link ClientConfig#windowCommands} commands and {@link
 * ClientConfig#windowBytes} bytes are unanswered. Beyond, {@link #appendAsync} refuses with {@link
 * ClientError#WINDOW_FULL}, and {@link #append} waits for its turn until its deadline. As many
 * reads and bytes of queries are unanswered besides, with {@link #readAsync} and {@link #read}
 * likewise.
 *
 * <p><b>Threads.</b> A client has a thread of its own, a daemon. What is chained to a future
 * without an executor runs there: it must be short, and must not wait, or nothing moves meanwhile.
 * Waiting there for what only that thread can bring, as {@link #append}, {@link #read} and {@code
 * join} of an unfinished future do, is an {@link IllegalStateException}; {@link #close} there ends
 * the client once the callback has returned. What a callback throws goes to the future that it was
 * chained to, as {@link CompletableFuture} has it.
 *
 * <pre>{@code
 * try (SharedClient client = SharedClient.connect(List.of("10.0.0.1:9000", "10.0.0.2:9000"))) {
 *     Appended appended = client.append("pear".getBytes(UTF_8), Duration.ofSeconds(5));
 *     client.appendAsync("plum".getBytes(UTF_8), Duration.ofSeconds(5))
 *             .thenAccept(other -> System.out.println("slot " + other.slot()));
 * }
 * }</pre>
 */
public interface SharedClient extends AutoCloseable {
    /**
     * Connects with default settings.
     *
     * @param members HOST:PORT of one or more members
     * @throws ClientException as {@link #connect(ClientConfig)}
     */
    static SharedClient connect(List<String> members) {
        return connect(ClientConfig.of(members));
    }

    /**
     * Connects, with a media driver and a thread of its own, and opens a session. Waits for it at
     * most {@link ClientConfig#connectTimeoutMs}; nothing is left running when that fails.
     *
     * @throws ClientException NO_ANSWER, NO_LEADER, HALTED, DISK_FULL, SESSION_REFUSED,
     *     CLIENT_REFUSED, WRONG_VERSION, NO_ROOM, INTERRUPTED
     */
    static SharedClient connect(ClientConfig config) {
        return ClientDriver.connectAlone(config, null, null);
    }

    /**
     * The same, and hears events.
     *
     * @param events hears what the state machine sends, on a thread of its own: it may take its
     *     time and use this client, {@link #append} too. What it throws goes to {@link
     *     ClientConfig#errorHandler}, and the event counts as taken
     * @throws ClientException as {@link #connect(ClientConfig)}
     */
    static SharedClient connect(ClientConfig config, EventListener events) {
        return ClientDriver.connectAlone(config, null, Objects.requireNonNull(events, "events"));
    }

    /**
     * Connects and takes up the session of a client that is no more, as {@link PaxosClient#takeUp}
     * does: the commands that are appended first must be those that were before.
     *
     * @param events as for {@link #connect(ClientConfig, EventListener)}; null: nobody hears them
     * @throws ClientException SESSION_EXPIRED when the session is over; as {@link
     *     #connect(ClientConfig)}
     */
    static SharedClient takeUp(ClientConfig config, SessionToken token, EventListener events) {
        return ClientDriver.connectAlone(config, Objects.requireNonNull(token, "token"), events);
    }

    /**
     * Begins to append a command and does not wait.
     *
     * @param command copied
     * @param timeout after which the future fails, if it has not come to an end before
     * @return fails with a {@link RefusedException} (WINDOW_FULL, TOO_LARGE, DISK_FULL, SKIPPED,
     *     CLOSED, SESSION_EXPIRED; when it could not be sent in time NO_LEADER, NO_ANSWER, HALTED)
     *     or an {@link UnknownOutcomeException} (TIMED_OUT, SESSION_EXPIRED, CLOSED). Cancelling it
     *     takes back a command only as long as it was not sent.
     * @throws IllegalArgumentException when {@code timeout} is negative
     */
    CompletableFuture<Appended> appendAsync(byte[] command, Duration timeout);

    /**
     * Appends a command and waits for its reply. While the window is full it waits for its turn.
     *
     * <p>An interrupt ends the wait with {@link ClientError#INTERRUPTED}: refused when the command
     * was not sent, else unknown. The thread is still interrupted then. A thread that is
     * interrupted before it calls sends nothing.
     *
     * @param command copied
     * @throws RefusedException as for {@link #appendAsync}, and INTERRUPTED
     * @throws UnknownOutcomeException as for {@link #appendAsync}, and INTERRUPTED
     * @throws IllegalArgumentException when {@code timeout} is negative
     * @throws IllegalStateException on the client's own thread
     */
    Appended append(byte[] command, Duration timeout);

    /**
     * Asks the state machine and does not wait. What fails had no effect: ask again whenever you
     * like.
     *
     * @param mode what the answer must show
     * @param slot answered by no state before it, whatever the mode; 0: by any
     * @param query copied
     * @param timeout after which the future fails, if there was no answer before
     * @return fails with a {@link ClientException} (WINDOW_FULL, TOO_LARGE, READ_TIMED_OUT,
     *     NO_QUERIES, QUERY_FAILED, READS_FULL, READ_NOT_OFFERED, HALTED, CLOSED, SESSION_EXPIRED).
     *     A read that is cancelled keeps its place in the window until it is answered or late.
     * @throws IllegalArgumentException when {@code slot} or {@code timeout} is negative
     */
    CompletableFuture<ReadAnswer> readAsync(
            ReadMode mode, long slot, byte[] query, Duration timeout);

    /**
     * Asks the state machine and waits for its answer. While the window is full it waits for its
     * turn. An interrupt ends the wait; the thread is still interrupted then.
     *
     * @param mode what the answer must show
     * @param slot answered by no state before it, whatever the mode; 0: by any
     * @param query copied
     * @throws ClientException as for {@link #readAsync}, and INTERRUPTED
     * @throws IllegalArgumentException when {@code slot} or {@code timeout} is negative
     * @throws IllegalStateException on the client's own thread
     */
    ReadAnswer read(ReadMode mode, long slot, byte[] query, Duration timeout);

    /**
     * Has reads that any node may answer go to one member, and to no other while it is away.
     * Without, they go to one that answers, to a follower rather than to the leader and to the node
     * in the same process first of all, and to another one when it falls silent.
     *
     * @param member HOST:PORT as for {@link #connect}; null: to whichever answers
     * @throws IllegalArgumentException when it is not HOST:PORT
     */
    void readFrom(String member);

    /** Whether a session is open and its leader known; a few milliseconds old. */
    boolean isConnected();

    /** Node id of the leader; 0 when none is known. A few milliseconds old. */
    int leader();

    /** The session's id, which is the slot that opened it; 0 before it is open. */
    long sessionId();

    /**
     * All that {@link #takeUp} needs: the first command that is not answered, and the event that
     * the listener has at the moment, or had last. Null before a session is open.
     */
    SessionToken sessionToken();

    /** Why the session is over, as a node said; null as long as none did. */
    SessionEnd sessionEnd();

    /** Commands that are not answered yet, those included that wait for their turn. */
    int unanswered();

    /** Reads that are not answered yet, those included that wait for their turn. */
    int unansweredReads();

    /** Why it ended: CLOSED, or SESSION_EXPIRED; null while it has not. */
    ClientError endedBy();

    /**
     * Ends the session. What was not sent is refused, what is unanswered unknown: every future has
     * come to an end when this returns. Waits for a word of the cluster, at most a second,
     * interrupted or not, and for callbacks that run, at most five. May be called again, and by any
     * thread; by the client's own it only asks for the end, which comes when the callback returns.
     */
    @Override
    void close();
}
