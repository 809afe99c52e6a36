package io.paxoslog.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What sleeps here sleeps longer than a test may take, unless it is woken. */
@Timeout(20)
class BellTest {
    private static final long LONG_MS = TimeUnit.MINUTES.toMillis(10);
    private static final int STREAM = 7;

    @TempDir private Path directory;

    private final Bell bell = Bell.open();
    private final BellIdleStrategy idle = new BellIdleStrategy(bell, LONG_MS);

    @AfterEach
    void close() {
        bell.close();
    }

    @Test
    void whoRingsWakesTheSleeper() throws InterruptedException {
        bell.listen();
        Thread sleeper = new Thread(() -> bell.sleep(LONG_MS));
        sleeper.start();
        bell.ring();
        sleeper.join();
    }

    @Test
    void whoRingsBeforeTheSleepEndsItAtOnce() {
        bell.listen();
        bell.ring();
        bell.sleep(LONG_MS);
    }

    @Test
    void whoRingsInTheLastTurnBeforeTheSleepIsHeard() {
        for (int i = 0; i <= BellIdleStrategy.YIELDS; i++) {
            idle.idle(0);
        }
        // In the turn that looks once more.
        bell.ring();
        idle.idle(0);
    }

    @Test
    void workBeginsItAnew() {
        for (int i = 0; i <= BellIdleStrategy.YIELDS; i++) {
            idle.idle(0);
        }
        idle.idle(1);
        for (int i = 0; i <= BellIdleStrategy.YIELDS; i++) {
            idle.idle(0);
        }
        bell.ring();
        idle.idle(0);
    }

    @Test
    void anInterruptEndsTheSleepAndIsForgotten() {
        Thread.currentThread().interrupt();
        bell.sleep(LONG_MS);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aDatagramWakesTheSleeperAsLongAsItWaits() throws IOException {
        try (DatagramChannel channel = channel();
                DatagramSocket sender = new DatagramSocket()) {
            bell.hang(channel);
            sender.connect(channel.getLocalAddress());
            sender.send(new DatagramPacket(new byte[1], 1));
            bell.sleep(LONG_MS);
            bell.sleep(LONG_MS);
            assertThat(channel.receive(ByteBuffer.allocate(1))).isNotNull();
        }
    }

    @Test
    void aChannelThatDoesNotHangAnyMoreGivesItsPortBack() throws IOException {
        DatagramChannel channel = channel();
        var address = (InetSocketAddress) channel.getLocalAddress();
        bell.hang(channel);
        bell.unhang(channel);
        channel.close();
        try (DatagramChannel next = DatagramChannel.open()) {
            next.bind(address);
        }
    }

    @Test
    void aSilentBellHangsNowhere() throws IOException {
        try (DatagramChannel channel = channel()) {
            Bell.SILENT.hang(channel);
            assertThat(channel.isRegistered()).isFalse();
            Bell.SILENT.ring();
            Bell.SILENT.unhang(channel);
            Bell.SILENT.close();
        }
    }

    private static DatagramChannel channel() throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel.configureBlocking(false);
        return channel;
    }

    @Test
    void whatADriverHearsWakesWhoDrivesIt() {
        MediaTurns turns = new MediaTurns(bell);
        MediaTurns far = new MediaTurns();
        try (MediaDriver driver = driver("near", turns);
                Aeron aeron = aeron(driver, turns);
                MediaDriver farDriver = driver("far", far);
                Aeron farAeron = aeron(farDriver, far);
                Subscription subscription =
                        aeron.addSubscription("aeron:udp?endpoint=localhost:0", STREAM)) {
            turns.drive(driver, aeron);
            far.drive(farDriver, farAeron);
            String channel = subscription.tryResolveChannelEndpointPort();
            while (channel == null) {
                turns.invoke();
                channel = subscription.tryResolveChannelEndpointPort();
            }
            try (ExclusivePublication publication =
                    farAeron.addExclusivePublication(channel, STREAM)) {
                UnsafeBuffer message = new UnsafeBuffer(new byte[8]);
                while (publication.offer(message) < 0) {
                    turns.invoke();
                    far.invoke();
                }
                int heard = 0;
                while (heard == 0) {
                    far.invoke();
                    bell.sleep(LONG_MS);
                    turns.invoke();
                    heard = subscription.poll((buffer, offset, length, header) -> {}, 1);
                }
                assertThat(heard).isEqualTo(1);
            }
        }
    }

    private MediaDriver driver(String name, MediaTurns turns) {
        return MediaDriver.launch(
                turns.setUp(
                        new MediaDriver.Context()
                                .aeronDirectoryName(directory.resolve(name).toString())
                                .threadingMode(ThreadingMode.INVOKER)
                                .dirDeleteOnShutdown(true)));
    }

    private static Aeron aeron(MediaDriver driver, MediaTurns turns) {
        return Aeron.connect(
                turns.setUp(
                        new Aeron.Context()
                                .aeronDirectoryName(driver.aeronDirectoryName())
                                .useConductorAgentInvoker(true)
                                .driverAgentInvoker(driver.sharedAgentInvoker())));
    }
}
