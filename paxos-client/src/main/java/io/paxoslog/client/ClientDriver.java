package io.paxoslog.client;

import io.paxoslog.media.HostNames;
import java.util.Objects;
import java.util.concurrent.Semaphore;

/**
 * One media driver and one thread that several {@link SharedClient}s of a cluster share, each with
 * a session of its own: cheaper than one of each for every client. Any thread may use it.
 *
 * <pre>{@code
 * try (ClientDriver driver = ClientDriver.launch(ClientConfig.of(members))) {
 *     SharedClient orders = driver.connect();
 *     SharedClient audit = driver.connect();
 *     …
 * }
 * }</pre>
 */
public final class ClientDriver implements AutoCloseable {
    /**
     * Most clients at a time. From one address and port 32 streams are taken, by nodes and by
     * clients; twice as many as there are clients, for each may seek its leader anew.
     */
    public static final int MOST_CLIENTS = 16;

    private final ClientConfig config;
    private final ClientThread thread;
    private final Semaphore places = new Semaphore(MOST_CLIENTS);

    private ClientDriver(ClientConfig config, ClientThread thread) {
        this.config = config;
        this.thread = thread;
    }

    /**
     * Starts one. Talks to nobody before a client does.
     *
     * @param config of its clients
     * @throws ClientException NO_ROOM, INTERRUPTED
     */
    public static ClientDriver launch(ClientConfig config) {
        return launch(config, network());
    }

    /** The same over other ways than UDP. */
    public static ClientDriver launch(ClientConfig config, Carrier.Factory carriers) {
        return new ClientDriver(config, ClientThread.start(config, carriers));
    }

    /** A carrier over UDP, for carriers that have other ways besides. */
    public static Carrier.Factory network() {
        return (own, bell) -> new NetworkCarrier(own, new HostNames(), bell);
    }

    static SharedClient connectAlone(
            ClientConfig config, SessionToken token, EventListener events) {
        return launch(config).connectAlone(token, events);
    }

    /**
     * A client whose end is that of this driver: the last to be connected, and the only one.
     *
     * @param token the session of a client that is no more; null: a new one is opened
     * @param events as for {@link SharedClient#connect(ClientConfig, EventListener)}; null: nobody
     *     hears them
     * @throws ClientException as {@link #connect}; this driver has ended then
     */
    public SharedClient connectAlone(SessionToken token, EventListener events) {
        try {
            return connect(token, events, true);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Opens a session, with all settings that this driver was launched with.
     *
     * @throws ClientException NO_ANSWER, NO_LEADER, HALTED, DISK_FULL, SESSION_REFUSED,
     *     CLIENT_REFUSED, WRONG_VERSION, INTERRUPTED; CLOSED when this driver was closed
     * @throws IllegalStateException when there are {@link #MOST_CLIENTS} already, or on the thread
     *     of this driver
     */
    public SharedClient connect() {
        return connect(null, null, false);
    }

    /** The same, and hears events, as {@link SharedClient#connect(ClientConfig, EventListener)}. */
    public SharedClient connect(EventListener events) {
        return connect(null, Objects.requireNonNull(events, "events"), false);
    }

    /** Takes up a session, as {@link SharedClient#takeUp}. */
    public SharedClient takeUp(SessionToken token, EventListener events) {
        return connect(Objects.requireNonNull(token, "token"), events, false);
    }

    private SharedClient connect(SessionToken token, EventListener events, boolean isAlone) {
        thread.requireOutside("connect");
        if (!places.tryAcquire()) {
            throw new IllegalStateException(
                    "this ClientDriver has as many clients as it may, "
                            + MOST_CLIENTS
                            + ": close some, or launch another one");
        }
        QueueingClient client =
                new QueueingClient(thread, config, token, events, isAlone, places::release);
        if (!thread.carry(client)) {
            throw new ClientException(ClientError.CLOSED);
        }
        try {
            client.awaitOpen();
            return client;
        } catch (RuntimeException | Error e) {
            client.close();
            throw e;
        }
    }

    /**
     * Closes all clients, each as {@link SharedClient#close} does, and then the media driver. May
     * be called again, and by any thread.
     */
    @Override
    public void close() {
        thread.stop();
        thread.awaitEnd();
    }
}
