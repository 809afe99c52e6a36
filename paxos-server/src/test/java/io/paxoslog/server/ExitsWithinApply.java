package io.paxoslog.server;

import io.paxoslog.client.PaxosClient;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/** A program whose state machine ends the process, and whose shutdown hook closes the node. */
final class ExitsWithinApply {
    static final int EXIT_CODE = 42;

    private ExitsWithinApply() {}

    /** Arguments: directory, and which thread applies. */
    public static void main(String[] args) {
        NodeConfig config =
                NodeConfig.builder()
                        .id(1)
                        .members(TestNodes.freeMembers(1))
                        .dir(Path.of(args[0]))
                        .apply(Apply.valueOf(args[1]))
                        .set(Settings.SEGMENT_BYTES, 4 << 20)
                        .build();
        PaxosNode node = PaxosLog.launch(config, (entry, reply) -> System.exit(EXIT_CODE));
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    node.close();
                                    System.out.println("closed");
                                }));
        PaxosClient client = PaxosClient.connect(List.of(config.self().peerAddress()));
        UnsafeBuffer command = new UnsafeBuffer(new byte[10]);
        while (client.offer(command, 0, 10) < 0) {
            client.poll();
        }
        while (node.isRunning()) {
            client.poll();
            LockSupport.parkNanos(1_000_000);
        }
    }
}
