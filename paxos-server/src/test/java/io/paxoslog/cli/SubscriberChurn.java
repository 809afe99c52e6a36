package io.paxoslog.cli;

import io.paxoslog.client.PaxosStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
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
 * Two processes that store what takes effect, one by a subscription and one out of the files of
 * node 1, are killed and go on again and again, while three nodes under load are killed, started
 * and compact their journals. In the end each must have stored every command that a client was told
 * of once, in its slot and in order, and none besides. See docs/testing.md.
 */
public final class SubscriberChurn {
    private static final int NODES = 3;
    private static final int CLIENTS = 2;
    private static final int REST_MS = 16;
    private static final int ANSWER_MS = 2_000;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(120);

    private static final List<String> SETTINGS =
            List.of(
                    "--app", "sequencer",
                    "--segment-bytes", "4194304",
                    "--snapshot-slots", "30000",
                    "--retain-bytes", "16777216");

    /** One that stores, started as often as it is killed. */
    private static final class Subscriber {
        final String name;
        final Path file;
        private final List<String> words;
        private final Path log;
        private Process process;

        Subscriber(String name, Path directory, String... source) {
            this.name = name;
            file = directory.resolve(name + ".stored");
            log = directory.resolve(name + ".log");
            words = new ArrayList<>(JavaCommand.of(List.of("-Xmx128m"), List.of()));
            words.set(words.size() - 1, StoringSubscriber.class.getName());
            words.add(file.toString());
            words.addAll(List.of(source));
        }

        void start() throws IOException {
            process =
                    new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start();
        }

        /** Whether it ended by itself, which none ever should. */
        boolean hasEnded() {
            return !process.isAlive();
        }

        void kill() {
            process.toHandle().destroyForcibly();
            process.onExit().join();
        }

        long stored() throws IOException {
            return Files.exists(file) ? Files.size(file) / StoringSubscriber.RECORD_BYTES : 0;
        }
    }

    private final Random random;
    private final Path directory;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<SteadyClient> clients = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> addresses;
    private int kills;
    private String firstKept = "";

    private SubscriberChurn(long seed, Path directory) {
        random = new Random(seed);
        this.directory = directory;
        addresses = FreePorts.find(NODES).stream().map(port -> "127.0.0.1:" + port).toList();
        String members =
                IntStream.rangeClosed(1, NODES)
                        .mapToObj(id -> id + "=" + addresses.get(id - 1))
                        .collect(Collectors.joining(","));
        for (int id = 1; id <= NODES; id++) {
            Path its = directory.resolve("node-" + id);
            nodes.add(new NodeProcess(id, members, its, List.of(), SETTINGS));
        }
    }

    /** Arguments: how often each is killed (100), and a seed (drawn and printed without one). */
    public static void main(String[] args) throws IOException {
        int deaths = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
        System.out.println("seed " + seed);
        Path directory = Files.createTempDirectory("subscriber-churn");
        boolean isWell = run(deaths, seed, directory);
        if (isWell) {
            Processes.delete(directory);
        }
        System.exit(isWell ? 0 : 1);
    }

    /** Whether all was well; says on standard output what was not. */
    static boolean run(int deaths, long seed, Path directory) throws IOException {
        SubscriberChurn churn = new SubscriberChurn(seed, directory);
        try {
            churn.start();
            for (int i = 1; i <= deaths && churn.problems.isEmpty(); i++) {
                churn.round(i);
            }
            churn.settle();
        } finally {
            churn.clients.forEach(SteadyClient::abandon);
            churn.subscribers.forEach(Subscriber::kill);
            churn.nodes.forEach(NodeProcess::close);
        }
        return churn.report(deaths);
    }

    private void start() throws IOException {
        nodes.forEach(NodeProcess::start);
        nodes.forEach(NodeProcess::awaitReady);
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new SteadyClient(i, addresses, REST_MS));
        }
        String[] members = {String.join(",", addresses)};
        subscribers.add(new Subscriber("subscription", directory, members));
        String first = nodes.get(0).directory().toString();
        subscribers.add(new Subscriber("local-tail", directory, "--dir", first));
        for (Subscriber one : subscribers) {
            one.start();
        }
    }

    private void round(int number) throws IOException {
        for (Subscriber one : subscribers) {
            awaitStored(one, one.stored() + 1 + random.nextInt(3_000));
        }
        if (number % 4 == 0) {
            // While a subscriber is served, and while it is down.
            killANode();
        }
        for (Subscriber one : subscribers) {
            one.kill();
        }
        Pause.ms(random.nextInt(300));
        for (Subscriber one : subscribers) {
            one.start();
        }
    }

    /** The leader every other time. */
    private void killANode() {
        int leader = Leaders.of(addresses, ANSWER_MS);
        int victim = leader != 0 && random.nextBoolean() ? leader : 1 + random.nextInt(NODES);
        NodeProcess node = nodes.get(victim - 1);
        node.kill();
        kills++;
        Pause.ms(random.nextInt(1_500));
        node.start();
        node.awaitReady();
    }

    private void awaitStored(Subscriber one, long records) throws IOException {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (one.stored() < records) {
            Pause.ms(10);
            if (one.hasEnded()) {
                problems.add(one.name + " ended by itself: see " + one.log);
                return;
            }
            if (System.nanoTime() - deadlineNs > 0) {
                problems.add(one.name + " has stored nothing more for long");
                return;
            }
        }
    }

    private void settle() throws IOException {
        clients.forEach(SteadyClient::close);
        problems.addAll(SteadyClient.problemsOf(clients));
        firstKept =
                PaxosStatus.ask(addresses, ANSWER_MS).stream()
                        .map(report -> Long.toString(report.storage().firstKept()))
                        .collect(Collectors.joining(", "));
        int told = clients.stream().mapToInt(client -> client.acknowledged().size()).sum();
        for (Subscriber one : subscribers) {
            awaitStored(one, told);
            // What is too much comes behind.
            Pause.ms(500);
            compare(one);
        }
    }

    private void compare(Subscriber one) throws IOException {
        Map<Long, Long> missing = new HashMap<>();
        clients.forEach(client -> missing.putAll(client.acknowledged()));
        ByteBuffer stored = ByteBuffer.wrap(Files.readAllBytes(one.file));
        long last = 0;
        while (stored.remaining() >= StoringSubscriber.RECORD_BYTES) {
            long slot = stored.getLong();
            Long told = missing.remove(stored.getLong());
            if (slot <= last || told == null || told != slot) {
                problems.add(
                        "%s: slot %d came behind slot %d, and its client was told %s"
                                .formatted(one.name, slot, last, told));
                return;
            }
            last = slot;
        }
        if (!missing.isEmpty()) {
            problems.add(one.name + ": " + missing.size() + " commands were not stored");
        }
    }

    private boolean report(int deaths) {
        long told = clients.stream().mapToLong(client -> client.acknowledged().size()).sum();
        System.out.printf(
                "%,d commands; each subscriber killed %d times, nodes %d times; journals begin with"
                        + " slots %s%n",
                told, deaths, kills, firstKept);
        problems.forEach(problem -> System.out.println("PROBLEM: " + problem));
        System.out.println(
                problems.isEmpty()
                        ? "each command was stored once, in order, by both"
                        : "files are in " + directory);
        return problems.isEmpty();
    }
}
