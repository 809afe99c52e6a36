package io.paxoslog.cli;

import io.paxoslog.core.Batch;
import io.paxoslog.log.JournalInspector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Cuts the power of three nodes in processes of their own under load, of all at once or of one at a
 * time, and says whether anything acknowledged was lost. {@code .ci/power-loss} runs it. See
 * docs/testing.md.
 *
 * <p>Every command gets a stamp of a sequencer: a command that is lost lets a later one have its
 * stamp, and one that takes effect twice leaves a stamp that nobody got.
 */
public final class PowerLoss {
    private static final int NODES = 3;
    private static final int CLIENTS = 2;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(90);
    private static final List<String> COMMON =
            List.of("--app", "sequencer", "--election-timeout-ms", "500");
    private static final List<String> WHOLE_LOG =
            List.of("--segment-bytes", "16777216", "--retain-slots", Long.toString(1L << 40));
    private static final List<String> SNAPSHOTS =
            List.of(
                    "--segment-bytes", "4194304",
                    "--snapshot-slots", "500",
                    "--retain-bytes", "0");

    private final String play;
    private final boolean isAsync;
    private final boolean hasSnapshots;
    private final Random random;
    private final List<PoweredNode> nodes = new ArrayList<>();
    private final List<SteadyClient> clients = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> addresses;

    private PowerLoss(String play, Path parent, long seed) {
        this.play = play;
        isAsync = play.contains("async") || play.equals("control");
        hasSnapshots = play.contains("snapshots");
        random = new Random(seed);
        List<Integer> ports = FreePorts.find(NODES);
        addresses = ports.stream().map(port -> "127.0.0.1:" + port).toList();
        String members =
                IntStream.rangeClosed(1, NODES)
                        .mapToObj(id -> id + "=" + addresses.get(id - 1))
                        .collect(Collectors.joining(","));
        for (int id = 1; id <= NODES; id++) {
            nodes.add(new PoweredNode(id, members, parent, settings()));
        }
    }

    private List<String> settings() {
        List<String> settings = new ArrayList<>(COMMON);
        settings.addAll(List.of("--durability", isAsync ? "async" : "sync"));
        settings.addAll(hasSnapshots ? SNAPSHOTS : WHOLE_LOG);
        if (play.equals("control")) {
            settings.addAll(List.of("--sync-interval-ms", "2000"));
        }
        return settings;
    }

    /** Arguments: what is played, rounds, a directory for all files, and a seed if one is given. */
    public static void main(String[] args) {
        long seed = args.length > 3 ? Long.parseLong(args[3]) : System.nanoTime();
        System.out.println(args[0] + ": seed " + seed);
        PowerLoss power = new PowerLoss(args[0], Path.of(args[2]).toAbsolutePath(), seed);
        try {
            power.run(Integer.parseInt(args[1]));
        } finally {
            power.clients.forEach(SteadyClient::abandon);
            power.nodes.forEach(PoweredNode::close);
        }
        System.exit(power.report() ? 0 : 1);
    }

