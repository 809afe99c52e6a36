package io.paxoslog.bench.cluster;

import io.paxoslog.bench.contender.ClusterSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a process of a run is told on its command line. */
final class ChildOptions {
    @Option(names = "--ports", required = true, split = ",")
    private List<Integer> ports;

    @Option(names = "--disk", required = true)
    private Path disk;

    @Option(names = "--memory", required = true)
    private Path memory;

    @Parameters private List<String> settings = new ArrayList<>();

    /** The words that say the same. */
    static List<String> of(Cell cell, List<Integer> ports, Workspace workspace) {
        String list = ports.stream().map(String::valueOf).collect(Collectors.joining(","));
        return Stream.concat(
                        Stream.of(
                                "--ports=" + list,
                                "--disk=" + workspace.disk(),
                                "--memory=" + workspace.memory()),
                        cell.arguments().stream())
                .toList();
    }

    Cell cell() {
        return Cell.parse(settings);
    }

    ClusterSettings cluster(Cell cell) {
        return new ClusterSettings(
                ports,
                cell.get(Key.DURABILITY),
                cell.idle(),
                cell.threads(),
                cell.get(Key.APPLY),
                new ClusterSettings.State(
                        cell.number(Key.ENTRIES), cell.number(Key.SNAPSHOT_SLOTS)),
                cell.mtuBytes(),
                cell.isTuned(),
                new ClusterSettings.Timeouts(
                        cell.number(Key.HEARTBEAT_MS),
                        cell.number(Key.LEADER_TIMEOUT_MS),
                        cell.number(Key.ELECTION_MS)),
                cell.number(Key.WINDOW),
                cell.number(Key.PAYLOAD),
                disk,
                memory);
    }
}
