package io.paxoslog.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientTransportTest {
    @Test
    void closedClientLeavesNothing() {
        ClientTransport transport = new ClientTransport(ClientConfig.of(List.of("127.0.0.1:1")));
        Path directory = Path.of(transport.directory());
        assertThat(directory).exists();
        transport.close();
        assertThat(directory.getParent()).doesNotExist();
    }
}
