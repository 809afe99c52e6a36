package io.paxoslog.cli;

import io.paxoslog.client.NodeReport;
import io.paxoslog.log.JournalException;
import io.paxoslog.log.JournalVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Damages one file of a stopped node of three in processes of their own under load, round after
 * round: a flipped bit, 4 KiB of zeros, or a cut. The node must serve again with the right data, or
 * end with one line that says what to do. {@code .ci/bit-flips} runs it. See docs/testing.md.
 */
public final class BitFlips {
    private static final int NODES = 3;
    private static final int CLIENTS = 2;
    private static final int PAGE_BYTES = 4096;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(90);
    private static final List<String> SETTINGS =
            List.of(
                    "--app", "sequencer",
                    "--election-timeout-ms", "500",
                    "--durability", "sync",
                    "--segment-bytes", "2101248",
                    "--snapshot-slots", "2000",
                    "--retain-slots", "6000",
                    "--retain-bytes", "0");

    private enum Kind {
        OLD_SEGMENT,
        CURRENT_SEGMENT,
        COMING_SEGMENT,
        CHUNK,
        MANIFEST,
        EFFECTS,
        IDENTITY,
        METADATA,
        MARK,
        LOCK
    }

    private enum Harm {
        BIT,
        ZEROS,
        CUT
    }

    /** What was done to which file, from which byte on. */
    private record Done(Kind kind, Harm harm, Path file, int at) {
        @Override
        public String toString() {
            return "%s of %s at byte %d".formatted(harm, kind, at);
        }
    }

    private final Random random;
    private final List<FaultyNode> nodes = new ArrayList<>();
    private final List<SteadyClient> clients = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Integer> healed = new TreeMap<>();
    private final Map<String, Integer> persons = new TreeMap<>();
    private final List<String> addresses;
    private final Path parent;
    private boolean isOver;

    private BitFlips(Path parent, long seed) {
        this.parent = parent;
        random = new Random(seed);
        List<Integer> ports = FreePorts.find(NODES);
        addresses = ports.stream().map(port -> "127.0.0.1:" + port).toList();
        String members =
                IntStream.rangeClosed(1, NODES)
                        .mapToObj(id -> id + "=" + addresses.get(id - 1))
                        .collect(Collectors.joining(","));
        for (int id = 1; id <= NODES; id++) {
            nodes.add(new FaultyNode(id, members, parent, SETTINGS));
        }
    }

    /** Arguments: rounds, a directory for all files, and a seed if one is given. */
    public static void main(String[] args) throws IOException {
        long seed = args.length > 2 ? Long.parseLong(args[2]) : System.nanoTime();
        System.out.println("bit-flips: seed " + seed);
        BitFlips flips = new BitFlips(Path.of(args[1]).toAbsolutePath(), seed);
        try {
            flips.run(Integer.parseInt(args[0]));
        } finally {
            flips.clients.forEach(SteadyClient::abandon);
            flips.nodes.forEach(FaultyNode::close);
        }
        System.exit(flips.report() ? 0 : 1);
    }

