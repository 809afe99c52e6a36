package io.paxoslog.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.NodeReport;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.PaxosStatus;
import io.paxoslog.service.MapFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of real processes: what they hold, and how they are sent over kills of either end. */
@Tag("process")
class SnapshotProcessesTest {
    private static final int LATE = 3;
    private static final int KEYS = 1_000;
    private static final byte[] VALUE = "v".repeat(4_000).getBytes(US_ASCII);
    private static final int TIMEOUT_MS = 60_000;
    private static final int ANSWER_MS = 500;
    private static final int PATIENCE_S = 60;
    private static final Pattern COMPLETE = Pattern.compile("\\d{20}");

    /** A state of four megabytes, sent in some four seconds. */
    private static final List<String> SETTINGS =
            List.of(
                    "--app",
                    "map",
                    "--command-bytes",
                    "8192",
                    "--batch-bytes",
                    "16384",
                    "--segment-bytes",
                    "262144",
                    "--snapshot-slots",
                    "200",
                    "--retain-bytes",
                    "0",
                    "--cursor-bytes",
                    "0",
                    "--snapshot-send-bytes",
                    "1048576");

    @TempDir private Path directory;

    private final Map<Integer, FaultyNode> nodes = new TreeMap<>();
    private final Map<Integer, String> addresses = new TreeMap<>();

    @BeforeEach
    void start() {
        List<Integer> ports = FreePorts.find(3);
        IntStream.rangeClosed(1, 3)
                .forEach(id -> addresses.put(id, "127.0.0.1:" + ports.get(id - 1)));
        String members =
                addresses.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .collect(Collectors.joining(","));
        for (int id : addresses.keySet()) {
            nodes.put(id, new FaultyNode(id, members, directory, SETTINGS));
        }
        nodes.values().forEach(FaultyNode::start);
    }

    @AfterEach
    void end() {
        nodes.values().forEach(FaultyNode::close);
    }

    @Test
    void allNodesHaveTheSameSnapshotOfASlot() throws IOException {
        put(KEYS);
        awaitLevel();
        for (String address : addresses.values()) {
            assertThat(Cli.run("snapshot", "--members", address).exitCode()).isZero();
        }
        stopAll();

        Map<String, Long> first = newestSnapshotOf(nodes.get(1));
        assertThat(first.keySet())
                .anyMatch(name -> name.endsWith("/manifest"))
                .hasSizeGreaterThan(10);
        assertThat(newestSnapshotOf(nodes.get(2))).isEqualTo(first);
        assertThat(newestSnapshotOf(nodes.get(3))).isEqualTo(first);
    }

    /** What took effect is each node's own to know, and is sent to nobody. */
    private static Map<String, Long> newestSnapshotOf(FaultyNode node) throws IOException {
        SortedMap<String, Long> content =
                Processes.contentOf(node.directory().resolve("snapshots"));
        content.keySet().removeIf(name -> name.endsWith("/effects"));
        String last = content.lastKey();
        return content.tailMap(last.substring(0, last.indexOf('/')));
    }

    @Test
    void aTransferGoesOnWhicheverEndIsKilled() throws IOException {
        put(1);
        awaitLevel();
        nodes.get(LATE).kill();
        put(KEYS);
        await("compacted journals", () -> isCompacted(1) && isCompacted(2));
        nodes.get(LATE).start();

        killAt(LATE, 1);
        killAt(1, 25);
        killAt(2, 40);
        killAt(LATE, 60);
        killAt(1, 75);
        killAt(2, 80);
        killAt(LATE, 95);
        awaitLevel();

        String said = String.join("\n", nodes.get(LATE).lines());
        assertThat(said).contains("is here, whole");
        stopAll();
        for (FaultyNode node : nodes.values()) {
            assertThat(node.findings()).isEmpty();
            assertThat(node.suspiciousLines()).isEmpty();
        }
    }

    private void put(int keys) {
        ClientConfig patient =
                ClientConfig.of(List.copyOf(addresses.values()))
                        .withTimeouts(250, 1_000, TIMEOUT_MS);
        try (PaxosClient client =
                PaxosClient.connect(patient, (sequence, slot, reply, offset, length) -> {})) {
            for (int i = 0; i < keys; i++) {
                client.append(MapFormat.put(("k" + i).getBytes(US_ASCII), VALUE), TIMEOUT_MS);
            }
        }
    }

    private boolean isCompacted(int id) {
        return Files.notExists(nodes.get(id).directory().resolve("journal/00000002"));
    }

    /** Kills a node once so much of the snapshot has come, and starts it again. */
    private void killAt(int id, int percent) {
        await(percent + " % of the snapshot", () -> percentReceived() >= percent);
        int before = percentReceived();
        nodes.get(id).kill();
        nodes.get(id).start();
        System.out.println("node " + id + " killed at " + before + " %");
        await("node " + id + " is ready", nodes.get(id)::wasReady);
        await("what had come is there", () -> percentReceived() >= before - 10);
    }

    /** Of what is being received; all of it once that is in its place. */
    private int percentReceived() {
        long bytes = 0;
        try (Stream<Path> all = Files.walk(nodes.get(LATE).directory().resolve("snapshots"))) {
            for (Path path : all.toList()) {
                if (COMPLETE.matcher(path.getFileName().toString()).matches()) {
                    return 100;
                }
                bytes += path.getParent().toString().endsWith(".part") ? Files.size(path) : 0;
            }
        } catch (IOException | UncheckedIOException e) {
            // Something was just moved, or nothing has come yet.
            return 0;
        }
        return (int) Math.min(99, 100 * bytes / ((long) KEYS * VALUE.length));
    }

    private void awaitLevel() {
        await(
                "all nodes are level",
                () -> {
                    List<NodeReport> reports =
                            PaxosStatus.ask(List.copyOf(addresses.values()), ANSWER_MS);
                    return reports.stream().allMatch(NodeReport::isReachable)
                            && reports.stream().mapToLong(NodeReport::applied).distinct().count()
                                    == 1
                            && reports.stream().map(NodeReport::appliedHash).distinct().count()
                                    == 1;
                });
    }

    private void stopAll() {
        nodes.values().forEach(node -> assertThat(node.stop()).isZero());
    }

    private static void await(String what, BooleanSupplier isSo) {
        Deadline deadline = new Deadline(PATIENCE_S);
        while (!isSo.getAsBoolean()) {
            assertThat(deadline.isOver()).as(what).isFalse();
            Pause.ms(10);
        }
    }
}
