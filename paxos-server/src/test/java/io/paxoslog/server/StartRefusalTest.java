package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.JournalRecords;
import io.paxoslog.log.ChronicleJournal;
import io.paxoslog.log.Durability;
import io.paxoslog.log.JournalConfig;
import io.paxoslog.service.LogStateMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a node from starting: one line that says so, and nothing changed on disk. */
@Timeout(180)
class StartRefusalTest {
    private static final Map<Setting<?>, Object> SMALL = Map.of(Settings.SEGMENT_BYTES, 4 << 20);

    @TempDir Path directory;

    @Test
    void refusesATakenPortBeforeItTouchesTheDirectory() throws IOException {
        TestNodes nodes = new TestNodes(directory, 1, SMALL);
        int clientPort = nodes.config(1).self().port() + 1;
        try (DatagramChannel taken = TestNodes.bind(clientPort)) {
            assertThat(taken.isOpen()).isTrue();
            refuses(nodes.config(1), StartException.Reason.PORT, String.valueOf(clientPort));
        }
        assertThat(nodes.directoryOf(1)).doesNotExist();
    }

    @Test
    void refusesAHostThatIsNotThisMachine() {
        refuses(
                config("1=no-such-host.invalid:9000", 1, directory.resolve("data")),
                StartException.Reason.PORT,
                "no-such-host.invalid");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void refusesADirectoryThatIsAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("data"), "not a directory");
        refuses(
                config(TestNodes.freeMembers(1), 1, file),
                StartException.Reason.DIRECTORY,
                file.toString());
        assertThat(file).hasContent("not a directory");
    }

    @Test
    void refusesAPlaceForBuffersThatCannotBeUsed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        Path data = directory.resolve("data");
        NodeConfig config =
                NodeConfig.builder()
                        .set(Settings.ID, 1)
                        .set(Settings.MEMBERS, TestNodes.freeMembers(1))
                        .set(Settings.DIR, data)
                        .set(Settings.AERON_PARENT, file)
                        .build();
        refuses(config, StartException.Reason.MEDIA, file.toString());
        assertThat(data).doesNotExist();
    }

    @Test
    void refusesADirectoryOfAnotherNode() {
        try (TestNodes nodes = new TestNodes(directory, 1, SMALL)) {
            found(nodes);
            Map<Path, Long> before = contents(nodes.directoryOf(1));
            refuses(
                    config("2=localhost:" + nodes.config(1).self().port(), 2, nodes.directoryOf(1)),
                    StartException.Reason.FOREIGN_DIRECTORY,
                    nodes.directoryOf(1).toString());
            assertThat(contents(nodes.directoryOf(1))).isEqualTo(before);
        }
    }

    /** The way it was left by builds that believed a forged ballot. */
    @Test
    void refusesABallotThatLeavesHardlyAnyRounds() {
        Path data = directory.resolve("data");
        JournalConfig journal =
                JournalConfig.of(data, 1, Durability.SYNC).withSegmentBytes(4 << 20);
        Object hearsNothing =
                Proxy.newProxyInstance(
                        JournalRecords.class.getClassLoader(),
                        new Class<?>[] {JournalRecords.class},
                        (proxy, method, arguments) -> null);
        try (ChronicleJournal poisoned = ChronicleJournal.open(journal)) {
            poisoned.recover((JournalRecords) hearsNothing);
            poisoned.promised(Ballot.of(Ballot.MAX_ROUND, 2));
            poisoned.endTurn();
        }
        Map<Path, Long> before = contents(data);
        NodeConfig config = config(TestNodes.freeMembers(1), 1, data);
        for (int start = 1; start <= 2; start++) {
            refuses(
                    config,
                    StartException.Reason.BALLOTS,
                    data + " records ballot 140737488355327.2, which leaves 0 of");
        }
        assertThat(contents(data)).isEqualTo(before);
    }

    @Test
    void refusesADirectoryThatIsInUse() {
        try (TestNodes nodes = new TestNodes(directory, 1, SMALL)) {
            nodes.startAll();
            nodes.awaitApplied(1);
            refuses(
                    config(TestNodes.freeMembers(1), 1, nodes.directoryOf(1)),
                    StartException.Reason.LOCKED,
                    nodes.directoryOf(1).toString());
            assertThat(nodes.running().get(0).isRunning()).isTrue();
        }
    }

    @Test
    void startsAgainAfterARefusal() {
        try (TestNodes nodes = new TestNodes(directory, 1, SMALL)) {
            found(nodes);
            refuses(
                    config("2=localhost:" + nodes.config(1).self().port(), 2, nodes.directoryOf(1)),
                    StartException.Reason.FOREIGN_DIRECTORY,
                    nodes.directoryOf(1).toString());
            nodes.start(1);
            nodes.awaitLeader();
        }
    }

    /** Containers may share memory and nothing else: what is equal in both says nothing. */
    @Test
    void nodesOfOneNumberKeepTheirBuffersApart() throws IOException {
        Path memory = Files.createDirectory(directory.resolve("memory"));
        Map<Setting<?>, Object> settings =
                Map.of(Settings.SEGMENT_BYTES, 4 << 20, Settings.AERON_PARENT, memory);
        try (TestNodes nodes = new TestNodes(directory.resolve("one"), 1, settings)) {
            nodes.startAll();
            nodes.awaitApplied(1);
            try (TestNodes others = new TestNodes(directory.resolve("other"), 1, settings)) {
                others.startAll();
                others.awaitApplied(1);
                assertThat(buffersIn(memory)).hasSize(2);
                assertThat(nodes.running().get(0).isRunning()).isTrue();
            }
            assertThat(buffersIn(memory)).hasSize(1);
        }
        assertThat(buffersIn(memory)).isEmpty();
    }

    private static List<Path> buffersIn(Path memory) throws IOException {
        try (Stream<Path> all = Files.list(memory)) {
            return all.toList();
        }
    }

    private static void found(TestNodes nodes) {
        nodes.startAll();
        nodes.awaitLeader();
        nodes.awaitApplied(1);
        nodes.stop(1);
    }

    private static NodeConfig config(String members, int id, Path dir) {
        return NodeConfig.builder()
                .set(Settings.ID, id)
                .set(Settings.MEMBERS, members)
                .set(Settings.DIR, dir)
                .set(Settings.SEGMENT_BYTES, 4 << 20)
                .build();
    }

    private static void refuses(NodeConfig config, StartException.Reason reason, String named) {
        assertThatThrownBy(() -> PaxosLog.launch(config, new LogStateMachine()))
                .isInstanceOfSatisfying(
                        StartException.class,
                        e -> {
                            assertThat(e.reason()).isEqualTo(reason);
                            assertThat(e.getMessage()).contains(named).doesNotContain("\n");
                        });
    }

    /** Every file of a directory with a checksum of what it holds. */
    private static Map<Path, Long> contents(Path dir) {
        Map<Path, Long> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                CRC32C checksum = new CRC32C();
                checksum.update(Files.readAllBytes(file));
                contents.put(file, checksum.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return contents;
    }
}
