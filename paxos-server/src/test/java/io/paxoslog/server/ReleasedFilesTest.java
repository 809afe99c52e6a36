package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.NodeReport;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.PaxosStatus;
import io.paxoslog.client.PaxosVersions;
import io.paxoslog.core.Version;
import io.paxoslog.log.JournalVerifier;
import io.paxoslog.service.LogStateMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Directories that released builds wrote are read, verified and gone on with, for ever. Each is a
 * cluster of one node, with a decision and two snapshots; docs/testing.md says how one is made.
 */
@Timeout(120)
class ReleasedFilesTest {
    private static final int TIMEOUT_MS = 60_000;
    private static final Map<Setting<?>, Object> SETTINGS =
            Map.of(
                    Settings.SEGMENT_BYTES, 4 << 20,
                    Settings.BATCH_BYTES, 64 << 10,
                    Settings.COMMAND_BYTES, 16 << 10);

    @TempDir Path directory;

    private static void unpack(String name, Path to) throws IOException {
        try (InputStream in = ReleasedFilesTest.class.getResourceAsStream(name);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = to.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "released-journal-4.zip")
    void areReadVerifiedAndGoneOnWith(String name) throws IOException {
        TestNodes nodes = new TestNodes(directory, 1, SETTINGS);
        unpack(name, nodes.directoryOf(1));
        assertThat(JournalVerifier.verify(nodes.directoryOf(1)).isWell()).isTrue();

        try (PaxosNode node = PaxosLog.launch(nodes.config(1), new LogStateMachine())) {
            nodes.await("all of it applied", () -> node.appliedIndex() >= 11);
            NodeReport report = PaxosStatus.ask(nodes.addresses(), TIMEOUT_MS).get(0);
            assertThat(report.limits().sessions()).isEqualTo(1000);
            assertThat(report.limitsDecidedAt()).isEqualTo(5);
            assertThat(report.storage().snapshotSlot()).isGreaterThanOrEqualTo(8);
            append(nodes);
        }

        assertThat(JournalVerifier.verify(nodes.directoryOf(1)).isWell()).isTrue();
        try (PaxosNode node = PaxosLog.launch(nodes.config(1), new LogStateMachine())) {
            nodes.await("applied again", () -> node.appliedIndex() > 11);
            assertThat(PaxosVersions.ask(nodes.addresses(), TIMEOUT_MS).get(0).agreed())
                    .isEqualTo(Version.FIRST);
        }
    }

    private static void append(TestNodes nodes) {
        byte[] pear = "pear".getBytes(StandardCharsets.US_ASCII);
        try (PaxosClient client =
                PaxosClient.connect(
                        ClientConfig.of(nodes.addresses())
                                .withConnectTimeout(Duration.ofMillis(TIMEOUT_MS)),
                        (sequence, slot, reply, offset, length) -> {})) {
            while (client.offer(new UnsafeBuffer(pear), 0, pear.length) <= 0) {
                client.poll();
            }
            assertThat(client.drain(TIMEOUT_MS)).isTrue();
        }
    }
}
