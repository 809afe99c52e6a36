package io.paxoslog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.PaxosStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands whose standard streams are closed, full or without reader, or whose locale is C. */
@Tag("process")
class StandardStreamsTest {
    @TempDir private static Path directory;
    private static ClusterProcesses cluster;
    private static String members;

    /** How a process ended and what it printed. */
    private record End(int exitCode, List<String> out, List<String> err) {}

    @BeforeAll
    static void startANode() {
        cluster = Processes.cluster(1, directory);
        members = cluster.members();
        cluster.start();
        assertThat(Cli.run("append", "--members", members, "--timeout", "60", "first").exitCode())
                .isZero();
    }

    @AfterAll
    static void killTheNode() {
        cluster.close();
    }

    /** The JVM opened a file of its own under the number of the closed stream. */
    @Test
    void appendsNothingFromAnInputThatIsClosed() throws Exception {
        long before = commitIndex();
        End closed = shell("exec \"$@\" <&-", "append", "--members", members);
        assertThat(closed.err())
                .containsExactly(
                        "paxos append: standard input cannot be read: it is closed; no more");
        assertThat(closed.exitCode()).isEqualTo(1);
        assertThat(closed.out()).isEmpty();
        // A session is opened and closed, and that is all.
        assertThat(Cli.run("tail", "--members", members, "--from", Long.toString(before + 1)).out())
                .isEmpty();
    }

    @Test
    void beginsNothingWhenOutputIsClosed() throws Exception {
        long before = commitIndex();
        End closed = shell("exec \"$@\" >&-", "append", "--members", members, "lost");
        assertThat(closed.err()).containsExactly("paxos append: standard output is closed");
        assertThat(closed.exitCode()).isEqualTo(1);
        assertThat(commitIndex()).isEqualTo(before);
        End full = shell("exec \"$@\" >/dev/full", "append", "--members", members, "told");
        assertThat(full.err())
                .containsExactly(
                        "paxos append: standard output cannot be written: No space left on device;"
                                + " argument 1 in the log, no more");
        assertThat(full.exitCode()).isEqualTo(1);
    }

    @Test
    void errorsThatGoNowhereChangeNothing() throws Exception {
        End closed = shell("exec \"$@\" 2>&-", "append", "--members", members, "pear");
        assertThat(closed.exitCode()).isZero();
        assertThat(closed.out()).hasSize(1);
    }

    @Test
    void aReaderThatLeavesEndsTailWithoutAWord() throws Exception {
        End left =
                shell(
                        "{ \"$@\" --follow; echo $? >&2; } | head -n 1",
                        "tail",
                        "--members",
                        members);
        assertThat(left.out()).hasSize(1);
        // The next command is the one that finds nobody reading.
        assertThat(left.err()).containsExactly("141");
    }

    @Test
    void bytesAreAppendedAsGivenInALocaleThatCannotShowThem() throws Exception {
        End appended =
                shell(
                        "export LC_ALL=C; exec \"$@\" \"$(printf 'gr\\303\\274n')\""
                                + " \"$(printf 'a\\377b')\" @no-file",
                        "append",
                        "--members",
                        members);
        assertThat(appended.err()).isEmpty();
        assertThat(appended.out()).hasSize(3);
        Cli tail = Cli.run("tail", "--json", "--members", members, "--from", appended.out().get(0));
        assertThat(tail.outLines())
                .extracting(line -> line.replaceFirst(".*\"slot\":\\d+,", ""))
                .containsExactly(
                        "\"command\":\"grün\"}",
                        "\"base64\":\"Yf9i\"}",
                        "\"command\":\"@no-file\"}");
    }

    @Test
    void aPathThatTheLocaleCannotSayIsRefused() throws Exception {
        End refused =
                shell(
                        "export LC_ALL=C; exec \"$@\" --dir \"$(printf 'gr\\303\\274n')\"",
                        "node",
                        "--id",
                        "1",
                        "--members",
                        "1=127.0.0.1:9");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .singleElement()
                .asString()
                .startsWith("paxos node: dir: ")
                .endsWith("try LC_ALL=C.UTF-8 (from --dir)");
    }

    private static long commitIndex() {
        return PaxosStatus.ask(cluster.addresses(), 10_000).get(0).commit();
    }

    private static End shell(String script, String... arguments)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        words.addAll(JavaCommand.of(Processes.FLAGS, Arrays.asList(arguments)));
        Process process = new ProcessBuilder(words).start();
        try {
            process.getOutputStream().close();
            if (arguments[0].equals("tail")) {
                appendUntilEnd(process);
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
            return new End(
                    process.exitValue(),
                    new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList(),
                    new String(process.getErrorStream().readAllBytes(), UTF_8).lines().toList());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void appendUntilEnd(Process process) {
        Deadline deadline = new Deadline(60);
        while (process.isAlive() && !deadline.isOver()) {
            Cli.run("append", "--members", members, "more");
        }
    }
}
