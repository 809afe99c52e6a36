package io.paxoslog.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Changes the members of a cluster of real processes at random, under load, while nodes are killed,
 * frozen and stopped: three to five at a time, every one of them new before long. At the end each
 * command took effect once, and what is left of the log is equal on all. See docs/testing.md.
 */
public final class RandomChurn {
    private static final int FEWEST = 3;
    private static final int MOST = 5;
    private static final int PORTS = 16;
    private static final int CLIENTS = 2;

    /** What they do for an hour has to be remembered. */
    private static final int REST_MS = 100;

    private static final int ATTEMPTS = 40;
    private static final int PATIENCE_S = 600;
    private static final long LEAVE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(PATIENCE_S);
    private static final List<String> SETTINGS =
            List.of(
                    "--app",
                    "sequencer",
                    "--segment-bytes",
                    "4194304",
                    "--snapshot-slots",
                    "20000",
                    "--open-slots",
                    "4096");

    private enum Step {
        ADD,
        REMOVE,
        REPLACE,
        REPLACE_DEAD,
        MOVE,
        TRANSFER,
        KILL,
        STOP,
        FREEZE,
        SNAPSHOT
    }

    private static final List<Step> HARMS = List.of(Step.KILL, Step.STOP, Step.FREEZE);

    private final Random random;
    private final Path directory;
    private final Deque<Integer> ports = new ArrayDeque<>();
    private final Map<Integer, FaultyNode> nodes = new TreeMap<>();
    private final Map<Integer, Integer> portOf = new TreeMap<>();
    private final Map<Integer, FaultyNode> leaving = new TreeMap<>();
    private final Map<Integer, Long> leftNs = new TreeMap<>();
    private final Map<Step, Integer> played = new EnumMap<>(Step.class);
    private final List<String> problems = new ArrayList<>();
    private final List<SteadyClient> clients = new ArrayList<>();
    private int lastId;
    private int changes;
    private int leftAlone;
    private long longestGapNs;

