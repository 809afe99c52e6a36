package io.paxoslog.bench.contender;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a contender is told about the cluster of one run. Immutable.
 *
 * @param ports first of ten free UDP ports of each node; their number is the number of nodes
 * @param durability when a vote may leave, as PaxosLog's setting takes it
 * @param idle what threads do that have nothing to do; null for what the contender does by itself
 * @param threads null for what the contender does by itself
 * @param apply where PaxosLog calls the state machine, as its setting takes it
 * @param state what the state machine holds, and how often PaxosLog takes a snapshot of it
 * @param mtuBytes largest datagram; 0 for what the contender does by itself
 * @param isTuned whether the contender's other settings are those for a fast cluster, not defaults
 * @param timeouts when a leader counts as lost
 * @param window most commands in flight
 * @param payloadBytes bytes of a command
 * @param dataDir directory on disk, in which each node gets one of its own
 * @param memoryDir directory in which media drivers keep their buffers
 */
public record ClusterSettings(
        List<Integer> ports,
        String durability,
        Idle idle,
        Threads threads,
        String apply,
        State state,
        int mtuBytes,
        boolean isTuned,
        Timeouts timeouts,
        int window,
        int payloadBytes,
        Path dataDir,
        Path memoryDir) {

    /** Ports in a row that each node may use. */
    public static final int PORTS_PER_NODE = 10;

    private static final String HOST = "127.0.0.1";

    /**
     * When a leader counts as lost; 0 for what the contender does by itself.
     *
     * @param heartbeatMs time between heartbeats of a leader
     * @param leaderMs time without a heartbeat, on average, after which a node campaigns
     * @param electionMs time after which a campaign begins anew, where the contender has such
     */
    public record Timeouts(int heartbeatMs, int leaderMs, int electionMs) {}

    /** Whether a vote waits until the disk holds its values. */
    boolean isSync() {
        return durability.equals("sync");
    }

    /**
     * What PaxosLog's state machine holds.
     *
     * @param entries of a table; 0: nothing but a number, and no snapshots
     * @param snapshotSlots slots between snapshots; 0 for what nodes do by themselves
     */
    public record State(int entries, long snapshotSlots) {}

    int nodes() {
        return ports.size();
    }

    /** HOST:PORT of a port of a node, the first port being 0. */
    String address(int node, int port) {
        return HOST + ":" + (ports.get(node) + port);
    }

    List<Integer> nodeNumbers() {
        return IntStream.range(0, nodes()).boxed().toList();
    }

    /** Where a node keeps its files. */
    public Path nodeDir(int node) {
        return dataDir.resolve("node-" + node);
    }

    /** Where the media driver of a node keeps its buffers. */
    Path nodeMemoryDir(int node) {
        return memoryDir.resolve("node-" + node);
    }

    /** Where the media driver of the client keeps its buffers. */
    Path clientMemoryDir() {
        return memoryDir.resolve("client");
    }

    /** The address on which a client hears, on a port that the system chooses. */
    static String anyPort() {
        return HOST + ":0";
    }
}