    private void run(int rounds) {
        startAll();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new SteadyClient(i, addresses));
        }
        if (play.equals("control")) {
            playControl();
            return;
        }
        awaitReplies();
        for (int round = 1; round <= rounds && problems.isEmpty(); round++) {
            Pause.ms(500 + random.nextInt(3_000));
            String what = play.startsWith("all") ? cutAll() : cutOne();
            System.out.printf("%s: round %d: %s; %,d acknowledged%n", play, round, what, replies());
        }
        if (problems.isEmpty()) {
            settle();
        } else {
            explain();
        }
    }

    private void startAll() {
        nodes.forEach(each -> each.node().start());
    }

    private String cutAll() {
        cut(nodes);
        long beganNs = System.nanoTime();
        startAll();
        awaitLevel();
        return "power of all cut; all well %,d ms after the start".formatted(msSince(beganNs));
    }

    private String cutOne() {
        PoweredNode one = nodes.get(random.nextInt(NODES));
        String name =
                "node "
                        + one.node().id()
                        + (one.node().id() == Leaders.of(addresses, 1_000) ? ", leading" : "");
        cut(List.of(one));
        Pause.ms(random.nextInt(1_500));
        long before = returns(one);
        long beganNs = System.nanoTime();
        one.node().start();
        awaitLevel();
        boolean wasReturning = returns(one) > before;
        if (wasReturning != isAsync) {
            problems.add(name + (wasReturning ? " was returning" : " was not returning"));
        }
        return "power of %s cut; %s %,d ms after the start"
                .formatted(name, wasReturning ? "returned" : "back", msSince(beganNs));
    }

    private static long msSince(long ns) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - ns);
    }

    private static long returns(PoweredNode one) {
        return one.node().lines().stream()
                .filter(line -> line.contains("returning ballot"))
                .count();
    }

    private void cut(List<PoweredNode> those) {
        PoweredNode.cut(those, random);
        for (PoweredNode each : those) {
            if (!each.hasLostUnforced()) {
                problems.add("node " + each.node().id() + " did not lose what nobody forced");
            }
            problems.addAll(each.node().findings());
        }
    }

    /** Commands are acknowledged again; nodes that ended by themselves are a problem. */
    private void awaitReplies() {
        long before = replies();
        long beganNs = System.nanoTime();
        while (replies() < before + 100) {
            Pause.ms(10);
            if (isLate(beganNs)) {
                problems.add("no command was acknowledged for 90 s");
                return;
            }
        }
    }

    /** Commands are acknowledged, every node is back, and nobody is asked for anything. */
    private void awaitLevel() {
        awaitReplies();
        awaitAgreement();
    }

    private void awaitAgreement() {
        long beganNs = System.nanoTime();
        ClusterHealth health = ClusterHealth.ask(addresses, 2_000);
        while (!health.problems().isEmpty() && !isLate(beganNs)) {
            health = ClusterHealth.ask(addresses, 2_000);
        }
        if (!health.problems().isEmpty()) {
            problems.add(health.problems());
        }
        for (PoweredNode each : nodes) {
            if (!each.node().isAlive()) {
                problems.add("node " + each.node().id() + " ended with " + each.node().exitCode());
            }
        }
    }

    private static boolean isLate(long beganNs) {
        return System.nanoTime() - beganNs > PATIENCE_NS;
    }

    private long replies() {
        return clients.stream().mapToLong(SteadyClient::replies).sum();
    }

    private void settle() {
        clients.forEach(SteadyClient::close);
        problems.addAll(SteadyClient.problemsOf(clients));
        awaitAgreement();
        for (PoweredNode each : nodes) {
            int exitCode = each.node().stop();
            if (exitCode != 0) {
                problems.add("node " + each.node().id() + " stopped with exit code " + exitCode);
            }
            problems.addAll(each.node().suspiciousLines());
            problems.addAll(each.node().findings());
            if (!hasSnapshots) {
                compare(each.node());
            }
        }
    }

    /** What clients and journals have to say about it. */
    private void explain() {
        clients.forEach(SteadyClient::abandon);
        clients.forEach(client -> problems.addAll(client.problems()));
        for (PoweredNode each : nodes) {
            each.node().kill();
            if (!hasSnapshots) {
                compare(each.node());
            }
        }
    }

    private Map<Long, Long> acknowledged() {
        Map<Long, Long> all = new HashMap<>();
        clients.forEach(client -> all.putAll(client.acknowledged()));
        return all;
    }

    private void compare(FaultyNode node) {
        CommandsInJournal held = new CommandsInJournal();
        JournalInspector.committed(node.directory(), (Batch batch) -> held.take(batch));
        problems.addAll(held.problemsWith(acknowledged(), "node " + node.id()));
    }

    /** Without a force before the answer, what was answered must be lost when all lose power. */
    private void playControl() {
        awaitReplies();
        Pause.ms(5_000);
        PoweredNode.cut(nodes, random);
        clients.forEach(SteadyClient::abandon);
        long kept = nodes.stream().mapToLong(each -> highestSlot(each.node())).max().orElse(0);
        Map<Long, Long> all = acknowledged();
        long lost = all.values().stream().filter(slot -> slot > kept).count();
        System.out.printf(
                "%s: in async, forced every 2 s, power of all cut: of %,d acknowledged commands"
                        + " %,d are on no disk%n",
                play, all.size(), lost);
        if (lost == 0) {
            problems.add("the method does not lose what was not forced");
        }
    }

    private static long highestSlot(FaultyNode node) {
        long[] highest = new long[1];
        JournalInspector.inspect(
                node.directory(),
                (entry, batch) -> {
                    if (batch != null) {
                        highest[0] = Math.max(highest[0], entry.lastSlot());
                    }
                });
        return highest[0];
    }

    private boolean report() {
        problems.forEach(problem -> System.out.println(play + ": PROBLEM: " + problem));
        if (problems.isEmpty() && !play.equals("control")) {
            System.out.printf(
                    "%s: %,d commands acknowledged: nothing was lost, nothing took effect twice%n",
                    play, acknowledged().size());
        }
        return problems.isEmpty();
    }
}