    private RandomChurn(long seed, Path directory) {
        random = new Random(seed);
        this.directory = directory;
        ports.addAll(FreePorts.find(PORTS));
        found();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new SteadyClient(i, List.copyOf(addresses()), REST_MS));
        }
    }

    /** Arguments: seconds, and a seed (drawn and printed without one). */
    public static void main(String[] arguments) throws IOException {
        int seconds = Integer.parseInt(arguments[0]);
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        System.out.println("seed " + seed);
        Path directory = Files.createTempDirectory("paxoslog-churn-");
        RandomChurn churn = new RandomChurn(seed, directory);
        try {
            churn.play(TimeUnit.SECONDS.toNanos(seconds));
            churn.settle();
        } finally {
            churn.nodes.values().forEach(FaultyNode::close);
            churn.leaving.values().forEach(FaultyNode::close);
        }
        boolean isWell = churn.report();
        if (isWell) {
            Processes.delete(directory);
        }
        System.exit(isWell ? 0 : 1);
    }

    private void found() {
        for (int id = 1; id <= FEWEST; id++) {
            portOf.put(id, ports.remove());
        }
        String members =
                portOf.keySet().stream().map(this::member).collect(Collectors.joining(","));
        for (int id : portOf.keySet()) {
            nodes.put(id, new FaultyNode(id, members, directory, SETTINGS));
        }
        lastId = FEWEST;
        nodes.values().forEach(FaultyNode::start);
    }

    private String address(int id) {
        return "127.0.0.1:" + portOf.get(id);
    }

    private String member(int id) {
        return id + "=" + address(id);
    }

    private Collection<String> addresses() {
        return nodes.keySet().stream().map(this::address).toList();
    }

    private void play(long durationNs) {
        awaitReplies();
        long endNs = System.nanoTime() + durationNs;
        while (System.nanoTime() - endNs < 0 && problems.isEmpty()) {
            Step step = Step.values()[random.nextInt(Step.values().length)];
            long beganNs = System.nanoTime();
            play(step);
            played.merge(step, 1, Integer::sum);
            awaitReplies();
            longestGapNs = Math.max(longestGapNs, System.nanoTime() - beganNs);
            lookAfterNodes();
            Pause.ms(random.nextInt(1_000));
        }
    }

    private void play(Step step) {
        switch (step) {
            case ADD -> {
                if (nodes.size() < MOST) {
                    int id = join();
                    change("add", member(id));
                }
            }
            case REMOVE -> {
                if (nodes.size() > FEWEST) {
                    int id = any();
                    change("remove", Integer.toString(id));
                    leaves(id);
                }
            }
            case REPLACE -> replace(any());
            case REPLACE_DEAD -> {
                int id = any();
                nodes.get(id).kill();
                replace(id);
            }
            case MOVE -> move();
            case TRANSFER -> change("transfer", Integer.toString(any()));
            case KILL, STOP, FREEZE -> harm(nodes.get(any()), step);
            case SNAPSHOT -> run("snapshot", "--members", address(any()));
        }
    }

    private int any() {
        List<Integer> ids = List.copyOf(nodes.keySet());
        return ids.get(random.nextInt(ids.size()));
    }

    private int join() {
        int id = ++lastId;
        portOf.put(id, ports.remove());
        FaultyNode node =
                FaultyNode.joining(
                        id, address(id), String.join(",", addresses()), directory, SETTINGS);
        node.start();
        await("node " + id + " is ready", node::wasReady);
        nodes.put(id, node);
        return id;
    }

    private void replace(int id) {
        int other = join();
        change("replace", Integer.toString(id), member(other));
        leaves(id);
    }

    private void move() {
        List<Integer> before = List.copyOf(nodes.keySet());
        List<String> others = new ArrayList<>();
        for (int i = 0; i < FEWEST; i++) {
            others.add(member(join()));
        }
        change("set", String.join(",", others));
        before.forEach(this::leaves);
    }

    /** Has members changed, and now and then harms somebody meanwhile; asks until it is done. */
    private void change(String... words) {
        List<String> command = new ArrayList<>(List.of("members"));
        command.addAll(List.of(words));
        command.addAll(List.of("--members", String.join(",", addresses())));
        command.addAll(List.of("--timeout", "20"));
        if (!words[0].equals("transfer")) {
            command.add("--yes");
        }
        for (int i = 0; i < ATTEMPTS; i++) {
            CompletableFuture<Cli> asked =
                    CompletableFuture.supplyAsync(() -> run(command.toArray(String[]::new)));
            if (random.nextInt(3) == 0) {
                Pause.ms(random.nextInt(500));
                harm(nodes.get(any()), HARMS.get(random.nextInt(HARMS.size())));
            }
            Cli done = asked.join();
            changes += done.exitCode() == 0 ? 1 : 0;
            if (done.exitCode() == 0 || words[0].equals("transfer")) {
                return;
            }
            System.out.println(String.join(" ", words) + ": " + done.err().strip());
            printStates();
        }
        problems.add("members " + String.join(" ", words) + " was not done in many attempts");
    }

    /** Why it takes so long only the nodes know. */
    private void printStates() {
        for (Integer id : portOf.keySet()) {
            Cli status = run("status", "--members", address(id), "--timeout", "2");
            System.out.println("node " + id + ": " + status.out().strip() + status.err().strip());
        }
    }

    private static Cli run(String... words) {
        return Cli.run(words);
    }

    private void harm(FaultyNode node, Step step) {
        switch (step) {
            case KILL -> {
                node.kill();
                Pause.ms(random.nextInt(1_500));
                node.start();
            }
            case STOP -> {
                // It may be one that is replaced because it is dead.
                boolean wasReady = node.isAlive() && node.wasReady();
                int exitCode = node.stop();
                boolean isRight = exitCode == 0 || exitCode == CommandFailure.REMOVED;
                if (wasReady && !isRight) {
                    problems.add("node " + node.id() + " stopped with exit code " + exitCode);
                }
                node.start();
            }
            default -> {
                node.freeze();
                Pause.ms(random.nextInt(3_000));
                node.thaw();
            }
        }
    }

    /** It is no member any more, and ends by itself once it hears of that. */
    private void leaves(int id) {
        leaving.put(id, nodes.remove(id));
        leftNs.put(id, System.nanoTime());
    }

    private void lookAfterNodes() {
        for (FaultyNode node : nodes.values()) {
            if (!node.isAlive()) {
                problems.add("node " + node.id() + " ended with exit code " + node.exitCode());
                node.start();
            }
        }
        lookAfterLeaving();
    }

    /** One that was away meanwhile may know nobody who is left: it is taken away. */
    private void lookAfterLeaving() {
        for (FaultyNode node : List.copyOf(leaving.values())) {
            if (System.nanoTime() - leftNs.get(node.id()) > LEAVE_NS && node.isAlive()) {
                leftAlone++;
                node.kill();
            }
            if (!node.isAlive()) {
                forget(node);
            }
        }
    }

    /** Its port may be another node's, and its directory is not needed. */
    private void forget(FaultyNode node) {
        problems.addAll(node.suspiciousLines());
        leaving.remove(node.id());
        ports.add(portOf.remove(node.id()));
        try {
            Processes.delete(node.directory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReplies() {
        long before = replies();
        await("100 more commands are acknowledged", () -> replies() >= before + 100);
    }

    private long replies() {
        return clients.stream().mapToLong(SteadyClient::replies).sum();
    }

    private void await(String what, BooleanSupplier isSo) {
        long beganNs = System.nanoTime();
        while (!isSo.getAsBoolean()) {
            Pause.ms(10);
            if (System.nanoTime() - beganNs > PATIENCE_NS) {
                problems.add("not so in " + PATIENCE_S + " s: " + what);
                return;
            }
        }
    }

    private void settle() {
        clients.forEach(SteadyClient::close);
        problems.addAll(SteadyClient.problemsOf(clients));
        String all = String.join(",", addresses());
        Cli status = run("status", "--members", all, "--timeout", Integer.toString(PATIENCE_S));
        if (status.exitCode() != 0) {
            problems.add("the nodes do not come together: " + status.err() + status.out());
        }
        await("removed nodes are gone", this::hasNobodyLeaving);
        for (FaultyNode node : nodes.values()) {
            int exitCode = node.stop();
            if (exitCode != 0) {
                problems.add("node " + node.id() + " stopped with exit code " + exitCode);
            }
            problems.addAll(node.suspiciousLines());
            problems.addAll(node.findings());
        }
        compare();
    }

    private boolean hasNobodyLeaving() {
        lookAfterLeaving();
        return leaving.isEmpty();
    }

    private void compare() {
        List<FaultyNode> left = List.copyOf(nodes.values());
        for (FaultyNode other : left.subList(1, left.size())) {
            Cli diff =
                    run(
                            "log",
                            "diff",
                            left.get(0).directory().toString(),
                            other.directory().toString());
            if (diff.exitCode() != 0) {
                problems.add(diff.out() + diff.err());
            }
        }
    }

    private boolean report() {
        System.out.printf(
                "%,d commands acknowledged; %,d changes, %,d nodes in all, of which %d were away"
                        + " when they were removed and found nobody; longest from the beginning of"
                        + " a step until 100 more commands were acknowledged behind it: %,d ms%n",
                replies(), changes, lastId, leftAlone, TimeUnit.NANOSECONDS.toMillis(longestGapNs));
        System.out.println("steps: " + played);
        problems.forEach(problem -> System.out.println("PROBLEM: " + problem));
        System.out.println(
                problems.isEmpty()
                        ? "nothing was lost, nothing took effect twice"
                        : "files are in " + directory);
        return problems.isEmpty();
    }
}
