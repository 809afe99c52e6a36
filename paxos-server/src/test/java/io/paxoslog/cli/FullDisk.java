package io.paxoslog.cli;

import io.paxoslog.client.NodeReport;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Fills the small disks of three nodes, in processes of their own, with somebody else's file while
 * commands are appended, and says whether the cluster did what it should and lost nothing. {@code
 * .ci/full-disk} runs it. See docs/testing.md.
 */
public final class FullDisk {
    private static final int NODES = 3;
    private static final int CLIENTS = 2;
    private static final int SOON_S = 10;
    private static final int FULL_MS = 4_000;
    private static final int STANDSTILL_MS = 2_000;
    private static final int BLOCK_BYTES = 64 << 10;
    private static final List<String> SETTINGS =
            List.of(
                    "--app", "sequencer",
                    "--election-timeout-ms", "500",
                    "--segment-bytes", "4194304",
                    "--open-bytes", "1048576");

    private final String play;
    private final List<FaultyNode> nodes = new ArrayList<>();
    private final List<Path> foreign = new ArrayList<>();
    private final List<SteadyClient> clients = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> addresses;
    private final Path parent;

    private FullDisk(String play, Path parent) {
        this.play = play;
        this.parent = parent;
        addresses = FreePorts.find(NODES).stream().map(port -> "127.0.0.1:" + port).toList();
        String members =
                IntStream.rangeClosed(1, NODES)
                        .mapToObj(id -> id + "=" + addresses.get(id - 1))
                        .collect(Collectors.joining(","));
        for (int id = 1; id <= NODES; id++) {
            Path disk = parent.resolve("disk-" + id);
            foreign.add(disk.resolve("foreign"));
            nodes.add(
                    new FaultyNode(id, members, parent, disk.resolve("data"), List.of(), SETTINGS));
        }
    }

    /**
     * Arguments: a name for what is said, rounds, and a directory in which a small file system is
     * mounted for each node.
     */
    public static void main(String[] args) {
        FullDisk full = new FullDisk(args[0], Path.of(args[2]).toAbsolutePath());
        try {
            full.run(Integer.parseInt(args[1]));
        } finally {
            full.clients.forEach(SteadyClient::abandon);
            full.nodes.forEach(FaultyNode::close);
        }
        System.exit(full.report() ? 0 : 1);
    }

