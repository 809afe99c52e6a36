package io.paxoslog.cli;

import io.paxoslog.client.PaxosStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Three real processes, and what is done to them: the leader is killed with {@code kill -9} and
 * started again, any one is frozen, or both that do not lead. Wall clocks are set by an hour where
 * {@code -Dfaults.clock} names what is built from .ci/other-clock.c, and one is cut off from the
 * others, but not from clients, where {@code -Dfaults.network} names what is built from
 * .ci/cut-off.c.
 *
 * <p>{@code -Dfaults.freezeMs} says how long they stand still, more or less; {@code -Dfaults.seed}
 * what is drawn.
 */
final class ClusterFaults implements AutoCloseable {
    /** What is drawn by this, and by whoever plays along. */
    static final long SEED = Long.getLong("faults.seed", System.nanoTime());

    private static final String CLOCK = System.getProperty("faults.clock");
    private static final String NETWORK = System.getProperty("faults.network");
    private static final int FREEZE_MS = Integer.getInteger("faults.freezeMs", 1_500);
    private static final int LONGEST_DOWN_MS = 1_000;
    private static final int NODES = 3;
    private static final int ANSWER_MS = 500;
    private static final List<String> FLAGS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final ClusterProcesses cluster;
    private final Path directory;
    private final Random random = new Random(SEED);
    private int kills;
    private int freezes;
    private int clocks;
    private int cuts;

    /** Starts them. */
    ClusterFaults(Path directory, List<String> settings) throws IOException {
        this.directory = directory;
        cluster = new ClusterProcesses(NODES, directory, FLAGS, settings);
        try {
            for (NodeProcess node : cluster.nodes()) {
                letBeHarmed(node);
            }
            cluster.start();
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    List<String> addresses() {
        return cluster.addresses();
    }

    private void letBeHarmed(NodeProcess node) throws IOException {
        setClock(node, 0);
        cutOff(node, List.of());
        String harmful =
                Stream.of(CLOCK, NETWORK).filter(Objects::nonNull).collect(Collectors.joining(":"));
        if (!harmful.isEmpty()) {
            node.environment(
                    Map.of(
                            "LD_PRELOAD", harmful,
                            "CLOCK_FILE", clockOf(node).toString(),
                            "CUT_FILE", cutOf(node).toString()));
        }
    }

    private Path clockOf(NodeProcess node) {
        return directory.resolve("clock-" + node.id());
    }

    private void setClock(NodeProcess node, int hours) throws IOException {
        Files.writeString(clockOf(node), hours + "h");
    }

    private Path cutOf(NodeProcess node) {
        return directory.resolve("cut-" + node.id());
    }

    /** What it sends to these is lost. */
    private void cutOff(NodeProcess node, List<NodeProcess> others) throws IOException {
        String ports =
                others.stream()
                        .map(other -> addresses().get(other.id() - 1))
                        .map(address -> address.substring(address.indexOf(':') + 1))
                        .collect(Collectors.joining(" "));
        Files.writeString(cutOf(node), ports);
    }

    private NodeProcess any() {
        return cluster.node(1 + random.nextInt(NODES));
    }

    /** One fault after the other, for so long or until somebody has seen enough. */
    void play(int seconds, BooleanSupplier isOver) throws IOException, InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() - endNs < 0 && !isOver.getAsBoolean()) {
            Thread.sleep(1_000 + random.nextInt(2_000));
            if (CLOCK != null && random.nextInt(3) > 0) {
                setClock(any(), random.nextInt(3) - 1);
                clocks++;
            }
            NodeProcess leader = leader();
            if (NETWORK != null && random.nextInt(3) == 0) {
                cut(leader != null && random.nextBoolean() ? leader : any());
            } else if (leader != null && random.nextBoolean()) {
                leader.kill();
                kills++;
                Thread.sleep(random.nextInt(LONGEST_DOWN_MS));
                leader.start();
                leader.awaitReady();
            } else if (leader != null && random.nextInt(4) == 0) {
                // It leads a minority, and its clients reach it.
                freeze(cluster.nodes().stream().filter(node -> node != leader).toList());
            } else {
                boolean isLeader = leader != null && random.nextInt(3) > 0;
                freeze(List.of(isLeader ? leader : any()));
            }
        }
    }

    /** Both ways, or one of them only. */
    private void cut(NodeProcess node) throws IOException, InterruptedException {
        List<NodeProcess> others = cluster.nodes().stream().filter(it -> it != node).toList();
        int ways = random.nextInt(4);
        boolean isHeard = ways == 0;
        boolean hears = ways == 1;
        cutOff(node, isHeard ? List.of() : others);
        for (NodeProcess other : others) {
            cutOff(other, hears ? List.of() : List.of(node));
        }
        cuts++;
        letPass();
        for (NodeProcess healed : cluster.nodes()) {
            cutOff(healed, List.of());
        }
    }

    /** How long faults last that end by themselves. */
    private void letPass() throws InterruptedException {
        Thread.sleep(FREEZE_MS / 3 + random.nextInt(FREEZE_MS));
    }

    private void freeze(List<NodeProcess> nodes) throws IOException, InterruptedException {
        for (NodeProcess node : nodes) {
            signal("STOP", node.pid());
        }
        freezes++;
        letPass();
        for (NodeProcess node : nodes) {
            signal("CONT", node.pid());
        }
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor();
    }

    /** Null when nobody says so. */
    private NodeProcess leader() {
        return PaxosStatus.ask(addresses(), ANSWER_MS).stream()
                .filter(report -> report.isReachable() && report.leader() == report.node())
                .findFirst()
                .map(report -> cluster.node(report.node()))
                .orElse(null);
    }

    /** How often nodes were killed, frozen or cut off. */
    int count() {
        return kills + freezes + cuts;
    }

    @Override
    public String toString() {
        return "%d kills, %d freezes, %d cuts, %d clocks set"
                .formatted(kills, freezes, cuts, clocks);
    }

    @Override
    public void close() {
        cluster.close();
    }
}
