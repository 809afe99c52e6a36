package io.paxoslog.bench.cluster;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how long a node takes to be back. */
@Command(
        name = "restart",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Measures how long a node of PaxosLog takes to be back.",
        description = {
            "",
            "A cluster of one takes commands and a snapshot, then more commands. Its node is started"
                    + " again in turn with an empty one, and with one that has nothing behind its"
                    + " snapshot. Printed is the time from the start of the process until a first"
                    + " command is answered, before which all earlier ones are applied."
        })
final class RestartCommand implements Callable<Integer> {
    private static final long PATIENCE_MS = TimeUnit.MINUTES.toMillis(20);
    private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");

    @Option(
            names = "--commands",
            paramLabel = "N",
            defaultValue = "10000000",
            description = "commands below the snapshot (default ${DEFAULT-VALUE})")
    private long commands;

    @Option(
            names = "--behind",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "commands above it (default ${DEFAULT-VALUE})")
    private long behind;

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            defaultValue = "100",
            description = "bytes of a command (default ${DEFAULT-VALUE})")
    private int payload;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "3",
            description = "how often each is started (default ${DEFAULT-VALUE})")
    private int repeat;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "where the files are made and removed (default: for temporary files)")
    private Path parent = Path.of(System.getProperty("java.io.tmpdir"));

    @Spec private CommandSpec spec;

    /** What is started, and how long that took. */
    private record Kind(String name, Path dir, List<Long> readyMs) {}

    @Override
    public Integer call() throws IOException {
        if (commands < 1 || behind < 1 || repeat < 1 || payload < 1) {
            throw CompareException.wrongUse(
                    "--commands, --behind, --payload, --repeat: give 1 or more");
        }
        Workspace.requireDisk(parent);
        PrintWriter out = spec.commandLine().getOut();
        try (Workspace workspace = Workspace.create(parent)) {
            Kind empty = kind(workspace, "an empty node");
            Kind covered = kind(workspace, "all below its snapshot");
            Kind full = kind(workspace, "commands behind its snapshot");
            start(workspace, covered, commands, true);
            start(workspace, full, commands, true);
            start(workspace, full, behind, false);
            out.printf("%d bytes in the files of the last kind%n", bytesIn(full.dir()));
            List<Kind> kinds = List.of(empty, covered, full);
            play(workspace, kinds, false);
            report(out, kinds, "files in memory");
            if (Files.isWritable(DROP_CACHES)) {
                play(workspace, kinds, true);
                report(out, kinds, "files read from the disk");
            } else {
                out.println(
                        "not measured with files read from the disk: that takes root, to write "
                                + DROP_CACHES);
            }
        }
        return 0;
    }

    private static Kind kind(Workspace workspace, String name) {
        return new Kind(name, workspace.disk().resolve(name.replace(' ', '-')), new ArrayList<>());
    }

    private void play(Workspace workspace, List<Kind> kinds, boolean dropsCaches)
            throws IOException {
        for (Kind kind : kinds) {
            kind.readyMs().clear();
        }
        for (int i = 0; i < repeat; i++) {
            for (Kind kind : kinds) {
                if (dropsCaches) {
                    Files.writeString(DROP_CACHES, "3");
                }
                boolean isEmpty = kind.equals(kinds.get(0));
                Kind started = isEmpty ? kind(workspace, "empty " + dropsCaches + " " + i) : kind;
                kind.readyMs().add(start(workspace, started, 1, false));
            }
        }
    }

    private long start(Workspace workspace, Kind kind, long count, boolean takesSnapshot) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--dir=" + kind.dir());
        arguments.add("--memory=" + workspace.memory());
        arguments.add("--port=" + FreePorts.find(1).get(0));
        arguments.add("--commands=" + count);
        arguments.add("--payload=" + payload);
        arguments.add("--snapshot=" + takesSnapshot);
        Path java = Path.of(System.getProperty("java.home"));
        ChildProcess process =
                workspace.start(
                        "node",
                        JvmCommand.of(java, 512, workspace.memory(), "restart-node", arguments));
        long readyMs = Long.parseLong(process.await(Words.READY, PATIENCE_MS));
        process.await(Words.END, PATIENCE_MS);
        process.close();
        return readyMs;
    }

    private void report(PrintWriter out, List<Kind> kinds, String how) {
        out.println(how + ":");
        for (Kind kind : kinds) {
            out.printf("  %-30s %s ms, median %d%n", kind.name(), kind.readyMs(), median(kind));
        }
        long replayMs = median(kinds.get(2)) - median(kinds.get(1));
        out.printf(
                Locale.ROOT,
                "  %d commands behind the snapshot in %d ms more: %.0f a second%n",
                behind,
                replayMs,
                behind * 1e3 / Math.max(1, replayMs));
        out.flush();
    }

    private static long median(Kind kind) {
        return kind.readyMs().stream().sorted().toList().get(kind.readyMs().size() / 2);
    }

    private static long bytesIn(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
