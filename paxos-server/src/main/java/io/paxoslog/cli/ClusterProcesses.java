package io.paxoslog.cli;

import io.paxoslog.client.NodeReport;
import io.paxoslog.client.PaxosStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Nodes on this machine, each a process of its own with a directory of its own. None outlives this
 * process.
 */
final class ClusterProcesses implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int ANSWER_MS = 1_000;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    /** Their journals are compared in the end, from slot 1 on. */
    private static final List<String> KEEPS_ALL =
            List.of("--retain-slots", Long.toString(1L << 40));

    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<String> addresses;
    private final String members;
    private final Thread ender = new Thread(this::endAll, "end-nodes");

    /**
     * Prepares nodes 1 to {@code size}; does not start them.
     *
     * @param directory where the directories of the nodes belong
     * @param jvmFlags further flags of the JVMs
     * @param settings further arguments of the command {@code node}, the same for all
     */
    ClusterProcesses(int size, Path directory, List<String> jvmFlags, List<String> settings) {
        this(FreePorts.find(size), directory, jvmFlags, settings);
    }

    /** The same on ports that are known already. */
    ClusterProcesses(
            List<Integer> ports, Path directory, List<String> jvmFlags, List<String> settings) {
        int size = ports.size();
        addresses = ports.stream().map(port -> HOST + ":" + port).toList();
        members =
                IntStream.rangeClosed(1, size)
                        .mapToObj(id -> id + "=" + addresses.get(id - 1))
                        .collect(Collectors.joining(","));
        List<String> all = new ArrayList<>(settings);
        all.addAll(KEEPS_ALL);
        for (int id = 1; id <= size; id++) {
            nodes.add(new NodeProcess(id, members, directory.resolve("node-" + id), jvmFlags, all));
        }
        Runtime.getRuntime().addShutdownHook(ender);
    }

    /** Starts the nodes with these ids, or all, and waits until they are ready. */
    void start(int... ids) {
        List<NodeProcess> started = ids.length == 0 ? nodes : nodes(ids);
        started.forEach(NodeProcess::start);
        started.forEach(NodeProcess::awaitReady);
    }

    private List<NodeProcess> nodes(int... ids) {
        return IntStream.of(ids).mapToObj(this::node).toList();
    }

    /** The node with an id from 1 on. */
    NodeProcess node(int id) {
        return nodes.get(id - 1);
    }

    List<NodeProcess> nodes() {
        return nodes;
    }

    /** All nodes as {@code --members} of a node takes them. */
    String members() {
        return members;
    }

    /** Where the nodes are reached, in the order of ids. */
    List<String> addresses() {
        return addresses;
    }

    /** Where the nodes keep their data, in the order of ids. */
    List<Path> directories() {
        return nodes.stream().map(NodeProcess::directory).toList();
    }

    /** Waits until every node that runs knows chosen what any of them knows chosen now. */
    void awaitCaughtUp() {
        List<String> running =
                nodes.stream()
                        .filter(NodeProcess::isAlive)
                        .map(node -> addresses.get(node.id() - 1))
                        .toList();
        long goal =
                PaxosStatus.ask(running, ANSWER_MS).stream()
                        .mapToLong(NodeReport::commit)
                        .max()
                        .orElse(0);
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (PaxosStatus.ask(running, ANSWER_MS).stream().anyMatch(r -> r.commit() < goal)) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw CommandFailure.notInTime("not all nodes reached slot " + goal);
            }
        }
    }

    /** Stops all nodes that run in good order. Fails when one does not end well. */
    void stop() {
        List<NodeProcess> running = nodes.stream().filter(NodeProcess::isAlive).toList();
        running.forEach(NodeProcess::askToStop);
        for (NodeProcess node : running) {
            int exitCode = node.awaitExit();
            if (exitCode != 0) {
                throw CommandFailure.failed(
                        "node " + node.id() + " stopped with exit code " + exitCode);
            }
        }
    }

    private void endAll() {
        nodes.forEach(NodeProcess::letGo);
        nodes.forEach(NodeProcess::close);
    }

    /** Ends whatever still runs, in good order where it can be had. */
    @Override
    public void close() {
        endAll();
        try {
            Runtime.getRuntime().removeShutdownHook(ender);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook runs or has run.
            return;
        }
    }
}
