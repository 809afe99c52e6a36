package counter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxoslog.server.PaxosNode;
import io.paxoslog.testkit.SimulatedCluster;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CounterTest {
    @TempDir private Path directory;

    /** A cluster of one, over real sockets and files; what it counted is there after a restart. */
    @Test
    void addsUpWhatClientsAppend() throws IOException {
        String address = "127.0.0.1:" + freePort();
        try (PaxosNode node = Counter.start(1, "1=" + address, directory)) {
            assertEquals(1, node.id());
            assertEquals(5, Counter.add(List.of(address), 5));
            assertEquals(12, Counter.add(List.of(address), 7));
        }
        try (PaxosNode node = Counter.start(1, "1=" + address, directory)) {
            assertEquals(1, node.id());
            assertEquals(11, Counter.add(List.of(address), -1));
        }
    }

    /** Each kind of client adds to the same sum. */
    @Test
    void addsUpWhateverClientItIs() throws IOException {
        String address = "127.0.0.1:" + freePort();
        try (PaxosNode node = Counter.start(1, "1=" + address, directory)) {
            assertEquals(55, Clients.byThreads(List.of(address)));
            assertEquals(65, Clients.byPolling(List.of(address)));
            assertEquals(72, Clients.besideNode(node));
        }
    }

    /** Three nodes under crashes, losses of power, partitions and clocks that run apart. */
    @Test
    void countsAlikeOnAllNodesWhateverFails() {
        SimulatedCluster.of(
                        Counter::new,
                        random -> {
                            byte[] number = new byte[Long.BYTES];
                            number[0] = (byte) random.nextInt(100);
                            return number;
                        })
                .seeds(1, 20)
                .run();
    }

    /** A node uses two ports, one behind the other. */
    private static int freePort() throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            try (DatagramSocket first = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
                int port = first.getLocalPort();
                new DatagramSocket(new InetSocketAddress("127.0.0.1", port + 1)).close();
                return port;
            } catch (SocketException | IllegalArgumentException e) {
                continue;
            }
        }
        throw new IOException("no two free ports in a row");
    }
}
