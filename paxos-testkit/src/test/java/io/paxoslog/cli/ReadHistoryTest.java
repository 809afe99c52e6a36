package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.PaxosStatus;
import io.paxoslog.client.ReadMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients read and write a map on three real processes, of which the leader is killed with {@code
 * kill -9} and any one is frozen, again and again; then all that they saw is checked.
 *
 * <p>The long run: {@code mvn verify -pl paxos-testkit -am -Dtest=ReadHistoryTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dreads.seconds=600 -Dreads.clients=5 -Dreads.sessions=4
 * -Dreads.freezeMs=15000 -Dreads.clock=$PWD/other-clock.so}; one kind only with {@code
 * -Dreads.mode=QUORUM}. What {@code reads.clock} names is built from .ci/other-clock.c.
 */
@Tag("process")
class ReadHistoryTest {
    private static final int SECONDS = Integer.getInteger("reads.seconds", 12);
    private static final int CLIENTS = Integer.getInteger("reads.clients", 3);
    private static final int SESSIONS = Integer.getInteger("reads.sessions", 1);
    private static final String CLOCK = System.getProperty("reads.clock");
    private static final int FREEZE_MS = Integer.getInteger("reads.freezeMs", 1_500);
    private static final long SEED = Long.getLong("reads.seed", System.nanoTime());
    private static final List<ReadMode> MODES =
            Stream.of(
                            System.getProperty(
                                    "reads.mode", "LOG,READ_INDEX,FOLLOWER,QUORUM,AT_LEAST,STALE"))
                    .flatMap(names -> Stream.of(names.split(",", -1)))
                    .map(ReadMode::valueOf)
                    .toList();
    private static final List<String> FLAGS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    private static final List<String> SETTINGS =
            List.of("--app", "map", "--segment-bytes", "4194304", "--snapshot-slots", "2000");

    private final ReadHistory history = new ReadHistory();
    private final Random random = new Random(SEED);
    private int kills;
    private int freezes;
    private int clocks;

    @Test
    void whatClientsSeeIsLinearizable(@TempDir Path directory) throws Exception {
        System.out.println("seed " + SEED + ", reads " + MODES);
        int sessions = CLIENTS * SESSIONS;
        try (ClusterProcesses cluster = new ClusterProcesses(3, directory, FLAGS, SETTINGS)) {
            for (NodeProcess node : cluster.nodes()) {
                letClockBeSet(directory, node);
            }
            cluster.start();
            List<ReadingClient> clients = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                clients.add(
                        new ReadingClient(
                                i, sessions, cluster.addresses(), MODES, history, SEED + i));
            }
            try {
                play(cluster, directory);
            } finally {
                clients.forEach(ReadingClient::end);
            }
            clients.forEach(ReadingClient::join);
            for (ReadingClient client : clients) {
                assertThat(client.failure()).isNull();
            }
        }
        System.out.printf(
                "%d kills, %d freezes, %d clocks set; %s%n", kills, freezes, clocks, history);
        assertThat(history.problems()).isEmpty();
        assertThat(history.operations()).isGreaterThan(SECONDS * sessions);
        assertThat(kills + freezes).isPositive();
    }

    private static void letClockBeSet(Path directory, NodeProcess node) throws Exception {
        if (CLOCK != null) {
            Path clock = clockOf(directory, node);
            Files.writeString(clock, "0h");
            node.environment(Map.of("LD_PRELOAD", CLOCK, "CLOCK_FILE", clock.toString()));
        }
    }

    private static Path clockOf(Path directory, NodeProcess node) {
        return directory.resolve("clock-" + node.id());
    }

    private void play(ClusterProcesses cluster, Path directory) throws Exception {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() - endNs < 0) {
            Thread.sleep(1_000 + random.nextInt(2_000));
            if (CLOCK != null && random.nextInt(3) > 0) {
                NodeProcess node = cluster.node(1 + random.nextInt(3));
                Files.writeString(clockOf(directory, node), (random.nextInt(3) - 1) + "h");
                clocks++;
            }
            NodeProcess leader = leaderOf(cluster);
            if (leader != null && random.nextBoolean()) {
                leader.kill();
                kills++;
                Thread.sleep(random.nextInt(1_000));
                leader.start();
                leader.awaitReady();
            } else if (leader != null && random.nextInt(4) == 0) {
                // It leads a minority, and its clients reach it.
                freeze(cluster.nodes().stream().filter(node -> node != leader).toList());
            } else {
                boolean isLeader = leader != null && random.nextInt(3) > 0;
                freeze(List.of(isLeader ? leader : cluster.node(1 + random.nextInt(3))));
            }
        }
    }

    private void freeze(List<NodeProcess> nodes) throws Exception {
        for (NodeProcess node : nodes) {
            signal("STOP", node.pid());
        }
        freezes++;
        Thread.sleep(FREEZE_MS / 3 + random.nextInt(FREEZE_MS));
        for (NodeProcess node : nodes) {
            signal("CONT", node.pid());
        }
    }

    private static void signal(String name, long pid) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor();
    }

    /** Null when nobody says so. */
    private static NodeProcess leaderOf(ClusterProcesses cluster) {
        return PaxosStatus.ask(cluster.addresses(), 500).stream()
                .filter(report -> report.isReachable() && report.leader() == report.node())
                .findFirst()
                .map(report -> cluster.node(report.node()))
                .orElse(null);
    }
}
