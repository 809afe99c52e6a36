package io.paxoslog.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.PaxosClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Real nodes whose journals are too small for what they hold: snapshots stand for the rest. */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class SnapshotNodesTest {
    private static final int TIMEOUT_MS = 60_000;
    private static final int COMMANDS = 600;

    @TempDir Path directory;

    private final List<String> answered = new ArrayList<>();

    @Test
    void aNodeThatMissedWhatIsInNoJournalAnyMoreIsCaughtUpByASnapshot() throws IOException {
        try (TestNodes nodes = new TestNodes(directory, 3, TestNodes.SMALL_FILES)) {
            nodes.startAll();
            int late = nodes.awaitLeader() % 3 + 1;
            nodes.awaitApplied(1);
            nodes.stop(late);
            try (PaxosClient client = PaxosClient.connect(nodes.addresses())) {
                append(client, COMMANDS);
                nodes.await("a compacted journal", () -> isCompacted(nodes, late));
                nodes.start(late);
                append(client, 20);
            }
            nodes.awaitApplied(lastAnswered());
            assertThat(nodes.applied(late)).isEqualTo(answered);
            assertThat(snapshotsOf(nodes, late)).isNotEmpty();
        }
    }

    @Test
    void nodesStartFromTheirSnapshotsAndKnowEachCommandOnce() throws IOException {
        try (TestNodes nodes = new TestNodes(directory, 3, TestNodes.SMALL_FILES)) {
            nodes.startAll();
            try (PaxosClient client = PaxosClient.connect(nodes.addresses())) {
                append(client, COMMANDS);
                nodes.await("compacted journals", () -> isCompacted(nodes, 0));
                nodes.stopAll();
                nodes.startAll();
                // The client goes on with the session that the snapshots brought back.
                append(client, 20);
            }
            nodes.awaitApplied(lastAnswered());
            for (int id = 1; id <= 3; id++) {
                assertThat(nodes.applied(id)).as("node " + id).isEqualTo(answered);
            }
        }
    }

    private boolean isCompacted(TestNodes nodes, int but) {
        return Stream.of(1, 2, 3)
                .filter(id -> id != but)
                .noneMatch(id -> Files.exists(journalOf(nodes, id).resolve("00000002")));
    }

    private static Path journalOf(TestNodes nodes, int id) {
        return nodes.directoryOf(id).resolve("journal");
    }

    private static List<Path> snapshotsOf(TestNodes nodes, int id) throws IOException {
        try (Stream<Path> found = Files.list(nodes.directoryOf(id).resolve("snapshots"))) {
            return found.toList();
        }
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
}
