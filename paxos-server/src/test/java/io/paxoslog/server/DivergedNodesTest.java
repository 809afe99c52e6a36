package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.NodeReport;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.PaxosStatus;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import io.paxoslog.service.StateView;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** State machines on real nodes that look at the wall clock, as none may. */
@Timeout(240)
@Isolated
class DivergedNodesTest {
    private static final int TIMEOUT_MS = 60_000;
    private static final int STEP = 65_536;

    private static final Map<Setting<?>, Object> SETTINGS = Map.of(Settings.SNAPSHOT_SLOTS, 20_000);

    @TempDir Path directory;

    private final Set<Integer> looksAtTheClock = ConcurrentHashMap.newKeySet();
    private final List<Clocked> machines = new CopyOnWriteArrayList<>();

    /** Adds up what it is given, and the time of day where it is told to. */
    private final class Clocked implements StateMachine {
        private final int node;
        private volatile long sum;

        Clocked(int node) {
            this.node = node;
            machines.add(this);
        }

        @Override
        public void apply(Entry entry, Reply reply) {
            long clock = looksAtTheClock.contains(node) ? System.nanoTime() : 0;
            sum = sum * 31 + entry.slot() + clock;
        }

        @Override
        public long stateHash() {
            return sum;
        }

        @Override
        public StateView view() {
            long seen = sum;
            return out -> new DataOutputStream(out).writeLong(seen);
        }

        @Override
        public void restore(InputStream in) throws IOException {
            sum = new DataInputStream(in).readLong();
        }
    }

    private static void append(TestNodes nodes, int commands) {
        UnsafeBuffer command = new UnsafeBuffer(new byte[] {1});
        try (PaxosClient client =
                PaxosClient.connect(
                        ClientConfig.of(nodes.addresses())
                                .withConnectTimeout(Duration.ofMillis(TIMEOUT_MS)),
                        (sequence, slot, reply, offset, length) -> {})) {
            int offered = 0;
            while (offered < commands) {
                offered += client.offer(command, 0, 1) > 0 ? 1 : 0;
                client.poll();
            }
            assertThat(client.drain(TIMEOUT_MS)).isTrue();
        }
    }

    private long sumOf(int node) {
        Clocked newest = null;
        for (Clocked machine : machines) {
            newest = machine.node == node ? machine : newest;
        }
        return newest.sum;
    }

    private List<Long> haltedAt(TestNodes nodes) {
        List<Long> halted = new ArrayList<>();
        nodes.running().forEach(node -> halted.add(node.haltedAt()));
        return halted;
    }

    @Test
    void oneThatDiffersHaltsVotesOnAndComesBackEqual() {
        try (TestNodes nodes = new TestNodes(directory, 3, SETTINGS)) {
            nodes.startAllAgainAndAgain(Clocked::new);
            int odd = nodes.awaitLeader() % 3 + 1;
            append(nodes, STEP);
            nodes.awaitApplied(STEP);
            looksAtTheClock.add(odd);
            append(nodes, 10);
            looksAtTheClock.remove(odd);

            append(nodes, STEP);
            nodes.await("the alarm", () -> haltedAt(nodes).get(odd - 1) == STEP + 1);
            assertThat(haltedAt(nodes)).filteredOn(slot -> slot == 0).hasSize(2);
            assertThat(nodes.running().get(odd - 1).isRunning()).isTrue();

            // Until the others have taken snapshots above.
            append(nodes, 30_000);
            nodes.await("going on", () -> haltedAt(nodes).get(odd - 1) == 0);
            nodes.awaitApplied(nodes.running().get(odd % 3).commitIndex());
            nodes.await("equal sums", () -> sumOf(odd) == sumOf(odd % 3 + 1));
            append(nodes, 40_000);
            nodes.await("all applied", () -> sumOf(odd) == sumOf(odd % 3 + 1));
            assertThat(haltedAt(nodes)).containsOnly(0L);
        }
    }

    @Test
    void whereAllDifferAllHalt() {
        looksAtTheClock.addAll(List.of(1, 2, 3));
        try (TestNodes nodes = new TestNodes(directory, 3, SETTINGS)) {
            nodes.startAllAgainAndAgain(Clocked::new);
            nodes.awaitLeader();
            append(nodes, STEP - 100);
            appendUnanswered(nodes, 200);

            nodes.await("three halts", () -> haltedAt(nodes).stream().allMatch(at -> at == 1));
            assertThat(nodes.running()).allMatch(PaxosNode::isRunning);
            assertThat(PaxosStatus.ask(nodes.addresses(), TIMEOUT_MS))
                    .extracting(NodeReport::haltedAt)
                    .containsOnly(1L);
        }
    }

    /** Some of these are never answered: nobody leads who could. */
    private static void appendUnanswered(TestNodes nodes, int commands) {
        UnsafeBuffer command = new UnsafeBuffer(new byte[] {1});
        try (PaxosClient client = PaxosClient.connect(nodes.addresses())) {
            for (int i = 0; i < commands; i++) {
                client.offer(command, 0, 1);
                client.poll();
            }
            client.drain(1_000);
        }
    }
}