    private void run(int rounds) {
        nodes.forEach(FaultyNode::start);
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new SteadyClient(i, addresses));
        }
        require("commands are acknowledged", 60, this::isMoving);
        for (int round = 1; round <= rounds && problems.isEmpty(); round++) {
            int leader = leader();
            int follower = leader % NODES + 1;
            oneIsFull("a follower", follower);
            oneIsFull("the leader", leader());
            mostAreFull("leader and a follower", List.of(leader(), leader() % NODES + 1));
            mostAreFull("all", List.of(1, 2, 3));
        }
        if (problems.isEmpty()) {
            settle();
        }
    }

    private void oneIsFull(String which, int id) {
        long beganNs = System.nanoTime();
        fill(id);
        require("node " + id + " says that it is short of room", SOON_S, () -> isShort(id));
        require("writes go on while " + which + " is full", SOON_S, this::isMoving);
        long stoodMs = msSince(beganNs);
        Pause.ms(FULL_MS);
        require("writes go on while " + which + " is full", SOON_S, this::isMoving);
        empty(id);
        long freedNs = System.nanoTime();
        require("node " + id + " votes on commands again", SOON_S, () -> !isShort(id));
        require("all are level again", 60, this::areLevel);
        say(
                "%s (node %d) full: writes went on within %,d ms; level %,d ms after it was freed"
                        .formatted(which, id, stoodMs, msSince(freedNs)));
    }

    private void mostAreFull(String which, List<Integer> ids) {
        ids.forEach(this::fill);
        require(
                "nodes say that they are short",
                SOON_S,
                () -> ids.stream().allMatch(this::isShort));
        long refused = refusals();
        require("offers are refused", SOON_S, () -> refusals() > refused);
        int leader = leader();
        Pause.ms(FULL_MS);
        if (leader() != leader || leader == 0) {
            problems.add("leadership went from " + leader + " to " + leader() + " where " + which);
        }
        long before = replies();
        Pause.ms(STANDSTILL_MS);
        if (replies() != before) {
            problems.add("commands were chosen though " + which + " were full");
        }
        ids.forEach(this::empty);
        long freedNs = System.nanoTime();
        require("writes go on once there is room", SOON_S, this::isMoving);
        long movedMs = msSince(freedNs);
        require("all are level again", 60, this::areLevel);
        say(
                "%s full: offers refused, node %d led on; writes went on %,d ms after they were freed"
                        .formatted(which, leader, movedMs));
    }

    private void say(String what) {
        System.out.printf("%s: %s; %,d acknowledged%n", play, what, replies());
    }

    /** Writes until there is no room for another byte. */
    private void fill(int id) {
        byte[] block = new byte[BLOCK_BYTES];
        try (OutputStream out = Files.newOutputStream(foreign.get(id - 1))) {
            for (int bytes = BLOCK_BYTES; bytes > 0; bytes /= 2) {
                writeAll(out, block, bytes);
            }
        } catch (IOException e) {
            // Closing may meet the full disk once more.
            return;
        }
    }

    private static void writeAll(OutputStream out, byte[] block, int bytes) {
        try {
            while (true) {
                out.write(block, 0, bytes);
            }
        } catch (IOException e) {
            // Full.
            return;
        }
    }

    private void empty(int id) {
        try {
            Files.delete(foreign.get(id - 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isShort(int id) {
        return reports().stream()
                .anyMatch(
                        report ->
                                report.node() == id
                                        && report.storage() != null
                                        && !report.storage().votesOnCommands());
    }

    private List<NodeReport> reports() {
        return ClusterHealth.ask(addresses, 1_000).reports();
    }

    private int leader() {
        return reports().stream()
                .filter(report -> report.role().equals("leader"))
                .mapToInt(NodeReport::node)
                .max()
                .orElse(0);
    }

    private boolean isMoving() {
        long before = replies();
        Pause.ms(200);
        return replies() > before + 10;
    }

    private boolean areLevel() {
        return ClusterHealth.ask(addresses, 2_000).problems().isEmpty();
    }

    private long replies() {
        return clients.stream().mapToLong(SteadyClient::replies).sum();
    }

    private long refusals() {
        return clients.stream().mapToLong(SteadyClient::refusals).sum();
    }

    private void require(String what, int seconds, BooleanSupplier condition) {
        long beganNs = System.nanoTime();
        while (problems.isEmpty() && !condition.getAsBoolean()) {
            if (msSince(beganNs) > TimeUnit.SECONDS.toMillis(seconds)) {
                problems.add("not so within " + seconds + " s: " + what);
                reports().forEach(report -> problems.add(report.toString()));
            }
            Pause.ms(10);
        }
        for (FaultyNode node : nodes) {
            if (!node.isAlive()) {
                problems.add("node " + node.id() + " ended with " + node.exitCode());
            }
        }
    }

    private static long msSince(long ns) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - ns);
    }

    private void settle() {
        clients.forEach(SteadyClient::close);
        problems.addAll(SteadyClient.problemsOf(clients));
        require("all are level at the end", 60, this::areLevel);
        for (FaultyNode node : nodes) {
            int exitCode = node.stop();
            if (exitCode != 0) {
                problems.add("node " + node.id() + " stopped with exit code " + exitCode);
            }
            problems.addAll(node.suspiciousLines());
            problems.addAll(node.findings());
        }
        checkNoCrashFiles();
    }

    private void checkNoCrashFiles() {
        for (Path where : List.of(Path.of("").toAbsolutePath(), parent)) {
            try (Stream<Path> files = Files.list(where)) {
                files.filter(file -> file.getFileName().toString().startsWith("hs_err"))
                        .forEach(file -> problems.add("a virtual machine crashed: " + file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private boolean report() {
        problems.forEach(problem -> System.out.println(play + ": PROBLEM: " + problem));
        if (problems.isEmpty()) {
            System.out.printf(
                    "%s: %,d commands acknowledged, %,d offers refused: nothing was lost, nothing"
                            + " took effect twice%n",
                    play, replies(), refusals());
        }
        return problems.isEmpty();
    }
}
