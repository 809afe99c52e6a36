package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    @Test
    void helpShowsCommandsAndExitCodes() {
        Cli help = Cli.run("--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out())
                .contains("Usage: paxos", "2     wrong use")
                .contains("demo", "node", "append", "tail", "bench", "status", "log");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "append",
                "tail",
                "bench",
                "status",
                "snapshot",
                "backup",
                "restore",
                "recover",
                "log inspect",
                "log verify",
                "log diff",
                "node"
            })
    void helpOfEachCommandShowsExamples(String command) {
        Cli help = Cli.run((command + " --help").split(" "));
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("Examples:", "./paxos " + command);
    }

    @Test
    void versionNamesTheProduct() {
        Cli version = Cli.run("--version");
        assertThat(version.exitCode()).isZero();
        assertThat(version.out()).startsWith("PaxosLog ");
    }

    @Test
    void wrongOptionIsOneLineAndExitCodeTwo() {
        assertWrongUse("paxos: Unknown option: '--colour' Try: paxos --help", "--colour");
    }

    @Test
    void missingCommandIsWrongUse() {
        assertWrongUse("paxos: which command? Try: paxos --help");
        assertWrongUse("paxos log: which command? Try: paxos log --help", "log");
    }

    @Test
    void missingClusterIsWrongUse() {
        for (String command : List.of("append", "tail", "bench", "status")) {
            assertWrongUse(
                    "paxos "
                            + command
                            + ": which cluster? Give --members HOST:PORT,HOST:PORT,... or set"
                            + " PAXOSLOG_MEMBERS",
                    command);
        }
    }

    @Test
    void wrongAddressIsNamed() {
        for (String command : List.of("append", "tail", "bench", "status")) {
            Cli wrong = Cli.run(command, "--members", "1=localhost");
            assertThat(wrong.exitCode()).isEqualTo(2);
            assertThat(wrong.errLines()).singleElement().asString().contains("'localhost'");
        }
    }

    @Test
    void wrongNumbersAreNamed() {
        String[] members = {"--members", "127.0.0.1:9"};
        assertWrongUse(
                "paxos bench: --window: at least one command for each of the 3 sessions, not 2",
                "bench",
                members[0],
                members[1],
                "--sessions",
                "3",
                "--window",
                "2");
        assertWrongUse(
                "paxos tail: --from: at least 1, not 0",
                "tail",
                members[0],
                members[1],
                "--from",
                "0");
        assertWrongUse(
                "paxos tail: --cluster: only with --follow, and without --dir",
                "tail",
                members[0],
                members[1],
                "--cluster",
                "1f");
        assertWrongUse(
                "paxos tail: --cluster: 1 to 16 hexadecimal digits, not 'mine'",
                "tail",
                members[0],
                members[1],
                "--follow",
                "--cluster",
                "mine");
        assertWrongUse(
                "paxos append: --timeout: more than 0 seconds, not -1.0",
                "append",
                members[0],
                members[1],
                "--timeout",
                "-1");
        assertWrongUse("paxos demo: --seconds: at least 3, not 1.0", "demo", "--seconds", "1");
    }

    @Test
    void wrongSettingOfANodeIsNamedWithWhatWouldBeRight() {
        Cli wrong = Cli.run("node", "--id", "1", "--members", "1=h:1", "--dir", "d", "--app", "x");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.errLines())
                .containsExactly(
                        "paxos node: app: \"x\" is not one of log, sequencer, map, kv (from --app)");
    }

    @Test
    void settingsOfANodeComeFromTheEnvironmentToo() {
        Cli wrong =
                Cli.runWithEnvironment(
                        Map.of(
                                "PAXOSLOG_ID", "1",
                                "PAXOSLOG_MEMBERS", "1=h:1",
                                "PAXOSLOG_DIR", "d",
                                "PAXOSLOG_HEARTBEAT_MS", "999"),
                        "node");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.errLines())
                .containsExactly(
                        "paxos node: heartbeat-ms: 999 is more than a third of"
                                + " election-timeout-ms, which is 150; at most 50 (heartbeat-ms"
                                + " from PAXOSLOG_HEARTBEAT_MS, election-timeout-ms by default)");
    }

    @Test
    void settingsOfANodeComeFromAFileToo(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("node.properties"), "colour=red\n");
        Cli wrong = Cli.run("node", "--config", file.toString());
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.errLines())
                .singleElement()
                .asString()
                .startsWith("paxos node: " + file + " line 1: there is no setting \"colour\"");
    }

    @Test
    void theClusterMayComeFromTheEnvironment() {
        Cli wrong = Cli.runWithEnvironment(Map.of("PAXOSLOG_MEMBERS", "1=localhost"), "status");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("'localhost'").contains("(from PAXOSLOG_MEMBERS)");
    }

    @Test
    void whatClientsTakeFromTheEnvironmentANodeTakesTooAndElseSaysWhereItCameFrom() {
        String members = "127.0.0.1:9,127.0.0.1:19";
        Cli wrong =
                Cli.runWithEnvironment(
                        Map.of("PAXOSLOG_MEMBERS", members), "node", "--id", "1", "--dir", "d");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.errLines())
                .singleElement()
                .asString()
                .contains("\"" + members + "\" is not a list like 1=HOST:PORT")
                .endsWith("(from PAXOSLOG_MEMBERS)");
    }

    @Test
    void aVariableThatIsNoSettingIsRefusedByAllThatReadThem() {
        Map<String, String> environment = Map.of("PAXOSLOG_MEMBER", "127.0.0.1:9");
        for (String command : List.of("node", "append", "tail", "bench", "status")) {
            Cli wrong = Cli.runWithEnvironment(environment, command);
            assertThat(wrong.exitCode()).isEqualTo(2);
            assertThat(wrong.errLines())
                    .containsExactly(
                            "paxos "
                                    + command
                                    + ": PAXOSLOG_MEMBER: there is no such variable of the"
                                    + " environment; did you mean PAXOSLOG_MEMBERS?");
        }
    }

    @Test
    void helpIsACommandToo() {
        assertThat(Cli.run("help").out()).isEqualTo(Cli.run("--help").out());
        assertThat(Cli.run("help").exitCode()).isZero();
        assertThat(Cli.run("help", "append").out()).isEqualTo(Cli.run("append", "--help").out());
        assertThat(Cli.run("help", "log", "inspect").out())
                .isEqualTo(Cli.run("log", "inspect", "--help").out());
        assertWrongUse(
                "paxos help: there is no command 'apend' in paxos, only demo, node, append, tail,"
                        + " map, bench, status, snapshot, backup, restore, recover, skip, retry, limits,"
                        + " version, members, log, help. Try: paxos help --help",
                "help",
                "apend");
    }

    /** What help offers for a choice is what the setting takes. */
    @Test
    void helpOffersNothingThatIsRefused() {
        String help = Cli.run("node", "--help").out();
        assertThat(help).contains("sync, async, page-cache;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--version", "help", "help append", "append --help"})
    void outputThatCannotBeWrittenIsAFailure(String words) {
        Cli failed = Cli.runWithOutputThatFails("No space left on device", 0, "", words.split(" "));
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.errLines())
                .singleElement()
                .asString()
                .startsWith("paxos")
                .endsWith(": standard output cannot be written: No space left on device");
    }

    @Test
    void aPipeWithoutReaderEndsACommandWithoutAWord() {
        Cli failed = Cli.runWithOutputThatFails("Broken pipe", 0, "", "--help");
        assertThat(failed.exitCode()).isEqualTo(141);
        assertThat(failed.err()).isEmpty();
    }

    @Test
    void directoryWithoutJournalIsNamed() {
        Cli failed = Cli.run("log", "inspect", "no-such-directory");
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.errLines())
                .singleElement()
                .asString()
                .startsWith("paxos log inspect: ")
                .contains("no-such-directory");
    }

    private static void assertWrongUse(String line, String... args) {
        Cli wrong = Cli.run(args);
        assertThat(wrong.errLines()).containsExactly(line);
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.out()).isEmpty();
    }
}
