package io.paxoslog.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * For tests that read a log, over real gateways: three nodes, a client, and its commands "c1" to
 * "c100". Commands 1 and up stand at slots 3 and up, behind the founding and the session.
 */
abstract class ReadLog {
    final FakeCluster cluster = new FakeCluster(3);
    PaxosClient client;

    @BeforeEach
    void connect() {
        client = PaxosClient.start(ClientConfig.of(cluster.addresses()), (a, b, c, d, e) -> {});
        append(1, 100);
    }

    @AfterEach
    void close() {
        client.abandon();
        cluster.close();
    }

    final void append(int from, int to) {
        for (int i = from; i <= to; i++) {
            byte[] bytes = ("c" + i).getBytes(StandardCharsets.UTF_8);
            assertThat(client.offer(new UnsafeBuffer(bytes), 0, bytes.length)).isEqualTo(i);
        }
        cluster.runUntil(() -> client.unanswered() == 0, client);
    }

    /** Slots and commands, as they are heard. */
    static List<String> commands(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> (i + 2) + " c" + i).toList();
    }
}
