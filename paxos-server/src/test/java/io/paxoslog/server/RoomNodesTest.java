package io.paxoslog.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.NodeReport;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.PaxosStatus;
import io.paxoslog.core.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real nodes on a disk that has less room than they want: it is the wish that is large. */
@Timeout(120)
class RoomNodesTest {
    private static final int TIMEOUT_MS = 30_000;
    private static final int COMMANDS = 400;

    /** Each command takes four KiB, a file of the journal 64 of them. */
    private static final Map<Setting<?>, Object> SMALL =
            Map.of(
                    Settings.ELECTION_TIMEOUT_MS,
                    300,
                    Settings.HEARTBEAT_MS,
                    50,
                    Settings.COMMAND_BYTES,
                    8 << 10,
                    Settings.BATCH_BYTES,
                    16 << 10,
                    Settings.SEGMENT_BYTES,
                    256 << 10);

    @TempDir Path directory;

    private TestNodes nodes(int count, long roomBytes) {
        Map<Setting<?>, Object> settings = new HashMap<>(SMALL);
        settings.put(Settings.ROOM_BYTES, roomBytes);
        return new TestNodes(directory, count, settings);
    }

    private long freeBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    @Test
    void aClusterThatIsShortOfRoomLeadsAndTellsItsClients() {
        try (TestNodes nodes = nodes(3, 1L << 50)) {
            nodes.startAll();
            int leader = nodes.awaitLeader();

            ClientException refusal =
                    catchThrowableOfType(
                            ClientException.class,
                            () ->
                                    PaxosClient.connect(
                                            ClientConfig.of(nodes.addresses())
                                                    .withTimeouts(250, 1_000, 2_000),
                                            (sequence, slot, reply, offset, length) -> {}));

            assertThat(refusal.error()).isEqualTo(ClientError.DISK_FULL);
            assertThat(nodes.awaitLeader()).isEqualTo(leader);
            List<NodeReport> reports = PaxosStatus.ask(nodes.addresses(), 5_000);
            assertThat(reports).allMatch(report -> !report.storage().votesOnCommands());
            assertThat(reports).allMatch(report -> report.storage().floorBytes() == 1L << 50);
            // Genesis was chosen all the same, from what was left.
            assertThat(reports).allMatch(report -> report.clusterId() != 0);
        }
    }

    @Test
    void whereRoomGetsTightTheLogIsKeptShorterThanSettingsSay() throws IOException {
        try (TestNodes nodes = nodes(1, freeBytes() / 3 * 2)) {
            nodes.startAll();
            nodes.await("a leader", () -> nodes.running().get(0).role() == Role.LEADING);
            try (PaxosClient client = PaxosClient.connect(nodes.addresses())) {
                Path first = nodes.directoryOf(1).resolve("journal").resolve("00000001");
                for (int i = 0; i < 20 * COMMANDS && Files.exists(first); i++) {
                    client.append("x".repeat(4_000).getBytes(US_ASCII), TIMEOUT_MS);
                }
                assertThat(first).doesNotExist();
            }
        }
    }
}
