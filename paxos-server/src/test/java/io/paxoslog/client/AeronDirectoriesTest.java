package io.paxoslog.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients leave behind in the place for driver directories. */
class AeronDirectoriesTest {
    @TempDir Path parent;

    @Test
    void removesThoseOfDeadProcessesOnly() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Path ofDead = create("paxoslog-client-" + dead.pid() + "-1");
        Path ofLiving = create("paxoslog-client-" + ProcessHandle.current().pid() + "-1");
        Path foreign = create("aeron-somebody");
        Path odd = create("paxoslog-client-x");
        AeronDirectories.cleanUp(parent.toFile());
        assertThat(ofDead).doesNotExist();
        assertThat(ofLiving).exists();
        assertThat(foreign).exists();
        assertThat(odd).exists();
    }

    private Path create(String name) throws IOException {
        Path directory = Files.createDirectory(parent.resolve(name));
        Files.writeString(directory.resolve("cnc.dat"), "x");
        return directory;
    }

    @Test
    void eachClientHasItsOwn() {
        assertThat(AeronDirectories.next()).isNotEqualTo(AeronDirectories.next());
    }

    @Test
    void closedClientLeavesNothing() {
        ClientConfig config = ClientConfig.of(java.util.List.of("127.0.0.1:1"));
        ClientTransport transport = new ClientTransport(config);
        Path directory = Path.of(transport.directory());
        assertThat(directory).exists();
        transport.close();
        assertThat(directory).doesNotExist();
    }
}
