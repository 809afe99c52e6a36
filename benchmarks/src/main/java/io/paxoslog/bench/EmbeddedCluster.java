package io.paxoslog.bench;

import io.paxoslog.bench.cluster.FreePorts;
import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.server.NodeConfig;
import io.paxoslog.server.PaxosLog;
import io.paxoslog.server.PaxosNode;
import io.paxoslog.server.Settings;
import io.paxoslog.service.LogStateMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** Three nodes of one process and a client that the caller drives. Used by one thread. */
final class EmbeddedCluster implements AutoCloseable {
    private static final int NODES = 3;

    private final List<PaxosNode> nodes = new ArrayList<>();
    private final Path directory;
    private final PaxosClient client;
    private final IdleStrategy idle = new YieldingIdleStrategy();
    private long replies;

    private EmbeddedCluster(Path directory, String durability, int window) throws IOException {
        this.directory = directory;
        List<Integer> ports = FreePorts.find(NODES);
        String members =
                IntStream.rangeClosed(1, NODES)
                        .mapToObj(id -> id + "=" + address(ports, id))
                        .collect(Collectors.joining(","));
        for (int id = 1; id <= NODES; id++) {
            NodeConfig config =
                    NodeConfig.builder()
                            .set(Settings.ID, id)
                            .set(Settings.MEMBERS, members)
                            .set(Settings.DIR, directory.resolve("node-" + id))
                            .set(Settings.DURABILITY, durability)
                            .build();
            nodes.add(PaxosLog.launch(config, new LogStateMachine()));
        }
        List<String> addresses =
                IntStream.rangeClosed(1, NODES).mapToObj(id -> address(ports, id)).toList();
        client =
                PaxosClient.connect(
                        ClientConfig.of(addresses).withWindow(window),
                        (sequence, slot, reply, offset, length) -> replies++);
    }

    static EmbeddedCluster start(String durability, int window) throws IOException {
        return new EmbeddedCluster(Directories.create(), durability, window);
    }

    private static String address(List<Integer> ports, int id) {
        return "127.0.0.1:" + ports.get(id - 1);
    }

    /** Replies so far. */
    long replies() {
        return replies;
    }

    /** Offers until the window is full, then lets the client do its work once. */
    void fillWindow(DirectBuffer command) {
        long sequence = 1;
        while (sequence > 0) {
            sequence = client.offer(command, 0, command.capacity());
        }
        idle.idle(client.poll());
        if (client.hasEnded()) {
            throw new IllegalStateException("the client ended: " + client.endedBy());
        }
    }

    @Override
    public void close() {
        client.close();
        nodes.forEach(PaxosNode::close);
        Directories.delete(directory);
    }
}
