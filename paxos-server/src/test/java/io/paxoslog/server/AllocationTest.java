package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.PaxosClient;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In steady state a command costs no garbage, on the leader or a follower. */
@Timeout(240)
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 150_000;
    private static final int MEASURED = 100_000;

    /** What the seconds of a run cost whatever they carry: timers, and a file of the journal. */
    private static final double MOST_BYTES_A_COMMAND = 8;

    @TempDir Path directory;

    private long answered;

    @Test
    void aCommandAllocatesNothingOnTheReplicaThread() {
        Map<Setting<?>, Object> settings =
                Map.of(Settings.DURABILITY, "async", Settings.ELECTION_TIMEOUT_MS, 2_000);
        try (TestNodes nodes = new TestNodes(directory, 3, settings)) {
            nodes.startAll(() -> (entry, reply) -> reply.resize(0));
            ClientConfig config = ClientConfig.of(nodes.addresses()).withWindow(512);
            try (PaxosClient client = PaxosClient.connect(config, (q, s, r, o, l) -> answered++)) {
                append(client, WARM_UP);
                List<Long> before = allocatedByReplicas();
                append(client, MEASURED);
                List<Long> after = allocatedByReplicas();
                assertThat(before).hasSize(3);
                for (int i = 0; i < before.size(); i++) {
                    double bytes = (after.get(i) - before.get(i)) / (double) MEASURED;
                    assertThat(bytes).as("bytes a command").isLessThan(MOST_BYTES_A_COMMAND);
                }
            }
        }
    }

    private void append(PaxosClient client, int commands) {
        UnsafeBuffer command = new UnsafeBuffer(new byte[100]);
        long goal = answered + commands;
        int offered = 0;
        YieldingIdleStrategy idle = YieldingIdleStrategy.INSTANCE;
        while (answered < goal) {
            while (offered < commands && client.offer(command, 0, command.capacity()) > 0) {
                offered++;
            }
            idle.idle(client.poll());
        }
    }

    private static List<Long> allocatedByReplicas() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("paxos-node-"))
                .sorted((a, b) -> a.getName().compareTo(b.getName()))
                .map(thread -> THREADS.getThreadAllocatedBytes(thread.getId()))
                .toList();
    }
}
