package io.paxoslog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that are told to stop end cleanly, with an exit code of their own. */
@Tag("process")
class SignalTest {
    // Not INT: a shell that starts a build in the background makes it deaf to that.
    private static final String STOP = "TERM";

    @TempDir private Path directory;
    private ClusterProcesses cluster;
    private String members;

    @BeforeEach
    void startANode() {
        cluster = Processes.cluster(1, directory);
        members = cluster.members();
        cluster.start();
    }

    @AfterEach
    void killTheNode() {
        cluster.close();
    }

    @Test
    void followingEndsWithCodeZero() throws Exception {
        Process tail = start("tail", "--members", members, "--follow");
        try (BufferedReader lines = tail.inputReader(UTF_8)) {
            assertThat(Cli.run("append", "--members", members, "pear").exitCode()).isZero();
            assertThat(lines.readLine()).endsWith("\tpear");
            Processes.signal(STOP, tail.pid());
            assertThat(exitCode(tail)).isZero();
            assertThat(lines.readLine()).isNull();
        }
    }

    @Test
    void appendSaysHowFarItCame() throws Exception {
        Process append = start("append", "--members", members);
        try (BufferedReader slots = append.inputReader(UTF_8);
                BufferedReader errors = append.errorReader(UTF_8);
                OutputStream input = append.getOutputStream()) {
            write(input, "pear\napple\n");
            assertThat(slots.readLine()).isNotNull();
            assertThat(slots.readLine()).isNotNull();
            Processes.signal(STOP, append.pid());
            assertThat(exitCode(append)).isEqualTo(1);
            assertThat(errors.lines())
                    .containsExactly("paxos append: stopped; lines 1 to 2 in the log, no more");
        }
    }

    @Test
    void appendNamesTheLinesWhoseOutcomeIsUnknown() throws Exception {
        Process append = start("append", "--members", members, "--timeout", "2");
        try (BufferedReader slots = append.inputReader(UTF_8);
                BufferedReader errors = append.errorReader(UTF_8);
                OutputStream input = append.getOutputStream()) {
            write(input, "pear\napple\n");
            assertThat(slots.readLine()).isNotNull();
            assertThat(slots.readLine()).isNotNull();
            Processes.signal("STOP", cluster.node(1).pid());
            write(input, "plum\ncherry\n");
            assertThat(exitCode(append)).isEqualTo(3);
            assertThat(slots.readLine()).isNull();
            assertThat(errors.lines())
                    .singleElement()
                    .asString()
                    .startsWith("paxos append: ")
                    .endsWith("; lines 1 to 2 in the log, lines 3 to 4 unknown");
        } finally {
            Processes.signal("CONT", cluster.node(1).pid());
        }
    }

    @Test
    void aNodeEndsWithItsParent() throws Exception {
        Process node =
                start(
                        "node",
                        "--id",
                        "1",
                        "--members",
                        "1=127.0.0.1:" + FreePorts.find(1).get(0),
                        "--dir",
                        directory.resolve("other").toString(),
                        NodeCommand.STOP_AT_END_OF_INPUT);
        try (BufferedReader lines = node.inputReader(UTF_8)) {
            assertThat(lines.readLine()).startsWith(NodeCommand.READY);
            node.getOutputStream().close();
            assertThat(exitCode(node)).isZero();
        }
    }

    /** The JVM refuses libraries the hooks that they want to add when they are first used. */
    @Test
    void aNodeThatIsStoppedWhileItStartsEndsWithoutAWord() throws Exception {
        Path data = directory.resolve("early");
        Process node =
                start(
                        "node",
                        "--id",
                        "1",
                        "--members",
                        "1=127.0.0.1:" + FreePorts.find(1).get(0),
                        "--dir",
                        data.toString());
        while (node.isAlive() && !Files.exists(data)) {
            LockSupport.parkNanos(1_000_000);
        }
        node.toHandle().destroy();
        assertThat(exitCode(node)).isZero();
        try (BufferedReader lines = node.errorReader(UTF_8)) {
            assertThat(lines.lines().filter(line -> !line.contains(" node 1 "))).isEmpty();
        }
    }

    private static Process start(String... arguments) throws IOException {
        return new ProcessBuilder(JavaCommand.of(Processes.FLAGS, List.of(arguments))).start();
    }

    private static void write(OutputStream input, String text) throws IOException {
        input.write(text.getBytes(UTF_8));
        input.flush();
    }

    private static int exitCode(Process process) throws InterruptedException {
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
            return process.exitValue();
        } finally {
            // Through the handle: Process.destroyForcibly would also throw its last words away.
            process.toHandle().destroyForcibly();
        }
    }
}
