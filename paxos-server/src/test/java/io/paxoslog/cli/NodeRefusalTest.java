package io.paxoslog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What keeps a node from starting: one clear line, the right exit code, nothing changed on disk.
 */
@Tag("process")
class NodeRefusalTest {
    private static final int HEAD_BYTES = 88;

    private static final String COMMAND = "a command to be found again in the journal";

    @TempDir private static Path home;
    private static int port;
    private static String alone;
    private static Path used;

    private Path directory;
    private SortedMap<String, Long> before;

    @BeforeAll
    static void useADirectory() {
        port = FreePorts.find(1).get(0);
        alone = "1=127.0.0.1:" + port;
        used = home.resolve("used");
        try (NodeProcess node = Processes.node(1, alone, used)) {
            node.start();
            node.awaitReady();
            assertThat(Cli.run("append", "--members", alone, COMMAND).outLines()).hasSize(1);
            node.askToStop();
            assertThat(node.awaitExit()).isZero();
        }
    }

    @BeforeEach
    void copyTheDirectory() throws IOException {
        directory = Files.createTempDirectory(home, "node").resolve("data");
        Processes.copy(used, directory);
        before = Processes.contentOf(directory);
    }

    @Test
    void membersOtherThanThoseTheLogRecordsAreNoReason() {
        int more = FreePorts.find(1).get(0);
        try (NodeProcess node = Processes.node(1, alone + ",2=127.0.0.1:" + more, directory)) {
            node.start();
            node.awaitReady();
            node.awaitLine("members [1], prepareQuorum 1");
            assertThat(node.output()).anyMatch(line -> line.contains("the log counts"));
            assertThat(Cli.run("append", "--members", alone, "goes on").exitCode()).isZero();
            node.askToStop();
            assertThat(node.awaitExit()).isZero();
        }
    }

    @Test
    void idThatIsNotAmongTheMembers() throws IOException {
        assertThat(refusal(7, alone, 2)).contains("7").contains(alone);
        assertThat(Processes.contentOf(directory)).isEqualTo(before);
    }

    @Test
    void portInUse() throws IOException {
        try (DatagramSocket taken = new DatagramSocket(null)) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port + 1));
            assertThat(refusal(1, alone, 1)).contains("" + (port + 1));
        }
        assertThat(Processes.contentOf(directory)).isEqualTo(before);
    }

    @Test
    void portInUseLeavesNoNewDirectoryBehind() throws IOException {
        Processes.delete(directory);
        try (DatagramSocket taken = new DatagramSocket(null)) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            assertThat(refusal(1, alone, 1)).contains("" + port);
        }
        assertThat(directory).doesNotExist();
    }

    @Test
    void directoryOfAnotherNode() throws IOException {
        int more = FreePorts.find(1).get(0);
        String line = refusal(2, alone + ",2=127.0.0.1:" + more, 5);
        assertThat(line).contains("node 1").contains(directory.toString());
        assertThat(Processes.contentOf(directory)).isEqualTo(before);
    }

    @Test
    void directoryInUseByAnotherProcess() throws IOException {
        try (NodeProcess first = Processes.node(1, alone, directory)) {
            first.start();
            first.awaitReady();
            before = Processes.contentOf(directory);
            String elsewhere = "1=127.0.0.1:" + FreePorts.find(1).get(0);
            assertThat(refusal(1, elsewhere, 1)).contains(directory.toString(), "process");
            assertThat(Cli.run("append", "--members", alone, "still here").exitCode()).isZero();
        }
    }

    @Test
    void directoryThatCannotBeMade() throws IOException {
        Path file = Files.writeString(directory.resolveSibling("file"), "no directory");
        directory = file.resolve("data");
        assertThat(refusal(1, alone, 1)).contains(directory.toString());
        assertThat(file).hasContent("no directory");
    }

    @Test
    void damagedJournal() throws IOException {
        damage(COMMAND.getBytes(UTF_8));
        // Nothing says any more what the node promised.
        Files.delete(directory.resolve("standing"));
        before = Processes.contentOf(directory);
        assertThat(refusal(1, alone, 5)).contains("damaged").contains(directory.toString());
        assertThat(Processes.contentOf(directory)).isEqualTo(before);
    }

    /** Starts a node on the directory, and returns the one line it prints before it ends. */
    private String refusal(int id, String members, int exitCode) {
        try (NodeProcess node = Processes.node(id, members, directory)) {
            node.start();
            assertThat(node.awaitExit()).isEqualTo(exitCode);
            node.awaitEndOfOutput();
            List<String> lines = node.output();
            assertThat(lines).singleElement().asString().startsWith("paxos node: ");
            return lines.get(0);
        }
    }

    /** Changes one byte of these in every file that holds them. */
    private void damage(byte[] bytes) throws IOException {
        int damaged = 0;
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                damaged += damage(file, bytes) ? 1 : 0;
            }
        }
        assertThat(damaged).isPositive();
    }

    private static boolean damage(Path file, byte[] bytes) throws IOException {
        byte[] content = Files.readAllBytes(file);
        for (int at = 0; at <= content.length - bytes.length; at++) {
            if (Arrays.equals(content, at, at + bytes.length, bytes, 0, bytes.length)) {
                // Its head says which record it is; no later file says what it said.
                content[at - HEAD_BYTES / 2] ^= 1;
                Files.write(file, content);
                return true;
            }
        }
        return false;
    }
}
