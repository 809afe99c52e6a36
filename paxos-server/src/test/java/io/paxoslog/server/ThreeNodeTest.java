package io.paxoslog.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.PaxosClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes on loopback with real Aeron and real files: what was answered is in every log, once. */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class ThreeNodeTest {
    private static final int TIMEOUT_MS = 60_000;

    /** Long, for machines that are busy with other things. */
    private static final Map<Setting<?>, Object> PATIENT =
            Map.of(Settings.ELECTION_TIMEOUT_MS, 600, Settings.HEARTBEAT_MS, 100);

    @TempDir Path directory;

    private final List<String> answered = new ArrayList<>();

    @Test
    void losesNothingWhenTheLeaderStopsAndComesBack() {
        try (TestNodes nodes = new TestNodes(directory, 3, PATIENT)) {
            nodes.startAll();
            int leader = nodes.awaitLeader();
            try (PaxosClient client = PaxosClient.connect(nodes.addresses())) {
                append(client, "before", 200);
                nodes.stop(leader);
                append(client, "without", 200);
                assertThat(nodes.awaitLeader()).isNotEqualTo(leader);
                nodes.start(leader);
                append(client, "after", 200);
                nodes.awaitLeader();
                nodes.awaitApplied(lastAnswered());
            }
            for (PaxosNode node : nodes.running()) {
                assertThat(nodes.applied(node.id())).as("node " + node.id()).isEqualTo(answered);
            }
        }
    }

    @Test
    void losesNothingWhenAllStopAndComeBack() {
        try (TestNodes nodes = new TestNodes(directory, 3, PATIENT)) {
            nodes.startAll();
            try (PaxosClient client = PaxosClient.connect(nodes.addresses())) {
                append(client, "first", 300);
            }
            for (int id = 1; id <= 3; id++) {
                nodes.stop(id);
            }
            nodes.startAll();
            try (PaxosClient client = PaxosClient.connect(nodes.addresses())) {
                append(client, "second", 300);
                nodes.awaitApplied(lastAnswered());
            }
            for (int id = 1; id <= 3; id++) {
                assertThat(nodes.applied(id)).isEqualTo(answered);
            }
        }
    }

    @Test
    void aNodeThatMissedMuchCatchesUpFromTheJournal() {
        try (TestNodes nodes = new TestNodes(directory, 3, PATIENT)) {
            nodes.startAll();
            int leader = nodes.awaitLeader();
            int late = leader % 3 + 1;
            nodes.awaitApplied(1);
            nodes.stop(late);
            try (PaxosClient client = PaxosClient.connect(nodes.addresses())) {
                // More than one burst of catch-up holds.
                append(client, "x".repeat(8_000), 200);
                nodes.start(late);
                append(client, "after", 20);
            }
            nodes.awaitApplied(lastAnswered());
            assertThat(nodes.applied(late)).isEqualTo(answered);
        }
    }

    @ParameterizedTest
    @EnumSource(Threads.class)
    void runsOnOneThreadAndOnSeveral(Threads threads) {
        Map<Setting<?>, Object> settings =
                Map.of(
                        Settings.THREADS,
                        threads.name().toLowerCase(Locale.ROOT),
                        Settings.DURABILITY,
                        "async",
                        Settings.ELECTION_TIMEOUT_MS,
                        600);
        try (TestNodes nodes = new TestNodes(directory, 3, settings)) {
            nodes.startAll();
            try (PaxosClient client = PaxosClient.connect(nodes.addresses())) {
                append(client, "command", 50);
            }
            nodes.awaitApplied(lastAnswered());
            for (int id = 1; id <= 3; id++) {
                assertThat(nodes.applied(id)).isEqualTo(answered);
            }
        }
    }

    @Test
    void oneNodeIsAClusterToo() {
        try (TestNodes nodes = new TestNodes(directory, 1, PATIENT)) {
            nodes.startAll();
            try (PaxosClient client = PaxosClient.connect(nodes.addresses())) {
                append(client, "alone", 100);
            }
            nodes.awaitApplied(lastAnswered());
            assertThat(nodes.applied(1)).isEqualTo(answered);
        }
    }

    @Test
    void aStoppedNodeMayStillBeAsked() throws InterruptedException {
        try (TestNodes nodes = new TestNodes(directory, 1, PATIENT)) {
            PaxosNode node = nodes.start(1);
            nodes.awaitApplied(1);
            nodes.stop(1);
            // Its counters are gone with the media driver; reading them would end the process.
            assertThat(node.appliedIndex()).isPositive();
            assertThat(node.commitIndex()).isPositive();
            assertThat(node.role()).isNotNull();
            assertThat(node.leader()).isNotNegative();
            assertThat(node.isRunning()).isFalse();
            assertThat(node.awaitStop()).isEmpty();
        }
    }

    private void append(PaxosClient client, String text, int count) {
        for (int i = 0; i < count; i++) {
            String command = text + "-" + i;
            long slot = client.append(command.getBytes(US_ASCII), TIMEOUT_MS).slot();
            answered.add(slot + " " + command);
        }
    }

    private long lastAnswered() {
        String last = answered.get(answered.size() - 1);
        return Long.parseLong(last.substring(0, last.indexOf(' ')));
    }
}
