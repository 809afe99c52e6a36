package io.paxoslog.cli;

import io.paxoslog.core.Batch;
import io.paxoslog.log.JournalInspector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Plays faults at random on three real processes under load: kills, freezes, stops, clocks that
 * jump by weeks, forged datagrams, clients that are closed, interrupted and thrown in. Then reads
 * the journals: every acknowledged command once, in the slot of its reply, on every node. See
 * docs/testing.md.
 */
public final class RandomFaults {
    private static final int NODES = 3;
    private static final int CLIENTS = 3;
    private static final int MOST_DAYS = 400;

    private enum Fault {
        KILL,
        FREEZE,
        STOP,
        CLOCK,
        INTERRUPT,
        FORGERY
    }

    private final Random random;
    private final Map<Fault, Integer> played = new EnumMap<>(Fault.class);
    private final List<String> problems = new ArrayList<>();
    private final List<FaultyNode> nodes = new ArrayList<>();
    private final List<CarelessClient> clients = new ArrayList<>();
    private final List<Integer> ports;
    private final String addresses;
    private long longestGapNs;

    private RandomFaults(long seed, Path directory) {
        random = new Random(seed);
        ports = FreePorts.find(NODES);
        String members =
                IntStream.rangeClosed(1, NODES)
                        .mapToObj(id -> id + "=127.0.0.1:" + ports.get(id - 1))
                        .collect(Collectors.joining(","));
        List<String> settings =
                List.of("--segment-bytes", "16777216", "--retain-slots", Long.toString(1L << 40));
        for (int id = 1; id <= NODES; id++) {
            nodes.add(new FaultyNode(id, members, directory, settings));
        }
        nodes.forEach(FaultyNode::start);
        List<String> each = ports.stream().map(port -> "127.0.0.1:" + port).toList();
        addresses = String.join(",", each);
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new CarelessClient(i, each, seed));
        }
    }

    /** Arguments: seconds, and a seed (drawn and printed without one). */
    public static void main(String[] args) throws IOException {
        int seconds = Integer.parseInt(args[0]);
        long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
        System.out.println(
                "seed " + seed + (FaultyNode.hasClock() ? "" : ", clocks are as they are"));
        System.exit(run(seconds, seed, Files.createTempDirectory("random-faults")) ? 0 : 1);
    }

    /** Whether all was well; says on standard output what was not. */
    static boolean run(int seconds, long seed, Path directory) {
        RandomFaults faults = new RandomFaults(seed, directory);
        try {
            faults.play(TimeUnit.SECONDS.toNanos(seconds));
            faults.settle();
        } finally {
            faults.nodes.forEach(FaultyNode::close);
        }
        faults.compare();
        return faults.report(directory);
    }

    private void play(long durationNs) {
        awaitReplies();
        long endNs = System.nanoTime() + durationNs;
        while (System.nanoTime() - endNs < 0) {
            Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
            FaultyNode node = nodes.get(random.nextInt(NODES));
            play(fault, node);
            played.merge(fault, 1, Integer::sum);
            long beganNs = System.nanoTime();
            awaitReplies();
            longestGapNs = Math.max(longestGapNs, System.nanoTime() - beganNs);
            Pause.ms(random.nextInt(700));
        }
    }

    private void play(Fault fault, FaultyNode node) {
        switch (fault) {
            case KILL -> {
                node.kill();
                Pause.ms(random.nextInt(2_000));
                node.start();
            }
            case FREEZE -> {
                node.freeze();
                Pause.ms(random.nextInt(3_000));
                node.thaw();
            }
            case STOP -> {
                stop(node);
                Pause.ms(random.nextInt(1_000));
                node.start();
            }
            case CLOCK -> node.setClock(random.nextInt(2 * MOST_DAYS) - MOST_DAYS);
            case INTERRUPT -> clients.get(random.nextInt(CLIENTS)).interrupt();
            case FORGERY -> Forgery.send(ports, random, 2_000);
        }
    }

    private void stop(FaultyNode node) {
        boolean wasReady = node.wasReady();
        int exitCode = node.stop();
        if (wasReady && exitCode != 0) {
            problems.add("node " + node.id() + " stopped with exit code " + exitCode);
        }
    }

    /** Some commands are acknowledged again; nodes that ended by themselves are a problem. */
    private void awaitReplies() {
        long before = replies();
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (replies() < before + 100) {
            Pause.ms(10);
            if (System.nanoTime() - deadlineNs > 0) {
                problems.add("no command was acknowledged for a minute");
                return;
            }
        }
        for (FaultyNode node : nodes) {
            if (!node.isAlive()) {
                problems.add("node " + node.id() + " ended with exit code " + node.exitCode());
                node.start();
            }
        }
    }

    private long replies() {
        return clients.stream().mapToLong(CarelessClient::replies).sum();
    }

    private void settle() {
        clients.forEach(CarelessClient::close);
        clients.forEach(client -> problems.addAll(client.problems()));
        awaitLevel();
        for (FaultyNode node : nodes) {
            stop(node);
            problems.addAll(node.suspiciousLines());
        }
    }

    /** All nodes have applied the same, and have come to the same state. */
    private void awaitLevel() {
        Cli status = Cli.run("status", "--members", addresses, "--timeout", "60");
        if (status.exitCode() != 0) {
            problems.add("the nodes do not come together: " + status.err() + status.out());
        }
    }

    private void compare() {
        Map<Long, Long> acknowledged = new HashMap<>();
        clients.forEach(client -> acknowledged.putAll(client.acknowledged()));
        for (FaultyNode node : nodes) {
            CommandsInJournal held = new CommandsInJournal();
            JournalInspector.committed(node.directory(), (Batch batch) -> held.take(batch));
            problems.addAll(held.problemsWith(acknowledged, "node " + node.id()));
            problems.addAll(node.findings());
        }
    }

    private boolean report(Path directory) {
        long commands = clients.stream().mapToLong(client -> client.acknowledged().size()).sum();
        System.out.printf(
                "%,d commands acknowledged; longest time after a fault until 100 more were: %,d"
                        + " ms%n",
                commands, TimeUnit.NANOSECONDS.toMillis(longestGapNs));
        System.out.println("faults played: " + played);
        problems.forEach(problem -> System.out.println("PROBLEM: " + problem));
        System.out.println(
                problems.isEmpty()
                        ? "nothing was lost, nothing took effect twice"
                        : "files are in " + directory);
        return problems.isEmpty();
    }
}
