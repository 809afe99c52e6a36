package io.paxoslog.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows a cluster that loses its leader. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Shows a cluster that survives the loss of its leader.",
        description = {
            "Runs three nodes, each a process of its own, under the load of a client; kills the"
                    + " leader as kill -9 does, goes on, starts it again; and compares what the"
                    + " journals of all three hold. Exits with 0 only if every acknowledged command"
                    + " is in each of them, once and in the same place."
        },
        footer = {
            "",
            "Examples:",
            "  ./paxos demo",
            "  ./paxos demo --seconds 30 --keep /tmp/demo",
            "  ./paxos log inspect /tmp/demo/node-1"
        })
final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "10",
            description =
                    "how long to send commands; the leader is killed after a third"
                            + " (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Option(
            names = "--durability",
            paramLabel = "sync|async|page-cache",
            defaultValue = "sync",
            description = "as for a node (default: ${DEFAULT-VALUE})")
    private String durability;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description =
                    "put the directories of the nodes here and keep them; must not exist or be empty")
    private Path keep;

    @Option(names = "--json", description = "print the report as one line of JSON and no progress")
    private boolean isJson;

    private final Terminal terminal;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (!(seconds >= 3)) {
            throw CommandFailure.wrongUse("--seconds: at least 3, not " + seconds);
        }
        if (!List.of("sync", "async", "page-cache").contains(durability)) {
            throw CommandFailure.wrongUse(
                    "--durability: sync, async or page-cache, not " + durability);
        }
        if (keep != null) {
            requireEmpty(keep);
            return run(Files.createDirectories(keep));
        }
        Path directory = Files.createTempDirectory("paxoslog-demo-");
        try {
            return run(directory);
        } finally {
            delete(directory);
        }
    }

    private static void requireEmpty(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> children = Files.list(directory)) {
            if (children.findAny().isPresent()) {
                throw CommandFailure.wrongUse("--keep: " + directory + " is not empty");
            }
        }
    }

    private int run(Path directory) {
        List<String> settings = List.of("--durability", durability);
        try (ClusterProcesses cluster = new ClusterProcesses(3, directory, List.of(), settings)) {
            DemoReport report = new Demo(terminal, cluster, seconds, !isJson).run();
            terminal.println(isJson ? report.json().toString() : report.text());
            terminal.flush();
            return report.isGood() ? 0 : CommandFailure.FAILED;
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
