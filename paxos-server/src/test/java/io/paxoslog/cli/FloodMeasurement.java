package io.paxoslog.cli;

import io.paxoslog.media.Flood;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Three node processes under load at a third of what they can, while strangers flood all their
 * ports, against the same flood to ports that nobody listens on, once both have been compiled.
 * Prints a line for each run.
 *
 * <p>Arguments, all optional: pairs of runs, seconds of each, datagrams a second, commands a second
 * where it is not to be a third of what is measured first.
 */
public final class FloodMeasurement {
    private static final int NODES = 3;
    private static final int WARM_UP_SECONDS = 15;

    private final Path directory;
    private final String members;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<String> listening = new ArrayList<>();
    private final List<String> unheard = new ArrayList<>();

    private FloodMeasurement(Path directory) throws IOException {
        this.directory = directory;
        StringBuilder text = new StringBuilder();
        List<Integer> ports = FreePorts.find(NODES);
        for (int id = 1; id <= NODES; id++) {
            int port = ports.get(id - 1);
            text.append(id == 1 ? "" : ",").append(id).append("=127.0.0.1:").append(port);
            listening.add(Integer.toString(port));
            listening.add(Integer.toString(port + 1));
        }
        members = text.toString();
        for (int i = 0; i < listening.size(); i++) {
            try (DatagramSocket free = new DatagramSocket()) {
                unheard.add(Integer.toString(free.getLocalPort()));
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        int pairs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 60;
        int datagrams = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 40_000;
        Path directory = Files.createTempDirectory("paxoslog-flood-");
        FloodMeasurement measurement = new FloodMeasurement(directory);
        try {
            measurement.start();
            int rate = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 0;
            measurement.run(pairs, seconds, datagrams, rate);
        } finally {
            measurement.nodes.forEach(NodeProcess::close);
            Processes.delete(directory);
        }
    }

    private void start() {
        for (int id = 1; id <= NODES; id++) {
            Path data = directory.resolve("node-" + id);
            nodes.add(new NodeProcess(id, members, data, List.of(), List.of()));
        }
        nodes.forEach(NodeProcess::start);
        nodes.forEach(NodeProcess::awaitReady);
    }

    private void run(int pairs, int seconds, int datagrams, int wanted) throws Exception {
        double most = Bench.run(members, 10, 0).value("ops_per_s");
        int rate = wanted == 0 ? (int) (most / 3) : wanted;
        System.out.printf(Locale.ROOT, "%,.0f a second at most, %,d from now on%n", most, rate);
        run("warm-up", unheard, WARM_UP_SECONDS, datagrams, rate);
        run("warm-up", listening, WARM_UP_SECONDS, datagrams, rate);
        for (int pair = 0; pair < pairs; pair++) {
            run("nobody listens", unheard, seconds, datagrams, rate);
            run("at the nodes", listening, seconds, datagrams, rate);
        }
        run("no flood", List.of(), Math.min(seconds, 10), datagrams, rate);
    }

    private void run(String name, List<String> ports, int seconds, int datagrams, int rate)
            throws Exception {
        String leader = leader();
        Process flood = ports.isEmpty() ? null : flood(ports, seconds, datagrams);
        double cpuBefore = cpuSeconds();
        Bench result = Bench.run(members, seconds, rate);
        if (flood != null) {
            flood.waitFor();
        }
        System.out.printf(
                Locale.ROOT,
                "%-15s %,9.0f a second, p50 %,.0f us, p99 %,.0f us, errors %.0f, %.1f s of processors"
                        + " in the nodes, leader %s, %s%n",
                name,
                result.value("ops_per_s"),
                result.value("p50_us"),
                result.value("p99_us"),
                result.value("errors"),
                cpuSeconds() - cpuBefore,
                leader.equals(leader()) ? "the same" : "CHANGED",
                nodes.stream().allMatch(NodeProcess::isAlive) ? "all alive" : "A NODE ENDED");
    }

    /** What all nodes have used since they began; tells something on a busy machine, too. */
    private double cpuSeconds() {
        return nodes.stream()
                .map(node -> ProcessHandle.of(node.pid()).orElseThrow().info())
                .mapToDouble(info -> info.totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3)
                .sum();
    }

    private Process flood(List<String> ports, int seconds, int datagrams) throws IOException {
        List<String> command = JavaCommand.of(List.of("-XX:+UseSerialGC"), List.of());
        command.set(command.size() - 1, Flood.class.getName());
        command.addAll(List.of(Integer.toString(datagrams), Integer.toString(seconds + 3)));
        command.addAll(ports);
        return new ProcessBuilder(command).inheritIO().start();
    }

    private String leader() {
        String status = Cli.run("status", "--members", members).out();
        return Arrays.stream(status.split("\n"))
                .filter(line -> line.contains("leader"))
                .map(line -> line.replaceAll("\\d{2,}", ""))
                .findFirst()
                .orElse("none");
    }
}
