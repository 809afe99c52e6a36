package io.paxoslog.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.DataPacketDispatcher;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.driver.media.ReceiveChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import io.aeron.protocol.DataHeaderFlyweight;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real streams, through a tunnel that loses every other datagram above some size. */
@Timeout(60)
class StreamWatchTest {
    private static final int PASSES_BYTES = 1200;
    private static final int TURNS = 5_000;
    private static final long WALL_MS = TimeUnit.DAYS.toMillis(20_000);
    private static final long TURN_NS = TimeUnit.MILLISECONDS.toNanos(1);

    @TempDir private Path directory;

    private final Random random = new Random(42);
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[256 << 10]);
    private boolean isBroken = true;
    private long nowNs = 1;
    private final MediaTurns turns = new MediaTurns(() -> nowNs, () -> WALL_MS);
    private MediaDriver driver;
    private Aeron aeron;

    @BeforeEach
    void launch() {
        MediaDriver.Context context =
                new MediaDriver.Context()
                        .aeronDirectoryName(directory.resolve("media").toString())
                        .threadingMode(ThreadingMode.INVOKER)
                        .asyncExecutorEnabled(false)
                        .publicationTermBufferLength(4 << 20)
                        .initialWindowLength(1 << 20)
                        .socketRcvbufLength(2 << 20)
                        .socketSndbufLength(2 << 20)
                        .dirDeleteOnShutdown(true);
        driver =
                MediaDriver.launch(
                        turns.setUp(context).receiveChannelEndpointSupplier(Tunnel::new));
        aeron =
                Aeron.connect(
                        turns.setUp(
                                new Aeron.Context()
                                        .aeronDirectoryName(driver.aeronDirectoryName())
                                        .errorHandler(PatientMedia::tell)
                                        .nanoClock(() -> nowNs)
                                        .useConductorAgentInvoker(true)
                                        .driverAgentInvoker(driver.sharedAgentInvoker())));
        turns.drive(driver, aeron);
    }

    @AfterEach
    void close() {
        aeron.close();
        driver.close();
    }

    @Test
    void datagramsThatDoNotGetThroughAreNoticedAndSmallerOnesPass() {
        assertThat(isStuckWithin(1408)).isTrue();
        assertThat(isStuckWithin(1024)).isFalse();
    }

    @Test
    void aWayThatIsWholeIsNeverSuspected() {
        isBroken = false;
        assertThat(isStuckWithin(1408)).isFalse();
    }

    private boolean isStuckWithin(int mtuBytes) {
        try (Subscription listener =
                        aeron.addSubscription("aeron:udp?endpoint=127.0.0.1:0", mtuBytes);
                ExclusivePublication speaker =
                        aeron.addExclusivePublication(
                                resolved(listener) + "|mtu=" + mtuBytes, mtuBytes)) {
            StreamWatch watch = new StreamWatch(aeron, speaker);
            for (int turn = 0; turn < TURNS; turn++) {
                if (turn % 100 == 0 && speaker.offer(message) > 0) {
                    watch.taken();
                }
                turn();
                listener.poll((buffer, offset, length, header) -> {}, Integer.MAX_VALUE);
                if (watch.isStuck(nowNs)) {
                    return true;
                }
            }
            assertThat(speaker.isConnected()).isTrue();
            return false;
        }
    }

    private void turn() {
        nowNs += TURN_NS;
        turns.invoke();
    }

    private String resolved(Subscription listener) {
        String channel = listener.tryResolveChannelEndpointPort();
        while (channel == null) {
            turn();
            channel = listener.tryResolveChannelEndpointPort();
        }
        return channel;
    }

    /** A receiving end behind the tunnel. */
    private final class Tunnel extends ReceiveChannelEndpoint {
        Tunnel(
                UdpChannel channel,
                DataPacketDispatcher dispatcher,
                AtomicCounter status,
                MediaDriver.Context context) {
            super(channel, dispatcher, status, context);
        }

        @Override
        public int onDataPacket(
                DataHeaderFlyweight header,
                UnsafeBuffer buffer,
                int length,
                InetSocketAddress from,
                int transport) {
            boolean isLost = isBroken && length > PASSES_BYTES && random.nextBoolean();
            return isLost ? 0 : super.onDataPacket(header, buffer, length, from, transport);
        }
    }
}
