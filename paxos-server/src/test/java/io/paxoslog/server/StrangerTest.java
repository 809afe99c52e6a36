package io.paxoslog.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.PaxosClient;
import io.paxoslog.media.HostNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Nodes and noise that do not belong: they change nothing, and a node that finds out says so. */
@Timeout(180)
@Isolated
class StrangerTest {
    private static final int TIMEOUT_MS = 60_000;
    private static final Map<Setting<?>, Object> PATIENT =
            Map.of(Settings.ELECTION_TIMEOUT_MS, 600, Settings.HEARTBEAT_MS, 100);

    @TempDir Path directory;

    @Test
    void aNodeWhoseDirectoryWasEmptiedStopsEachTimeItIsStarted() throws InterruptedException {
        try (TestNodes nodes = new TestNodes(directory, 3, PATIENT)) {
            nodes.startAll();
            int leader = nodes.awaitLeader();
            int emptied = leader % 3 + 1;
            nodes.awaitApplied(1);
            nodes.stop(emptied);
            IoUtil.delete(nodes.directoryOf(emptied).toFile(), false);
            for (int start = 1; start <= 2; start++) {
                PaxosNode stranger = nodes.start(emptied);
                assertThat(stranger.awaitStop()).contains("node " + emptied).doesNotContain("\n");
                nodes.stop(emptied);
            }
            append(nodes);
        }
    }

    @Test
    void aNodeOfAnotherClusterWarnsWaitsAndLeavesTheOthersAlone() throws InterruptedException {
        Path foreign = directory.resolve("foreign");
        try (TestNodes others = new TestNodes(foreign, 3, PATIENT);
                TestNodes nodes = new TestNodes(directory, 3, PATIENT)) {
            others.startAll();
            others.awaitLeader();
            others.awaitApplied(1);
            others.stopAll();
            nodes.startAll();
            nodes.awaitLeader();
            nodes.awaitApplied(1);
            nodes.stop(2);
            NodeConfig config =
                    NodeConfig.builder()
                            .set(Settings.ID, 2)
                            .set(Settings.MEMBERS, nodes.members())
                            .set(Settings.DIR, others.directoryOf(2))
                            .build();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            NodeLog log = new NodeLog(new PrintStream(out, true, UTF_8), 2);
            try (PaxosNode foreigner =
                    NodeBuilder.launch(config, new RecordingStateMachine(), log, new HostNames())) {
                awaitText(out, "warning: not heard: somebody speaks as node");
                long before = foreigner.commitIndex();
                append(nodes);
                assertThat(foreigner.isRunning()).isTrue();
                assertThat(foreigner.commitIndex()).isEqualTo(before);
            }
        }
    }

    private static void awaitText(ByteArrayOutputStream out, String text)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
        while (!out.toString(UTF_8).contains(text)) {
            assertThat(System.nanoTime()).as(out.toString(UTF_8)).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    @Test
    void noiseOnEveryPortChangesNothing() throws IOException {
        try (TestNodes nodes = new TestNodes(directory, 3, PATIENT)) {
            nodes.startAll();
            nodes.awaitLeader();
            sendNoise(nodes);
            append(nodes);
            assertThat(nodes.running()).allMatch(PaxosNode::isRunning);
        }
    }

    private static void sendNoise(TestNodes nodes) throws IOException {
        Random random = new Random(42);
        try (DatagramChannel channel = DatagramChannel.open()) {
            for (int i = 0; i < 3_000; i++) {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                if (noise.length > 8 && i % 2 == 0) {
                    // Looks like a data frame of the transport, as far as the first bytes go.
                    noise[4] = 0;
                    noise[6] = 1;
                    noise[7] = 0;
                }
                for (Member member : nodes.config(1).members()) {
                    int port = member.port() + i % Member.PORTS;
                    channel.send(
                            ByteBuffer.wrap(noise),
                            new InetSocketAddress(InetAddress.getByName(member.host()), port));
                }
            }
        }
    }

    private static void append(TestNodes nodes) {
        try (PaxosClient client = PaxosClient.connect(nodes.addresses())) {
            assertThat(client.append("pear".getBytes(US_ASCII), TIMEOUT_MS).slot()).isPositive();
        }
    }

    @Test
    void aDeadMediaDriverStopsItsNode() throws InterruptedException {
        Map<Setting<?>, Object> settings =
                Map.of(Settings.THREADS, "two", Settings.ELECTION_TIMEOUT_MS, 600);
        try (TestNodes nodes = new TestNodes(directory, 1, settings)) {
            // Tests before may have left some.
            Set<Thread> others = Thread.getAllStackTraces().keySet();
            PaxosNode node = nodes.start(1);
            nodes.awaitLeader();
            Thread driver =
                    Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> !others.contains(thread))
                            .filter(thread -> thread.getName().contains("conductor"))
                            .findAny()
                            .orElseThrow();
            driver.interrupt();
            assertThat(node.awaitStop()).contains("media driver").doesNotContain("\n");
        }
    }
}
