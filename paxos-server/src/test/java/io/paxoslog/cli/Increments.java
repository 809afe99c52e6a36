package io.paxoslog.cli;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.PaxosClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Clients add ones to a counter on three real processes, of which one is killed again and again,
 * the leader mostly; half way all take a snapshot, are killed and started again. In the end the
 * counter must be what was acknowledged, and what the log says of all that was unknown. See
 * docs/testing.md for how datagrams are lost meanwhile.
 */
public final class Increments {
    private static final int NODES = 3;
    private static final long PATIENCE_S = 300;
    private static final List<String> SETTINGS =
            List.of(
                    "--app", "sequencer",
                    "--election-timeout-ms", "1000",
                    "--segment-bytes", "4194304",
                    "--snapshot-slots", "20000",
                    "--retain-bytes", "0");

    private final Random random;
    private final List<FaultyNode> nodes = new ArrayList<>();
    private final List<IncrementingClient> clients = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> addresses;
    private int kills;

    private Increments(long seed, Path directory) {
        random = new Random(seed);
        List<Integer> ports = FreePorts.find(NODES);
        addresses = ports.stream().map(port -> "127.0.0.1:" + port).toList();
        String members =
                IntStream.rangeClosed(1, NODES)
                        .mapToObj(id -> id + "=" + addresses.get(id - 1))
                        .collect(Collectors.joining(","));
        for (int id = 1; id <= NODES; id++) {
            nodes.add(new FaultyNode(id, members, directory, SETTINGS));
        }
    }

    /** Arguments: clients, increments of each, kills, and a seed (drawn without one). */
    public static void main(String[] args) throws IOException {
        long seed = args.length > 3 ? Long.parseLong(args[3]) : System.nanoTime();
        boolean isLossy = System.getenv("TUNNEL_LOSS") != null;
        System.out.println("seed " + seed + (isLossy ? "" : ", no datagram is lost on purpose"));
        Path directory = Files.createTempDirectory("increments");
        boolean isWell =
                run(
                        Integer.parseInt(args[0]),
                        Integer.parseInt(args[1]),
                        Integer.parseInt(args[2]),
                        seed,
                        directory);
        System.out.println(isWell ? "all well" : "files are in " + directory);
        System.exit(isWell ? 0 : 1);
    }

    /** Whether the counter is right; says on standard output what was not. */
    static boolean run(int clients, int increments, int kills, long seed, Path directory) {
        Increments play = new Increments(seed, directory);
        try {
            play.nodes.forEach(FaultyNode::start);
            for (int i = 0; i < clients; i++) {
                play.clients.add(new IncrementingClient(i, increments, play.addresses));
            }
            play.play(clients * increments, kills);
            play.compare();
        } finally {
            play.nodes.forEach(FaultyNode::close);
        }
        play.problems.forEach(problem -> System.out.println("PROBLEM: " + problem));
        return play.problems.isEmpty();
    }

    /** Faults come as the work goes on, however long that takes. */
    private void play(int all, int mostKills) {
        boolean isRestarted = false;
        while (clients.stream().anyMatch(IncrementingClient::isAlive)) {
            int done = all - sum(IncrementingClient::left);
            if (!isRestarted && done >= all / 2) {
                restartAll();
                isRestarted = true;
            } else if ((long) done * (mostKills + 1) >= (long) all * (kills + 1)
                    && kills < mostKills) {
                kill();
                kills++;
                System.out.printf("%,d of %,d done, %d kills%n", done, all, kills);
            }
            Pause.ms(20);
            requireAllAlive();
        }
        if (!isRestarted || kills < mostKills) {
            problems.add("the work was done before all faults were played");
        }
    }

    private void kill() {
        int leader = Leaders.of(addresses, 500);
        boolean isLeader = leader > 0 && random.nextInt(3) > 0;
        FaultyNode node = nodes.get(isLeader ? leader - 1 : random.nextInt(NODES));
        node.kill();
        Pause.ms(random.nextInt(2_000));
        node.start();
    }

    private void restartAll() {
        for (FaultyNode node : nodes) {
            Cli snapshot =
                    Cli.run(
                            "snapshot",
                            "--node",
                            Integer.toString(node.id()),
                            "--members",
                            String.join(",", addresses),
                            "--timeout",
                            "60");
            System.out.print(snapshot.out());
            if (snapshot.exitCode() != 0) {
                problems.add("node " + node.id() + " took no snapshot");
            }
        }
        nodes.forEach(FaultyNode::kill);
        nodes.forEach(FaultyNode::start);
    }

    private void requireAllAlive() {
        for (FaultyNode node : nodes) {
            if (!node.isAlive()) {
                problems.add("node " + node.id() + " ended with exit code " + node.exitCode());
                node.start();
            }
        }
    }

    private void compare() {
        int acknowledged = sum(IncrementingClient::acknowledged);
        int inEffect = sum(IncrementingClient::inEffect);
        long counter = counterBefore();
        System.out.printf(
                "%,d acknowledged; of %,d unknown %,d took effect and %,d did not; the counter is"
                        + " %,d; %d kills, %d sessions, %,d refused%n",
                acknowledged,
                inEffect + sum(IncrementingClient::withoutEffect),
                inEffect,
                sum(IncrementingClient::withoutEffect),
                counter,
                kills,
                sum(IncrementingClient::sessions),
                sum(IncrementingClient::refused));
        if (counter != acknowledged + inEffect) {
            problems.add("the counter is " + counter + ", not " + (acknowledged + inEffect));
        }
        TreeSet<Long> stamps = new TreeSet<>();
        for (IncrementingClient client : clients) {
            problems.addAll(client.problems());
            client.stamps().stream()
                    .filter(stamp -> !stamps.add(stamp))
                    .forEach(stamp -> problems.add("two replies say " + stamp));
        }
        if (!stamps.isEmpty() && stamps.last() > counter) {
            problems.add("a reply says " + stamps.last());
        }
        Cli status =
                Cli.run(
                        "status",
                        "--members",
                        String.join(",", addresses),
                        "--timeout",
                        Long.toString(PATIENCE_S));
        if (status.exitCode() != 0) {
            problems.add("the nodes do not come together: " + status.err() + status.out());
        }
        nodes.forEach(node -> problems.addAll(node.suspiciousLines()));
    }

    /** One more shows what the counter was. */
    private long counterBefore() {
        int patienceMs = (int) TimeUnit.SECONDS.toMillis(PATIENCE_S);
        ClientConfig config = ClientConfig.of(addresses).withTimeouts(1_000, 1_000, patienceMs);
        try (PaxosClient client =
                PaxosClient.connect(config, (sequence, slot, reply, at, length) -> {})) {
            byte[] reply = client.append(new byte[] {1}, patienceMs).reply();
            return ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN).getLong() - 1;
        }
    }

    private int sum(ToIntFunction<IncrementingClient> of) {
        return clients.stream().mapToInt(of).sum();
    }
}
