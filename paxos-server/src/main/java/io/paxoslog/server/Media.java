package io.paxoslog.server;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.AeronException;
import io.paxoslog.media.Bell;
import io.paxoslog.media.DroppedDatagrams;
import io.paxoslog.media.HostNames;
import io.paxoslog.media.MediaRoom;
import io.paxoslog.media.MediaTurns;
import io.paxoslog.media.NetworkPath;
import io.paxoslog.media.StreamBounds;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.CloseHelper;
import org.agrona.LangUtil;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.NoOpLock;

/**
 * The media driver of one node and its client, driven by the replica thread or by threads of its
 * own.
 */
final class Media implements AutoCloseable {
    /**
     * Driver and client live and die together, so a process that was stopped for long may go on.
     */
    private static final long NEVER_NS = TimeUnit.DAYS.toNanos(30);

    private static final int LARGEST_WINDOW_BYTES = 1 << 20;

    private final NodeConfig config;
    private final Consumer<String> mustStop;
    private final HostNames names;
    private final NodeLog log;
    private final MediaDriver driver;
    private final Aeron aeron;
    private final AgentInvoker driverInvoker;
    private final MediaTurns turns;
    private volatile boolean isClosing;

    /**
     * Starts the driver.
     *
     * @param directory for the driver alone; it is not there yet
     * @param mustStop told when the driver can not go on
     * @param bell rings when a datagram has come
     */
    Media(
            NodeConfig config,
            Path directory,
            MediaRoom room,
            HostNames names,
            NodeLog log,
            Consumer<String> mustStop,
            Bell bell) {
        this.config = config;
        turns = new MediaTurns(bell);
        this.names = names;
        this.log = log;
        this.mustStop = mustStop;
        StreamBounds bounds =
                StreamBounds.ofNode(config.get(Settings.CLIENTS), config.get(Settings.TERM_BYTES));
        MediaDriver.Context context = turns.setUp(driverContext(directory.toString()), bounds);
        driver = MediaDriver.launch(room.setUp(context));
        driverInvoker = driver.sharedAgentInvoker();
        try {
            aeron = Aeron.connect(turns.setUp(clientContext(directory.toString())));
        } catch (RuntimeException | Error e) {
            CloseHelper.quietClose(driver);
            throw e;
        }
        turns.drive(driver, aeron);
    }

    private MediaDriver.Context driverContext(String directory) {
        int socketBytes = Ports.grantedBuffer(config.get(Settings.SOCKET_BYTES));
        int term = config.get(Settings.TERM_BYTES);
        ThreadFactory threads = this::driverThread;
        return new MediaDriver.Context()
                .aeronDirectoryName(directory)
                .dirDeleteOnShutdown(true)
                .threadingMode(threadingMode())
                // It would look for work a thousand times a second; names are looked up elsewhere.
                .asyncExecutorEnabled(false)
                .sharedThreadFactory(threads)
                .conductorThreadFactory(threads)
                .senderThreadFactory(threads)
                .receiverThreadFactory(threads)
                .sharedIdleStrategy(IdleStrategies.of(config))
                .conductorIdleStrategy(IdleStrategies.of(config))
                .senderIdleStrategy(IdleStrategies.of(config))
                .receiverIdleStrategy(IdleStrategies.of(config))
                .mtuLength(mtuBytes())
                .publicationTermBufferLength(term)
                .socketRcvbufLength(socketBytes)
                .socketSndbufLength(socketBytes)
                .initialWindowLength(
                        Math.min(Math.min(LARGEST_WINDOW_BYTES, term / 2), socketBytes / 2))
                .clientLivenessTimeoutNs(NEVER_NS)
                .publicationUnblockTimeoutNs(2 * NEVER_NS)
                .errorHandler(this::onDriverError);
    }

    private int mtuBytes() {
        int configured = config.get(Settings.MTU_BYTES);
        return configured == 0
                ? NetworkPath.datagramBytesTowards(names, config.hosts())
                : configured;
    }

    private ThreadingMode threadingMode() {
        return switch (config.get(Settings.THREADS)) {
            case ONE -> ThreadingMode.INVOKER;
            case TWO -> ThreadingMode.SHARED;
            case FOUR -> ThreadingMode.DEDICATED;
        };
    }

    private Thread driverThread(Runnable work) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                work.run();
                            } finally {
                                onDriverThreadEnd();
                            }
                        });
        thread.setDaemon(true);
        return thread;
    }

    private void onDriverThreadEnd() {
        if (!isClosing) {
            mustStop.accept("a thread of the media driver ended");
        }
    }

    private void onDriverError(Throwable error) {
        if (error instanceof Error || AeronException.isFatal(error)) {
            mustStop.accept("the media driver failed: " + Failures.inOneLine(error));
        } else {
            log.rarely("media driver: " + error.getMessage());
        }
    }

    private Aeron.Context clientContext(String directory) {
        return new Aeron.Context()
                .aeronDirectoryName(directory)
                .driverAgentInvoker(driverInvoker)
                .useConductorAgentInvoker(true)
                .clientLock(NoOpLock.INSTANCE)
                .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(NEVER_NS))
                .subscriberErrorHandler(LangUtil::rethrowUnchecked)
                .errorHandler(this::onClientError);
    }

    private void onClientError(Throwable error) {
        if (error instanceof AeronException && !AeronException.isFatal(error)) {
            log.rarely("media client: " + error.getMessage());
        } else {
            mustStop.accept("the media client failed: " + Failures.inOneLine(error));
        }
    }

    Aeron aeron() {
        return aeron;
    }

    /** What came and was not heard. */
    DroppedDatagrams dropped() {
        return turns.dropped();
    }

    /** Sends and receives what there is, as far as this thread is to do it. */
    int invoke() {
        return turns.invoke();
    }

    @Override
    public void close() {
        isClosing = true;
        CloseHelper.quietCloseAll(aeron, driver);
    }
}
