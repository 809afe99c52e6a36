package io.paxoslog.client;

import io.aeron.Aeron;
import io.aeron.Image;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.RegistrationException;
import io.paxoslog.codecs.ClientProtocol;
import io.paxoslog.media.Bell;
import io.paxoslog.media.MediaDirectory;
import io.paxoslog.media.MediaPlaces;
import io.paxoslog.media.MediaRoom;
import io.paxoslog.media.MediaTurns;
import io.paxoslog.media.MessageReader;
import io.paxoslog.media.TermLength;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.LangUtil;
import org.agrona.collections.IntArrayList;

/**
 * One driver with its conductor, which run when the client polls, and one subscription on an
 * ephemeral port by which all nodes answer. Once broken it stays so: another one takes its place.
 */
final class ClientMedia implements AutoCloseable {
    private static final int SOCKET_BUFFER_BYTES = 2 * 1024 * 1024;

    /** Links that a client keeps, to members it was given and to those it heard of. */
    private static final int MOST_MEMBERS = 64;

    private static final int MOST_TRIES = 16;

    final IntArrayList lostImages = new IntArrayList();
    private final MediaDirectory directory;
    private final MediaTurns turns;
    private MediaDriver driver;
    private Aeron aeron;
    private MessageReader responses;
    private MessageReader.Listener listener;
    private int responsePort;
    private boolean isBroken;

    /**
     * Opens one. An interrupt meanwhile closes some file of it for good, or ends a wait: then
     * another is opened, and the guard has the interrupt.
     *
     * @param bind HOST:PORT where nodes answer; 0: any port that is free
     * @param mtuBytes largest datagram sent to those for whom nothing else is said
     * @param members to whom there will be streams, and from whom
     * @param bell rings when something has come
     * @throws ClientException NO_ROOM; PORT_TAKEN; INTERRUPTED when interrupts do not cease
     */
    static ClientMedia open(String bind, int mtuBytes, int members, Guard guard, Bell bell) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            guard.takeInterrupt();
            try {
                return new ClientMedia(bind, mtuBytes, members, bell);
            } catch (Throwable e) {
                // Aeron throws what it does not declare.
                if (!guard.takeInterrupt()) {
                    throw e;
                }
            }
        }
        throw new ClientException(ClientError.INTERRUPTED);
    }

    private ClientMedia(String bind, int mtuBytes, int members, Bell bell) {
        turns = new MediaTurns(bell);
        MediaRoom room = MediaRoom.of(2 * MOST_MEMBERS, 2 * members, TermLength.forMessagesOf(1));
        directory = takeDirectory(room);
        try {
            driver = MediaDriver.launch(room.setUp(turns.setUp(driverContext(mtuBytes))));
            aeron = Aeron.connect(turns.setUp(aeronContext()));
            turns.drive(driver, aeron);
            responses =
                    new MessageReader(
                            aeron,
                            "aeron:udp?endpoint=" + bind,
                            ClientProtocol.RESPONSE_STREAM,
                            new Responses());
            responsePort = awaitPort();
        } catch (RegistrationException e) {
            close();
            throw new ClientException(ClientError.PORT_TAKEN, bind).from(e);
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private static MediaDirectory takeDirectory(MediaRoom room) {
        try {
            return new MediaPlaces().take(room, "client", line -> {});
        } catch (IOException e) {
            throw new ClientException(ClientError.NO_ROOM, e.getMessage());
        }
    }

    private MediaDriver.Context driverContext(int mtuBytes) {
        return new MediaDriver.Context()
                .aeronDirectoryName(directory.driver().toString())
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.INVOKER)
                .asyncExecutorEnabled(false)
                .mtuLength(mtuBytes)
                .termBufferSparseFile(true)
                .initialWindowLength(SOCKET_BUFFER_BYTES / 2)
                .socketRcvbufLength(SOCKET_BUFFER_BYTES)
                .socketSndbufLength(SOCKET_BUFFER_BYTES)
                // Driver and client run when the user polls: that neither was heard for long says
                // nothing.
                .clientLivenessTimeoutNs(TimeUnit.DAYS.toNanos(1))
                .publicationUnblockTimeoutNs(TimeUnit.DAYS.toNanos(2))
                .publicationLingerTimeoutNs(0)
                .errorHandler(this::onError);
    }

    private Aeron.Context aeronContext() {
        return new Aeron.Context()
                .aeronDirectoryName(driver.aeronDirectoryName())
                .useConductorAgentInvoker(true)
                .driverAgentInvoker(driver.sharedAgentInvoker())
                .driverTimeoutMs(TimeUnit.DAYS.toMillis(1))
                .subscriberErrorHandler(LangUtil::rethrowUnchecked)
                .errorHandler(this::onError);
    }

    /**
     * Members that cannot be reached are the links' business; there is nobody else to tell. But a
     * file that an interrupt closed leaves a stream behind that nobody will ever hear.
     */
    void onError(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            isBroken |= cause instanceof ClosedByInterruptException;
        }
    }

    /** Whether nothing moves here any more, or not all. */
    boolean isBroken() {
        return isBroken || turns.hasEnded() || aeron.isClosed();
    }

    private int awaitPort() {
        String channel = responses.tryResolveChannelEndpointPort();
        while (channel == null) {
            invoke();
            if (isBroken()) {
                throw new IllegalStateException("no port could be opened to hear nodes at");
            }
            channel = responses.tryResolveChannelEndpointPort();
        }
        return MemberAddress.port(channel);
    }

    Aeron aeron() {
        return aeron;
    }

    /** Chooses who hears what nodes say. */
    void hearWith(MessageReader.Listener newListener) {
        listener = newListener;
    }

    /** Hears what nodes say; returns how many fragments that was. */
    int hear(int fragmentLimit) {
        return responses.poll(fragmentLimit);
    }

    int responsePort() {
        return responsePort;
    }

    /** Where the driver keeps its buffers; gone once this is closed. */
    String directory() {
        return driver.aeronDirectoryName();
    }

    /** Lets driver and conductor do what is to do. */
    int invoke() {
        return turns.invoke();
    }

    @Override
    public void close() {
        CloseHelper.quietClose(aeron);
        CloseHelper.quietClose(driver);
        directory.close();
    }

    private final class Responses implements MessageReader.Listener {
        @Override
        public boolean onMessage(
                Image image, long reserved, DirectBuffer buffer, int offset, int length) {
            return listener.onMessage(image, reserved, buffer, offset, length);
        }

        @Override
        public boolean isActing() {
            return listener.isActing();
        }

        @Override
        public void onLost(int image) {
            lostImages.addInt(image);
        }
    }
}
