package io.paxoslog.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.SharedClient;
import io.paxoslog.server.PaxosNode;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README shows is what compiles and runs here. */
class ReadmeExampleTest {
    private static final String SOURCES = "src/test/java/io/paxoslog/example/";

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"Counter", "Clients"})
    void readmeShowsTheExampleThatIsTested(String example) throws IOException {
        String source = Files.readString(Path.of(SOURCES + example + ".java"));
        String begin = "// README begins\n";
        String shown =
                source.substring(
                        source.indexOf(begin) + begin.length(), source.indexOf("// README ends"));
        assertThat(Files.readString(Path.of("../README.md"))).contains("```java\n" + shown + "```");
    }

    @Test
    @Timeout(120)
    void aNodeOfTheExampleAddsUp() throws IOException {
        String address = "127.0.0.1:" + twoFreePorts();
        try (PaxosNode node = Counter.start(1, "1=" + address, directory)) {
            assertThat(node.isRunning()).isTrue();
            assertThat(Counter.add(List.of(address), 40)).isEqualTo(40);
            assertThat(Counter.add(List.of(address), 2)).isEqualTo(42);
        }
    }

    @Test
    @Timeout(120)
    void eachClientOfTheExampleAddsUp() throws IOException {
        String address = "127.0.0.1:" + twoFreePorts();
        List<String> addresses = List.of(address);
        try (PaxosNode node = Counter.start(1, "1=" + address, directory)) {
            assertThat(Clients.byThreads(addresses)).isEqualTo(55);
            assertThat(Clients.byPolling(addresses)).isEqualTo(65);
            assertThat(Clients.besideNode(node)).isEqualTo(72);
            SharedClient client = node.connect();
            assertThat(Clients.addOrSay(client, addresses, 8)).isTrue();
            client.close();
            assertThat(Clients.addOrSay(client, addresses, 1)).isFalse();
            assertThat(Counter.add(addresses, 0)).isEqualTo(80);
        }
    }

    private static int twoFreePorts() throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            try (DatagramSocket first = new DatagramSocket(0, loopback)) {
                int port = first.getLocalPort();
                try (DatagramSocket second = new DatagramSocket(port + 1, loopback)) {
                    assertThat(second.getLocalPort()).isEqualTo(port + 1);
                    return port;
                } catch (IOException e) {
                    // The neighbour is taken: try another pair.
                }
            }
        }
        throw new IOException("no two consecutive UDP ports are free");
    }
}
