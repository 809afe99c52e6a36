package io.paxoslog.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a client at a steady rate notices while a cluster grows from three nodes to five and shrinks
 * again, has every node replaced in turn, and moves to three others: for each step how long it went
 * without a reply at most. Beside it a control, in which the same processes start and stop and ask,
 * and the members stay. Prints both, and the replies of each second.
 *
 * <p>No arguments. See docs/testing.md.
 */
public final class MoveMeasurement {
    private static final int FOUNDERS = 3;
    private static final int NODES = 11;
    private static final int PATIENCE_S = 120;
    private static final int WARM_UP_MS = 10_000;
    private static final int REST_MS = 3_000;
    private static final int DOT = 200;
    private static final List<String> SETTINGS =
            List.of("--app", "sequencer", "--segment-bytes", "16777216", "--open-slots", "4096");

    /** Nodes that come, and those that go for them. */
    private record Step(String name, List<Integer> come, List<Integer> go) {}

    private static final List<Step> STEPS =
            List.of(
                    new Step("add 4", List.of(4), List.of()),
                    new Step("add 5", List.of(5), List.of()),
                    new Step("remove 5", List.of(), List.of(5)),
                    new Step("remove 4", List.of(), List.of(4)),
                    new Step("replace 1 by 6", List.of(6), List.of(1)),
                    new Step("replace 2 by 7", List.of(7), List.of(2)),
                    new Step("replace 3 by 8", List.of(8), List.of(3)),
                    new Step("move to 9, 10, 11", List.of(9, 10, 11), List.of(6, 7, 8)));

    private final boolean isChanging;
    private final Path directory;
    private final List<Integer> ports = FreePorts.find(NODES);
    private final Map<Integer, FaultyNode> nodes = new TreeMap<>();
    private final List<Integer> members = new ArrayList<>();
    private final Map<String, Long> gapsMs = new LinkedHashMap<>();
    private final List<Long> perSecond = new ArrayList<>();
    private volatile long longestNs;
    private volatile boolean isOver;

    private MoveMeasurement(boolean isChanging, Path directory) {
        this.isChanging = isChanging;
        this.directory = directory;
        String founders =
                IntStream.rangeClosed(1, FOUNDERS)
                        .mapToObj(this::member)
                        .collect(Collectors.joining(","));
        for (int id = 1; id <= FOUNDERS; id++) {
            members.add(id);
            nodes.put(id, new FaultyNode(id, founders, directory, SETTINGS));
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        MoveMeasurement control = measure(false);
        MoveMeasurement changed = measure(true);
        System.out.println("longest time without a reply, in ms:");
        for (Step step : STEPS) {
            System.out.printf(
                    Locale.ROOT,
                    "%-18s %,6d   control %,6d%n",
                    step.name(),
                    changed.gapsMs.get(step.name()),
                    control.gapsMs.get(step.name()));
        }
        System.out.println("replies of each second, a dot for every " + DOT + ":");
        changed.plot();
        System.exit(0);
    }

    private static MoveMeasurement measure(boolean isChanging)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("paxoslog-move-");
        MoveMeasurement measurement = new MoveMeasurement(isChanging, directory);
        try {
            measurement.run();
        } finally {
            measurement.nodes.values().forEach(FaultyNode::close);
            Processes.delete(directory);
        }
        return measurement;
    }

    private String address(int id) {
        return "127.0.0.1:" + ports.get(id - 1);
    }

    private String member(int id) {
        return id + "=" + address(id);
    }

    private String addresses() {
        return members.stream().map(this::address).collect(Collectors.joining(","));
    }

    private void run() throws InterruptedException {
        nodes.values().forEach(FaultyNode::start);
        List<String> first = members.stream().map(this::address).toList();
        SteadyClient client = new SteadyClient(0, first);
        Thread watch = new Thread(() -> watch(client), "watch");
        watch.start();
        Pause.ms(WARM_UP_MS);
        for (Step step : STEPS) {
            longestNs = 0;
            play(step);
            Pause.ms(REST_MS);
            gapsMs.put(step.name(), TimeUnit.NANOSECONDS.toMillis(longestNs));
        }
        client.close();
        isOver = true;
        watch.join();
        SteadyClient.problemsOf(List.of(client))
                .forEach(it -> System.out.println("PROBLEM: " + it));
        System.out.printf(
                Locale.ROOT,
                "%s: %,d commands acknowledged, none failed%n",
                isChanging ? "changes" : "control",
                client.replies());
    }

    private void play(Step step) {
        for (int id : step.come()) {
            FaultyNode node = FaultyNode.joining(id, address(id), addresses(), directory, SETTINGS);
            nodes.put(id, node);
            node.start();
            await("node " + id + " is ready", node::wasReady);
        }
        if (!isChanging) {
            ask("list");
            ask("list");
            // Whoever is needed stays in the place of whoever would have come for it.
            boolean isInPlace = !step.go().isEmpty() && !step.come().isEmpty();
            (isInPlace ? step.come() : step.go()).forEach(this::stop);
            return;
        }
        List<Integer> wanted = new ArrayList<>(members);
        wanted.removeAll(step.go());
        wanted.addAll(step.come());
        String all = wanted.stream().map(this::member).collect(Collectors.joining(","));
        ask("set", all, "--yes", "--timeout", Integer.toString(PATIENCE_S));
        members.clear();
        members.addAll(wanted);
        for (int id : step.go()) {
            FaultyNode node = nodes.get(id);
            await("node " + id + " is gone", () -> !node.isAlive());
        }
    }

    private void stop(int id) {
        FaultyNode node = nodes.get(id);
        if (node != null && node.isAlive()) {
            node.stop();
        }
    }

    private void ask(String... words) {
        List<String> all = new ArrayList<>(List.of("members"));
        all.addAll(List.of(words));
        all.addAll(List.of("--members", addresses()));
        Cli done = Cli.run(all.toArray(String[]::new));
        if (done.exitCode() != 0) {
            throw new AssertionError(all + ": " + done.out() + done.err());
        }
    }

    private static void await(String what, BooleanSupplier isSo) {
        Deadline deadline = new Deadline(PATIENCE_S);
        while (!isSo.getAsBoolean()) {
            if (deadline.isOver()) {
                throw new AssertionError("not in " + PATIENCE_S + " s: " + what);
            }
            Pause.ms(20);
        }
    }

    /** Looks once a millisecond whether replies came. */
    private void watch(SteadyClient client) {
        long seen = 0;
        long seenNs = System.nanoTime();
        long secondBegan = 0;
        long nextSecondNs = seenNs + TimeUnit.SECONDS.toNanos(1);
        while (!isOver) {
            Pause.ms(1);
            long nowNs = System.nanoTime();
            long replies = client.replies();
            longestNs = Math.max(longestNs, nowNs - seenNs);
            if (replies != seen) {
                seen = replies;
                seenNs = nowNs;
            }
            if (nowNs - nextSecondNs >= 0) {
                perSecond.add(replies - secondBegan);
                secondBegan = replies;
                nextSecondNs += TimeUnit.SECONDS.toNanos(1);
            }
        }
    }

    private void plot() {
        for (int i = 0; i < perSecond.size(); i++) {
            long replies = perSecond.get(i);
            System.out.printf(
                    Locale.ROOT, "%4d %,7d %s%n", i, replies, ".".repeat((int) (replies / DOT)));
        }
    }
}
