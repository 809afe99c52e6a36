package io.paxoslog.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.driver.status.SystemCounterDescriptor;
import io.aeron.status.ChannelEndpointStatus;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTurnsTest {
    private static final int FULL = 4096;
    private static final int TURNS = 1_000;
    private static final long PAUSE_NS = 100_000;
    private static final long SELDOM_NS = 10_000_000;
    private static final int DATAGRAMS = 10;
    private static final int MORE_THAN_A_SOCKET_HOLDS = 1_500;

    @TempDir private Path directory;

    private final Work driver = new Work();
    private final Work client = new Work();
    private long nowNs = 1;
    private long wallMs = TimeUnit.DAYS.toMillis(20_000);
    private Throwable failure;
    private final MediaTurns turns = new MediaTurns(() -> nowNs, () -> wallMs);

    @BeforeEach
    void drive() {
        turns.drive(driver.turns(), client.turns(), FULL);
    }

    @Test
    void goesOnWhileDatagramsComeFull() {
        driver.left = 3;
        driver.bytes = FULL;
        assertThat(turns.invoke()).isEqualTo(3 * FULL);
        assertThat(driver.turns).isEqualTo(4);
    }

    @Test
    void isDoneAfterASmallDatagram() {
        driver.left = 3;
        driver.bytes = FULL - 1;
        assertThat(turns.invoke()).isEqualTo(FULL - 1);
        assertThat(driver.turns).isEqualTo(1);
    }

    @Test
    void theUserGetsItsTurnHoweverMuchThereIs() {
        driver.left = Integer.MAX_VALUE;
        driver.bytes = FULL;
        turns.invoke();
        assertThat(driver.turns).isEqualTo(16);
    }

    @Test
    void theUserGetsItsTurnHoweverLongAPassTakes() {
        driver.left = Integer.MAX_VALUE;
        driver.bytes = FULL;
        driver.takesNs = 2_000_000;
        turns.invoke();
        assertThat(driver.turns).isEqualTo(3);
        driver.takesNs = 100_000_000;
        turns.invoke();
        assertThat(driver.turns).isEqualTo(3 + 1);
    }

    /** One datagram of each stream a turn: with ten turns a second more would come than is read. */
    @Test
    void whoeverTakesTurnsSeldomHearsAllThatWaits() {
        turns.setUp(new MediaDriver.Context());
        driver.left = 100;
        driver.bytes = 1;
        turns.invoke();
        assertThat(driver.turns).isEqualTo(1);
        nowNs += SELDOM_NS;
        turns.invoke();
        assertThat(driver.turns).isEqualTo(2);
        nowNs += SELDOM_NS + 1;
        assertThat(turns.invoke()).isEqualTo(98);
        assertThat(driver.turns).isEqualTo(2 + 98 + 1);

        driver.left = Integer.MAX_VALUE;
        nowNs += SELDOM_NS + 1;
        turns.invoke();
        assertThat(driver.turns).isEqualTo(2 + 98 + 1 + 256);
    }

    /** Or what is late already would be later still. */
    @Test
    void aNodeThatIsLateGivesItsUserTheTurn() {
        turns.setUp(new MediaDriver.Context(), StreamBounds.ofNode(10, FULL));
        driver.left = Integer.MAX_VALUE;
        driver.bytes = 1;
        for (int turn = 1; turn <= 3; turn++) {
            nowNs += 100 * SELDOM_NS;
            turns.invoke();
            assertThat(driver.turns).isEqualTo(turn);
        }
    }

    @Test
    void theClientWorksOnceInAWhile() {
        for (int turn = 0; turn < TURNS; turn++) {
            turns.invoke();
        }
        assertThat(client.turns).isEqualTo(1);
        nowNs += PAUSE_NS;
        turns.invoke();
        assertThat(client.turns).isEqualTo(2);
        assertThat(driver.turns).isEqualTo(TURNS + 1);
    }

    @Test
    void aDriverWithThreadsOfItsOwnIsLeftToThem() {
        turns.drive(null, client.turns(), FULL);
        client.left = 1;
        client.bytes = 5;
        assertThat(turns.invoke()).isEqualTo(5);
        assertThat(turns.invoke()).isZero();
    }

    @Test
    void anInterruptOfItsUserEndsNeitherDriverNorClient() {
        try {
            for (int turn = 0; turn < TURNS; turn++) {
                Thread.currentThread().interrupt();
                nowNs += PAUSE_NS;
                turns.invoke();
            }
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(turns.hasEnded()).isFalse();
        assertThat(driver.turns).isEqualTo(TURNS);
        assertThat(client.turns).isEqualTo(TURNS);
    }

    @Test
    void whatEndsItselfIsKnownToHaveEnded() {
        client.isToEnd = true;
        turns.invoke();
        assertThat(turns.hasEnded()).isTrue();
        assertThat(client.errors).hasSize(1);
        nowNs += PAUSE_NS;
        assertThat(turns.invoke()).isZero();
        assertThat(client.turns).isEqualTo(1);
    }

    /** Whether a stream is heard is told by its sending end. */
    @Test
    void aSendingEndIsReadOnceInAWhile() {
        try (Side side = new Side(directory)) {
            Subscription listener = side.aeron.addSubscription("aeron:udp?endpoint=127.0.0.1:0", 1);
            String channel = resolved(side, listener);
            ExclusivePublication speaker = side.aeron.addExclusivePublication(channel, 1);
            for (int turn = 0; turn < TURNS; turn++) {
                side.turns.invoke();
            }
            assertThat(speaker.isConnected()).isFalse();
            for (int turn = 0; turn < TURNS && !speaker.isConnected(); turn++) {
                nowNs += PAUSE_NS;
                side.turns.invoke();
            }
            assertThat(speaker.isConnected()).isTrue();
        }
    }

    /** Heard one by one, small datagrams would pile up in the socket until it has no room. */
    @Test
    void allDatagramsThatHaveComeAreHeardInOneTurn() {
        try (Pair pair = new Pair()) {
            pair.say(DATAGRAMS);
            pair.there.turns.invoke();

            int[] heard = new int[1];
            pair.listener.poll((buffer, offset, length, header) -> heard[0]++, DATAGRAMS + 1);
            assertThat(heard[0]).isEqualTo(DATAGRAMS);
        }
    }

    /** Receivers say five times a second how far they are, and more where something is amiss. */
    @Test
    void whatReceiversSaidSinceTheLastTurnIsHeardInOne() {
        try (Pair pair = new Pair()) {
            long before = pair.here.statusMessages();
            for (int i = 0; i < DATAGRAMS; i++) {
                nowNs += TimeUnit.MILLISECONDS.toNanos(250);
                pair.there.turns.invoke();
            }
            pair.here.turns.invoke();
            assertThat(pair.here.statusMessages() - before).isGreaterThanOrEqualTo(DATAGRAMS - 1);
        }
    }

    /** Else a member, or a thousand clients, that are gone would cost as much as those who live. */
    @Test
    void whereNobodyListensLittleIsSentUntilSomebodyDoes() throws IOException {
        int port;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String channel = "aeron:udp?endpoint=127.0.0.1:" + port;
        try (Side side = new Side(directory)) {
            ExclusivePublication speaker = side.aeron.addExclusivePublication(channel, 1);
            turnFor(side, 1_000);
            assertThat(speaker.channelStatus()).isEqualTo(ChannelEndpointStatus.ERRORED);

            Subscription listener = side.aeron.addSubscription(channel, 1);
            turnFor(side, 1_000);
            assertThat(speaker.isConnected()).isTrue();
            assertThat(speaker.channelStatus()).isEqualTo(ChannelEndpointStatus.ACTIVE);
            UnsafeBuffer word = new UnsafeBuffer(new byte[8]);
            int[] heard = new int[1];
            for (int i = 0; i < DATAGRAMS; i++) {
                assertThat(speaker.offer(word)).isPositive();
                side.turns.invoke();
                listener.poll((buffer, offset, length, header) -> heard[0]++, DATAGRAMS);
            }
            assertThat(heard[0]).isGreaterThan(DATAGRAMS / 2);
        }
    }

    @Test
    void oneStreamReachesAllOfItsReceivers() {
        try (Side side = new Side(directory)) {
            Subscription one = side.aeron.addSubscription("aeron:udp?endpoint=127.0.0.1:0", 1);
            Subscription other = side.aeron.addSubscription("aeron:udp?endpoint=127.0.0.1:0", 1);
            ExclusivePublication speaker =
                    side.aeron.addExclusivePublication("aeron:udp?control-mode=manual", 1);
            speaker.addDestination(resolved(side, one));
            speaker.addDestination(resolved(side, other));
            turnFor(side, 1_000);
            assertThat(one.isConnected()).isTrue();
            assertThat(other.isConnected()).isTrue();
        }
    }

    private void turnFor(Side side, int ms) {
        for (int i = 0; i < ms; i++) {
            nowNs += TimeUnit.MILLISECONDS.toNanos(1);
            side.turns.invoke();
        }
    }

    /** Whoever died would be asked a hundred times a second, until its stream is let go. */
    @Test
    void whoIsSilentIsNotAskedForWhatIsMissing() {
        try (Pair pair = new Pair()) {
            pair.say(MORE_THAN_A_SOCKET_HOLDS);
            turnFor(pair.there, 10);
            pair.say(DATAGRAMS);
            for (int turn = 0; turn < 150; turn++) {
                turnFor(pair.there, 1);
                nowNs += TimeUnit.MILLISECONDS.toNanos(19);
            }
            turnFor(pair.here, 200);
            assertThat(pair.here.asked()).isBetween(1L, 40L);

            // As soon as it is heard, it is asked again.
            int[] heard = new int[1];
            for (int i = 0; i < 1_000; i++) {
                turnFor(pair.here, 1);
                pair.there.turns.invoke();
                pair.listener.poll((buffer, offset, length, header) -> heard[0]++, DATAGRAMS);
            }
            assertThat(heard[0]).isEqualTo(MORE_THAN_A_SOCKET_HOLDS + DATAGRAMS);
        }
    }

    /** A machine may boot in 1970 and hear the time later, or be told a wrong one. */
    @ParameterizedTest
    @ValueSource(longs = {31, -31, 366, -366, 20_000, -20_000})
    void aWallClockThatIsSetEndsNobody(long days) {
        try (Side side = new Side(directory)) {
            Subscription listener = side.aeron.addSubscription("aeron:udp?endpoint=127.0.0.1:0", 1);
            ExclusivePublication speaker =
                    side.aeron.addExclusivePublication(resolved(side, listener), 1);
            wallMs += TimeUnit.DAYS.toMillis(days);
            // Long enough for driver and client to look at one another more than once.
            for (int turn = 0; turn < TURNS; turn++) {
                nowNs += TimeUnit.MILLISECONDS.toNanos(20);
                side.turns.invoke();
            }
            assertThat(failure).isNull();
            assertThat(side.aeron.isClosed()).isFalse();
            assertThat(speaker.isConnected()).isTrue();
        }
    }

    /** A driver and its client, in turns that the test gives. */
    private final class Side implements AutoCloseable {
        private final MediaTurns turns = new MediaTurns(() -> nowNs, () -> wallMs);
        private final MediaDriver media;
        private final Aeron aeron;

        Side(Path directory) {
            MediaDriver.Context context =
                    new MediaDriver.Context()
                            .aeronDirectoryName(directory.resolve("media").toString())
                            .threadingMode(ThreadingMode.INVOKER)
                            .asyncExecutorEnabled(false)
                            .dirDeleteOnShutdown(true);
            media = MediaDriver.launch(turns.setUp(context));
            aeron =
                    Aeron.connect(
                            turns.setUp(
                                    new Aeron.Context()
                                            .aeronDirectoryName(media.aeronDirectoryName())
                                            .nanoClock(() -> nowNs)
                                            .useConductorAgentInvoker(true)
                                            .driverAgentInvoker(media.sharedAgentInvoker())
                                            .errorHandler(error -> failure = error)));
            turns.drive(media, aeron);
        }

        long statusMessages() {
            return aeron.countersReader()
                    .getCounterValue(SystemCounterDescriptor.STATUS_MESSAGES_RECEIVED.id());
        }

        long asked() {
            return aeron.countersReader()
                    .getCounterValue(SystemCounterDescriptor.NAK_MESSAGES_RECEIVED.id());
        }

        @Override
        public void close() {
            aeron.close();
            media.close();
        }
    }

    /** Two of them, and a stream from one to the other. */
    private final class Pair implements AutoCloseable {
        private final Side here = new Side(directory.resolve("here"));
        private final Side there = new Side(directory.resolve("there"));
        private final Subscription listener =
                there.aeron.addSubscription("aeron:udp?endpoint=127.0.0.1:0", 1);
        private final ExclusivePublication speaker =
                here.aeron.addExclusivePublication(resolved(there, listener), 1);

        Pair() {
            while (!speaker.isConnected() || !listener.isConnected()) {
                nowNs += PAUSE_NS;
                here.turns.invoke();
                there.turns.invoke();
            }
        }

        void say(int words) {
            UnsafeBuffer word = new UnsafeBuffer(new byte[8]);
            for (int i = 0; i < words; i++) {
                assertThat(speaker.offer(word)).isPositive();
                here.turns.invoke();
            }
        }

        @Override
        public void close() {
            there.close();
            here.close();
        }
    }

    private String resolved(Side side, Subscription listener) {
        String channel = listener.tryResolveChannelEndpointPort();
        while (channel == null) {
            nowNs += PAUSE_NS;
            side.turns.invoke();
            channel = listener.tryResolveChannelEndpointPort();
        }
        return channel;
    }

    /** Does so much a turn, so often. */
    private final class Work implements Agent {
        private int left;
        private long takesNs;
        private int bytes;
        private int turns;
        private boolean isToEnd;
        private final List<Throwable> errors = new ArrayList<>();

        Turns turns() {
            AgentInvoker invoker = new AgentInvoker(errors::add, null, this);
            invoker.start();
            return new Turns(invoker, errors::add);
        }

        @Override
        public int doWork() {
            turns++;
            nowNs += takesNs;
            if (isToEnd) {
                throw new AgentTerminationException();
            }
            return left-- > 0 ? bytes : 0;
        }

        @Override
        public String roleName() {
            return "work";
        }
    }
}
