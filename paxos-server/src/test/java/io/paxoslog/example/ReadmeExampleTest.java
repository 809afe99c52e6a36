package io.paxoslog.example;

import static org.assertj.core.api.Assertions.assertThat;

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

/** What the README shows is what compiles and runs here. */
class ReadmeExampleTest {
    private static final String SOURCE = "src/test/java/io/paxoslog/example/Counter.java";

    @TempDir Path directory;

    @Test
    void readmeShowsTheExampleThatIsTested() throws IOException {
        String source = Files.readString(Path.of(SOURCE));
        String begin = "// README begins\n";
        String example =
                source.substring(
                        source.indexOf(begin) + begin.length(), source.indexOf("// README ends"));
        assertThat(Files.readString(Path.of("../README.md")))
                .contains("```java\n" + example + "```");
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