    private void run(int rounds) throws IOException {
        nodes.forEach(FaultyNode::start);
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new SteadyClient(i, addresses));
        }
        awaitReplies(6_000);
        for (int round = 1; round <= rounds && problems.isEmpty() && !isOver; round++) {
            String what = play();
            System.out.printf(
                    "bit-flips: round %d: %s; %,d acknowledged%n", round, what, replies());
        }
        settle();
    }

    private String play() throws IOException {
        FaultyNode one = nodes.get(random.nextInt(NODES));
        if (random.nextBoolean()) {
            one.stop();
        } else {
            one.kill();
        }
        Path whole = parent.resolve("whole");
        copy(one.directory(), whole);
        Done done = damage(one.directory());
        int said = one.lines().size();
        awaitReplies(100);
        one.start();
        String outcome = awaitOutcome(one, done, said);
        delete(whole);
        return "node %d, %s: %s".formatted(one.id(), done, outcome);
    }

    private String awaitOutcome(FaultyNode one, Done done, int said) throws IOException {
        String what = done.harm() + " of " + done.kind();
        long beganNs = System.nanoTime();
        while (one.isAlive() && !isWell(one)) {
            if (System.nanoTime() - beganNs > PATIENCE_NS) {
                problems.add(
                        done
                                + " in "
                                + done.file()
                                + ": not well for 90 s: "
                                + health().problems());
                return "NOT WELL";
            }
            Pause.ms(100);
        }
        List<String> lines = one.lines().subList(said, one.lines().size());
        Optional<String> unheard = lines.stream().filter(BitFlips::saysItIsUnheard).findFirst();
        if (one.isAlive() && unheard.isEmpty()) {
            verify(one, done.toString());
            healed.merge(what, 1, Integer::sum);
            String noted =
                    lines.stream().filter(line -> line.contains("damaged")).findFirst().orElse("");
            return "well " + msSince(beganNs) + " ms after the start " + noted;
        }
        persons.merge(what, 1, Integer::sum);
        if (unheard.isPresent()) {
            // No directory makes up for it: the others know of this start. Its node is to be
            // replaced.
            isOver = true;
            return "a person, and no more rounds: " + unheard.get();
        }
        if (lines.size() != 1 || one.exitCode() == 0) {
            problems.add(done + ": ended with code " + one.exitCode() + " and said " + lines);
        }
        // What a person does who has the directory as it was when the node stopped.
        delete(one.directory());
        copy(parent.resolve("whole"), one.directory());
        one.start();
        while (!isWell(one) && System.nanoTime() - beganNs < PATIENCE_NS) {
            Pause.ms(100);
        }
        return "a person: " + lines;
    }

    /** A node that lost what others were told it has is to them one that went back in time. */
    private static boolean saysItIsUnheard(String line) {
        return line.contains("does not hear this node");
    }

    private static long msSince(long ns) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - ns);
    }

    private ClusterHealth health() {
        return ClusterHealth.ask(addresses, 1_000);
    }

    /** All nodes serve and agree, and this one lacks nothing. */
    private boolean isWell(FaultyNode one) {
        ClusterHealth health = health();
        if (!health.problems().isEmpty()) {
            return false;
        }
        return health.reports().stream()
                .filter(report -> report.node() == one.id())
                .map(NodeReport::storage)
                .allMatch(storage -> storage != null && storage.unknownSlots() == 0);
    }

    private void verify(FaultyNode one, String what) {
        try {
            report(one.directory())
                    .findings()
                    .forEach(
                            finding ->
                                    problems.add(
                                            "node " + one.id() + ", " + what + ": " + finding));
        } catch (JournalException e) {
            problems.add("node " + one.id() + ", " + what + ": " + e.getMessage());
        }
    }

    /** A busy node may drop files faster than they are looked at. */
    private static JournalVerifier.Report report(Path directory) {
        for (int look = 1; ; look++) {
            try {
                return JournalVerifier.verify(directory);
            } catch (JournalException e) {
                if (look == 20 || e.kind() != JournalException.Kind.NOT_WRITABLE) {
                    throw e;
                }
            }
        }
    }

    private Done damage(Path directory) throws IOException {
        while (true) {
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            Harm harm = Harm.values()[random.nextInt(Harm.values().length)];
            List<Path> files = filesOf(kind, directory);
            if (!files.isEmpty()) {
                Path file = files.get(random.nextInt(files.size()));
                return new Done(kind, harm, file, harm(file, harm));
            }
        }
    }

    private static List<Path> filesOf(Kind kind, Path directory) throws IOException {
        return switch (kind) {
            case OLD_SEGMENT -> segments(directory).subList(0, current(directory));
            case CURRENT_SEGMENT -> List.of(segments(directory).get(current(directory)));
            case COMING_SEGMENT ->
                    segments(directory).subList(current(directory) + 1, segments(directory).size());
            case CHUNK -> all(directory, ".chunk");
            case MANIFEST -> all(directory, "manifest");
            case EFFECTS -> all(directory, "effects");
            case IDENTITY -> all(directory, "identity");
            case METADATA -> all(directory, ".cq4t");
            case MARK -> all(directory, "force-mark");
            case LOCK -> all(directory, "lock");
        };
    }

    private static List<Path> all(Path directory, String ending) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(Files::isRegularFile)
                    .filter(path -> path.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> segments(Path directory) throws IOException {
        return all(directory, ".cq4");
    }

    /** Index of the last segment that holds records. */
    private static int current(Path directory) throws IOException {
        List<Path> all = segments(directory);
        int current = 0;
        for (int i = 0; i < all.size(); i++) {
            // Chronicle itself writes at the front only.
            current = usedBytes(Files.readAllBytes(all.get(i))) > 140_000 ? i : current;
        }
        return current;
    }

    private static int usedBytes(byte[] bytes) {
        int used = bytes.length;
        while (used > 0 && bytes[used - 1] == 0) {
            used--;
        }
        return used;
    }

    /** Damages what is used of a file, and returns from which byte on. */
    private int harm(Path file, Harm harm) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int at = random.nextInt(Math.max(1, usedBytes(bytes)));
        if (bytes.length == 0) {
            Files.write(file, new byte[] {1});
            return 0;
        }
        switch (harm) {
            case BIT -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case ZEROS -> {
                at -= at % PAGE_BYTES;
                Arrays.fill(bytes, at, Math.min(at + PAGE_BYTES, bytes.length), (byte) 0);
            }
            case CUT -> bytes = Arrays.copyOf(bytes, at);
        }
        Files.write(file, bytes);
        return at;
    }

    private void awaitReplies(int more) {
        long goal = replies() + more;
        long beganNs = System.nanoTime();
        while (replies() < goal) {
            Pause.ms(10);
            if (System.nanoTime() - beganNs > PATIENCE_NS) {
                problems.add("the others acknowledged no command for 90 s");
                return;
            }
        }
    }

    private long replies() {
        return clients.stream().mapToLong(SteadyClient::replies).sum();
    }

    private void settle() {
        clients.forEach(SteadyClient::close);
        problems.addAll(SteadyClient.problemsOf(clients));
        for (FaultyNode each : nodes) {
            each.stop();
            problems.addAll(each.suspiciousLines());
            verify(each, "at the end");
        }
    }

    private boolean report() {
        problems.forEach(problem -> System.out.println("bit-flips: PROBLEM: " + problem));
        int rounds = healed.values().stream().mapToInt(Integer::intValue).sum();
        int needed = persons.values().stream().mapToInt(Integer::intValue).sum();
        System.out.printf("bit-flips: %d rounds ended well by themselves: %s%n", rounds, healed);
        System.out.printf("bit-flips: %d rounds need a person: %s%n", needed, persons);
        return problems.isEmpty();
    }

    private static void copy(Path from, Path to) {
        try {
            Processes.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) throws IOException {
        Processes.delete(directory);
    }
}
