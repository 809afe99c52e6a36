package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** What tests with real node processes share. */
final class Processes {
    /** Less to compile and to touch: nodes start faster. */
    static final List<String> FLAGS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** Small files, so that journals roll in tests. */
    static final List<String> SETTINGS = List.of("--segment-bytes", "4194304");

    private static final double PATIENCE_SECONDS = 60;

    private Processes() {}

    static ClusterProcesses cluster(int size, Path directory) {
        return new ClusterProcesses(size, directory, FLAGS, SETTINGS);
    }

    static NodeProcess node(int id, String members, Path directory) {
        return new NodeProcess(id, members, directory, FLAGS, SETTINGS);
    }

    /** Has a command acknowledged, with time for an election. */
    static void append(ClusterProcesses cluster, String word) {
        Cli appended =
                Cli.run(
                        "append",
                        "--timeout",
                        "60",
                        "--members",
                        String.join(",", cluster.addresses()),
                        word);
        assertThat(appended.err()).isEmpty();
        assertThat(appended.exitCode()).isZero();
    }

    /** Loads until something is so; fails when it takes too long. */
    static void loadUntil(NumberedLoad load, BooleanSupplier isSo) {
        Deadline deadline = new Deadline(PATIENCE_SECONDS);
        while (!isSo.getAsBoolean()) {
            load.turn();
            if (deadline.isOver()) {
                throw new AssertionError(
                        "not so after "
                                + PATIENCE_SECONDS
                                + " s, with "
                                + load.acknowledged()
                                + " commands acknowledged and leader "
                                + load.leader());
            }
        }
    }

    /** Loads until so many more commands are acknowledged. */
    static void loadMore(NumberedLoad load, int commands) {
        int goal = load.acknowledged() + commands;
        loadUntil(load, () -> load.acknowledged() >= goal);
    }

    /** Every file below a directory with a checksum of what it holds. */
    static SortedMap<String, Long> contentOf(Path directory) throws IOException {
        SortedMap<String, Long> content = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.toList()) {
                boolean isFile = Files.isRegularFile(path);
                content.put(directory.relativize(path).toString(), isFile ? checksumOf(path) : -1);
            }
        }
        return content;
    }

    private static long checksumOf(Path file) throws IOException {
        CRC32C checksum = new CRC32C();
        checksum.update(Files.readAllBytes(file));
        return checksum.getValue();
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path path : walk.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Sends a signal to a process, as {@code kill -NAME} does. */
    static void signal(String name, long pid) throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("kill -" + name + " failed");
        }
    }
}
