package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The map shell against three real nodes. */
@Tag("process")
@Timeout(180)
class MapCommandTest {
    @TempDir static Path directory;

    private static ClusterProcesses cluster;

    @BeforeAll
    static void start() {
        cluster = new ClusterProcesses(3, directory, Processes.FLAGS, List.of("--app", "map"));
        cluster.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static Cli map(String input, String... options) {
        String[] words = new String[options.length + 3];
        words[0] = "map";
        words[1] = "--members";
        words[2] = String.join(",", cluster.addresses());
        System.arraycopy(options, 0, words, 3, options.length);
        return Cli.runWithInput(input, words);
    }

    @Test
    void answersEachLineWithOne() {
        Cli cli = map("put a 1\nget a\n\ncas a 1 2\ncas a 1 3\nget a\ndel a\nget a\nbad\nget a\n");
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exitCode()).isZero();
        List<String> out = cli.outLines();
        assertThat(out.get(0)).matches("slot \\d+");
        assertThat(out.get(5)).matches("slot \\d+");
        assertThat(out)
                .filteredOn(line -> !line.startsWith("slot"))
                .containsExactly(
                        "1",
                        "swapped",
                        "not swapped",
                        "2",
                        "no such key",
                        "failed: 'bad' is none of put, get, cas and del",
                        "no such key");
    }

    @Test
    void programsGetAnObjectForEachLine() {
        Cli cli = map("put b 1\nget b\ncas b 2 3\nget no\nput\n", "--json");
        assertThat(cli.exitCode()).isZero();
        assertThat(cli.outLines().stream().map(line -> line.replaceAll("\\d+}", "N}")))
                .containsExactly(
                        "{\"op\":\"put\",\"key\":\"b\",\"ok\":true,\"slot\":N}",
                        "{\"op\":\"get\",\"key\":\"b\",\"ok\":true,\"value\":\"1\",\"slot\":N}",
                        "{\"op\":\"cas\",\"key\":\"b\",\"ok\":true,\"swapped\":false,\"slot\":N}",
                        "{\"op\":\"get\",\"key\":\"no\",\"ok\":true,\"value\":null,\"slot\":N}",
                        "{\"ok\":false,\"error\":\"BAD_LINE\",\"message\":\"put KEY VALUE, not 1"
                                + " words; a word with blanks stands in double quotes\"}");
    }

    @Test
    void readsInEveryModeThatIsBuilt() {
        for (String mode : List.of("log", "read-index", "follower", "quorum", "at-least")) {
            Cli cli = map("put " + mode + " 1\nget " + mode + "\n", "--read", mode);
            assertThat(cli.outLines().get(1)).as(mode + cli.err()).isEqualTo("1");
        }
        assertThat(map("get c\n", "--read", "stale").outLines()).containsExactly("no such key");
    }

    @Test
    void readsFromTheNodeThatIsNamed() {
        for (String address : cluster.addresses()) {
            Cli cli = map("put d 1\nget d\n", "--read", "at-least", "--from", address);
            assertThat(cli.outLines().get(1)).isEqualTo("1");
        }
    }

    @Test
    void whatCannotBeDoneInTimeIsAnsweredAndTheNextLineIsRead() {
        Cli cli =
                Cli.runWithInput(
                        "put a 1\nget a\n",
                        "map",
                        "--members",
                        "127.0.0.1:9",
                        "--deadline",
                        "300",
                        "--json");
        assertThat(cli.exitCode()).isZero();
        assertThat(cli.outLines()).hasSize(2);
        assertThat(cli.outLines().get(0))
                .startsWith("{\"op\":\"put\",\"key\":\"a\",\"ok\":false,\"error\":\"NO_LEADER\"");
        assertThat(cli.outLines().get(1))
                .startsWith(
                        "{\"op\":\"get\",\"key\":\"a\",\"ok\":false,\"error\":\"READ_TIMED_OUT\"");
    }

    @Test
    void wrongUseIsRefusedBeforeAnythingIsRead() {
        assertThat(map("", "--read", "fast").err())
                .contains("'fast' is none of log, read-index, lease, follower, quorum, at-least");
        assertThat(map("", "--deadline", "0").err()).contains("--deadline: 1 to 3600000 ms, not 0");
        assertThat(map("", "--from", "nowhere").err()).contains("--from: ");
        assertThat(map("", "--deadline", "0").exitCode()).isEqualTo(2);
    }
}
