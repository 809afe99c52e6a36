package io.paxoslog.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.client.ClientError;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.PaxosSnapshots;
import io.paxoslog.client.SnapshotReport;
import io.paxoslog.core.Base;
import io.paxoslog.log.Backup;
import io.paxoslog.log.JournalInspector;
import io.paxoslog.log.JournalVerifier;
import io.paxoslog.log.Remains;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Real nodes founded on what is left of others: their state, a new cluster, no old sessions. */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class FoundedNodesTest {
    private static final int TIMEOUT_MS = 60_000;

    @TempDir Path directory;

    private final List<String> answered = new ArrayList<>();
    private Path old;
    private Path founded;

    @BeforeEach
    void namePlaces() throws IOException {
        old = Files.createDirectories(directory.resolve("old"));
        founded = Files.createDirectories(directory.resolve("founded"));
    }

    private void append(PaxosClient client, int count) {
        for (int i = 0; i < count; i++) {
            String command = "command-" + answered.size() + "-" + "x".repeat(4_000);
            long slot = client.append(command.getBytes(US_ASCII), TIMEOUT_MS).slot();
            answered.add(slot + " " + command);
        }
    }

    private long lastAnswered() {
        String last = answered.get(answered.size() - 1);
        return Long.parseLong(last.substring(0, last.indexOf(' ')));
    }

    private void assertApplied(TestNodes nodes) {
        nodes.awaitApplied(lastAnswered());
        for (int id = 1; id <= 3; id++) {
            assertThat(nodes.applied(id)).as("node " + id).isEqualTo(answered);
        }
    }

    private static boolean hasSnapshot(Path node, long from) {
        Path snapshots = node.resolve("snapshots");
        if (!Files.isDirectory(snapshots)) {
            return false;
        }
        try (Stream<Path> found = Files.list(snapshots)) {
            return found.map(path -> path.getFileName().toString())
                    .anyMatch(name -> name.length() == 20 && Long.parseLong(name) >= from);
        } catch (IOException e) {
            return false;
        }
    }

    private static long highestCommitIndex(TestNodes nodes) {
        return nodes.running().stream().mapToLong(PaxosNode::commitIndex).max().orElseThrow();
    }

    private static void restore(Path backup, TestNodes nodes) {
        for (int id = 1; id <= 3; id++) {
            try (Remains remains = Remains.ofBackup(backup)) {
                remains.found(nodes.directoryOf(id), id);
            }
        }
    }

    @Test
    void aBackupIsRestoredToNewNodesAndOldClientsDoNotGoOn() throws IOException {
        Path backup = directory.resolve("backup");
        TestNodes before = new TestNodes(old, 3, TestNodes.SMALL_FILES);
        TestNodes after = new TestNodes(founded, before.members(), TestNodes.SMALL_FILES);
        try (before;
                after) {
            before.startAll();
            try (PaxosClient client = PaxosClient.connect(before.addresses())) {
                append(client, 120);
                before.awaitApplied(lastAnswered());
                before.await("a snapshot", () -> hasSnapshot(before.directoryOf(1), 60));
                Backup.Taken taken = Backup.take(before.directoryOf(1), backup);
                // An election on a busy machine leaves a slot behind in which there is no command.
                assertThat(taken.report().commitIndex())
                        .isBetween(lastAnswered(), highestCommitIndex(before));
                List<String> kept = List.copyOf(answered);
                append(client, 5);
                before.stopAll();
                answered.clear();
                answered.addAll(kept);
                restore(backup, after);
                after.startAll();

                assertThatThrownBy(() -> client.append(new byte[10], TIMEOUT_MS))
                        .isInstanceOfSatisfying(
                                ClientException.class,
                                e -> assertThat(e.error()).isEqualTo(ClientError.SESSION_EXPIRED));
            }
            try (PaxosClient client = PaxosClient.connect(after.addresses())) {
                append(client, 10);
                assertApplied(after);
                after.stopAll();
                after.startAll();
                append(client, 110);
                after.await(
                        "a snapshot of the new cluster",
                        () -> hasSnapshot(after.directoryOf(2), lastAnswered() - 100));
                assertApplied(after);
                after.stopAll();
                after.startAll();
                append(client, 1);
            }
            assertApplied(after);
            after.stopAll();
            for (int id = 1; id <= 3; id++) {
                assertThat(JournalVerifier.verify(after.directoryOf(id)).findings()).isEmpty();
            }
        }
    }

    @Test
    void nodesThatWereNotFoundedYetComeBackAndAreFounded() throws IOException {
        TestNodes before = new TestNodes(old, 3, TestNodes.SMALL_FILES);
        TestNodes after = new TestNodes(founded, before.members(), TestNodes.SMALL_FILES);
        try (before;
                after) {
            before.startAll();
            try (PaxosClient client = PaxosClient.connect(before.addresses())) {
                append(client, 3);
            }
            before.awaitApplied(lastAnswered());
            before.stopAll();
            restore(before.directoryOf(1), after);
            after.start(1);
            after.start(2);
            after.awaitApplied(lastAnswered());
            List<SnapshotReport> reports =
                    PaxosSnapshots.take(
                            after.addresses().subList(0, 1),
                            PaxosSnapshots.ALL,
                            TIMEOUT_MS,
                            report -> {});
            assertThat(reports.get(0).reason()).contains("not founded yet");
            after.stopAll();
            after.startAll();
            try (PaxosClient client = PaxosClient.connect(after.addresses())) {
                append(client, 3);
            }
            assertApplied(after);
        }
    }

    /** Two of three are lost; the third had accepted what it could not have chosen alone. */
    @Test
    void ofOneSurvivorAlsoWhatItAcceptedIsRecovered() throws IOException {
        TestNodes before = new TestNodes(old, 3, TestNodes.SMALL_FILES);
        TestNodes after = new TestNodes(founded, before.members(), TestNodes.SMALL_FILES);
        try (before;
                after) {
            before.startAll();
            int leader;
            try (PaxosClient client = PaxosClient.connect(before.addresses())) {
                append(client, 3);
                before.awaitApplied(lastAnswered());
                leader = before.awaitLeader();
                before.stop(leader % 3 + 1);
                before.stop((leader + 1) % 3 + 1);
                byte[] tail = "tail".getBytes(US_ASCII);
                client.offer(new UnsafeBuffer(tail), 0, tail.length);
                Path journal = before.directoryOf(leader);
                before.await(
                        "what one node accepts",
                        () -> {
                            client.poll();
                            return accepted(journal) > lastAnswered();
                        });
                before.stopAll();
            }
            long last = accepted(before.directoryOf(leader));
            Path survivor = before.directoryOf(leader);
            Path other = before.directoryOf(leader % 3 + 1);
            assertThat(base(other).slot()).isLessThan(last);
            assertThat(base(survivor, other))
                    .isEqualTo(base(survivor))
                    .isEqualTo(base(other, survivor));
            assertThat(base(survivor).slot()).isEqualTo(last);
            for (int id = 1; id <= 3; id++) {
                try (Remains remains = Remains.ofSurvivors(List.of(survivor), false)) {
                    remains.found(after.directoryOf(id), id);
                }
            }
            after.startAll();
            try (PaxosClient client = PaxosClient.connect(after.addresses())) {
                answered.add(last + " tail");
                append(client, 3);
            }
            assertApplied(after);
        }
    }

    private static Base base(Path... survivors) {
        try (Remains remains = Remains.ofSurvivors(List.of(survivors), false)) {
            return remains.base();
        }
    }

    private static long accepted(Path node) {
        long[] last = new long[1];
        JournalInspector.inspect(
                node,
                (entry, batch) ->
                        last[0] = batch == null ? last[0] : Math.max(last[0], batch.lastSlot()));
        return last[0];
    }
}
