package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.planted.Patience;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code paxos kv} against three real nodes. */
@Tag("process")
@Timeout(180)
class KvCommandTest {
    private record Said(int exitCode, List<String> out, String err) {}

    private static final List<String> FLAGS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    @TempDir static Path directory;

    private static ClusterProcesses cluster;

    @BeforeAll
    static void start() {
        cluster = new ClusterProcesses(3, directory, FLAGS, List.of("--app", "kv"));
        cluster.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static Said kv(String input, String... words) {
        List<String> args = new ArrayList<>(List.of("kv", "--members"));
        args.add(String.join(",", cluster.addresses()));
        args.addAll(List.of(words));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        Terminal terminal =
                new Terminal(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new NotedOutput(out, e -> false),
                        new PrintWriter(err, true),
                        Map.of(),
                        new StopSignal());
        int exitCode = Main.commandLine(terminal).execute(args.toArray(String[]::new));
        return new Said(
                exitCode, out.toString(StandardCharsets.UTF_8).lines().toList(), err.toString());
    }

    private static List<String> withoutRevisions(Said said) {
        return said.out().stream()
                .map(line -> line.replaceAll("(revision|create|mod)\":\\d+", "$1\":N"))
                .toList();
    }

    @Test
    void programsGetAnObjectForEachLine() {
        String lines = "put a 1\nget a\ncas a 1 2\ncas a 1 3\nget none\ndel a\nput\n";
        assertThat(withoutRevisions(kv(lines, "--json")))
                .containsExactly(
                        "{\"op\":\"put\",\"key\":\"a\",\"ok\":true,\"revision\":N}",
                        "{\"op\":\"get\",\"key\":\"a\",\"ok\":true,\"value\":\"1\",\"create\":N,"
                                + "\"mod\":N,\"version\":1,\"lease\":0,\"revision\":N}",
                        "{\"op\":\"cas\",\"key\":\"a\",\"ok\":true,\"swapped\":true,\"revision\":N}",
                        "{\"op\":\"cas\",\"key\":\"a\",\"ok\":true,\"swapped\":false,\"revision\":N}",
                        "{\"op\":\"get\",\"key\":\"none\",\"ok\":true,\"value\":null,\"revision\":N}",
                        "{\"op\":\"del\",\"key\":\"a\",\"ok\":true,\"deleted\":1,\"revision\":N}",
                        "{\"ok\":false,\"error\":\"BAD_LINE\",\"message\":\"KEY is missing\"}");
    }

    @Test
    void wordsAreOneCommand() {
        assertThat(kv("", "put", "b 1", "x y").out())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("revision ");
        assertThat(kv("", "get", "b ", "--prefix").out()).containsExactly("b 1\tx y", "1 of 1");
        Said txn =
                kv(
                        "", "txn", "if", "version", "t", "=", "0", "then", "put", "t", "1", ";",
                        "get", "t", "else", "del", "t");
        assertThat(txn.out()).containsExactly("succeeded", "  put", "  found 1", "    t\t1");
        Said early = kv("", "get", "b 1", "--rev", "999999999");
        assertThat(early.exitCode()).isEqualTo(CommandFailure.FAILED);
        assertThat(early.err()).contains("there is no such revision yet");
        Said bad = kv("", "bogus");
        assertThat(bad.exitCode()).isEqualTo(CommandFailure.WRONG_USE);
        assertThat(bad.err()).contains("'bogus' is none of put, get, del, cas, txn, watch");
    }

    /** However slow the machine is: what nobody changes is not seen. */
    @Test
    void aWatchOnALineEndsWithItsDeadline() {
        List<String> said = kv("watch nothing\n", "--json", "--deadline", "1000").out();
        assertThat(said).hasSize(1);
        assertThat(said.get(0)).startsWith("{\"op\":\"watch\",\"key\":\"nothing\",");
    }

    @Test
    void aWatchSaysEachChangeOnALine() {
        String first = kv("", "put", "w1", "a").out().get(0).replace("revision ", "");
        kv("put w1 b\nput w2 c\ndel w1\nput x 1\n");
        Said words = kv("", "watch", "w", "--prefix", "--rev", first, "--prev-kv", "--events", "4");
        long revision = Long.parseLong(first);
        assertThat(words.out())
                .containsExactly(
                        revision + "\tput\tw1\ta",
                        revision + 1 + "\tput\tw1\tb\ta",
                        revision + 2 + "\tput\tw2\tc",
                        revision + 3 + "\tdel\tw1\tb");
        assertThat(words.exitCode()).isZero();
        String lines = "watch w1 --rev %s --no-delete --events 2\nget w2\n".formatted(first);
        List<String> shell = withoutRevisions(kv(lines, "--json", "--deadline", "60000"));
        assertThat(shell.subList(0, 2))
                .containsExactly(
                        "{\"event\":\"put\",\"key\":\"w1\",\"value\":\"a\",\"create\":N,"
                                + "\"version\":1,\"lease\":0,\"mod\":N}",
                        "{\"event\":\"put\",\"key\":\"w1\",\"value\":\"b\",\"create\":N,"
                                + "\"version\":2,\"lease\":0,\"mod\":N}");
        assertThat(shell.get(2))
                .startsWith("{\"op\":\"watch\",\"key\":\"w1\",\"ok\":true,\"events\":2,");
        assertThat(shell.get(3)).contains("\"value\":\"c\"");
        Said bad = kv("", "watch", "--rev", "1", "2");
        assertThat(bad.exitCode()).isEqualTo(CommandFailure.WRONG_USE);
    }

    /** Whichever node they ask. */
    @Test
    void leasesTakeTheirKeysWithThem() {
        assertThat(kv("", "lease", "grant", "600", "--id", "77").out())
                .containsExactly("lease 77, 600 s");
        kv("put l1 a --lease 77\nput l2 b --lease 77\n");
        assertThat(kv("", "lease", "keep-alive", "77").out()).containsExactly("lease 77, 600 s");
        assertThat(kv("", "lease", "list").out()).containsExactly("77");
        List<String> ttl = kv("", "lease", "ttl", "77", "--keys").out();
        assertThat(ttl.get(0)).matches("lease 77, \\d+ of 600 s left, 2 keys");
        assertThat(ttl.subList(1, 3)).containsExactly("l1", "l2");
        assertThat(kv("", "lease", "revoke", "77").out().get(0)).startsWith("done, revision ");
        assertThat(kv("", "get", "l", "--prefix").out()).containsExactly("0 of 0");
        Said gone = kv("", "lease", "ttl", "77");
        assertThat(gone.exitCode()).isEqualTo(CommandFailure.FAILED);
        assertThat(gone.err()).contains("there is no such lease");
        assertThat(kv("", "lease", "bogus").err())
                .contains("'bogus' is none of grant, revoke, keep-alive, ttl and list");
        kv("lease grant 2 --id 78\nput l3 c --lease 78\n");
        Said expired = kv("", "watch", "l3", "--rev", "1", "--no-put", "--events", "1");
        assertThat(expired.out()).hasSize(1).first().asString().endsWith("del\tl3");
    }

    private static Process start(String... words) throws IOException {
        List<String> args = new ArrayList<>(List.of("kv", "--members"));
        args.add(String.join(",", cluster.addresses()));
        args.addAll(List.of(words));
        return new ProcessBuilder(JavaCommand.of(FLAGS, args))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void end(Process process) throws InterruptedException {
        process.toHandle().destroy();
        assertThat(process.waitFor(Patience.ms(), TimeUnit.MILLISECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private static long tokenOf(String line) {
        return Long.parseLong(line.replaceAll(".*token (\\d+).*", "$1"));
    }

    @Test
    void aLockIsHeldWhileACommandRunsAndItsExitCodeIsPassedOn() {
        String lines = "case $LOCK_KEY in lock/a/*) test $LOCK_TOKEN -gt 1 && exit 7;; esac";
        Said said = kv("", "lock", "lock/a", "sh", "-c", lines);
        assertThat(said.exitCode()).isEqualTo(7);
        assertThat(said.err()).contains("key lock/a/").contains(", token ");
        assertThat(kv("", "get", "lock/a", "--prefix").out()).containsExactly("0 of 0");
        assertThat(kv("", "lock", "lock/a", "--", "true").exitCode()).isZero();
        Said none = kv("", "lock", "lock/a", "no-such-command");
        assertThat(none.exitCode()).isEqualTo(127);
        assertThat(none.err()).contains("no-such-command");
        assertThat(kv("", "get", "lock/a", "--prefix").out()).containsExactly("0 of 0");
        assertThat(kv("", "lock").err()).contains("NAME is missing");
        Said short1 = kv("", "lock", "lock/a", "--ttl", "1");
        assertThat(short1.exitCode()).isEqualTo(CommandFailure.WRONG_USE);
        assertThat(short1.err()).contains("--ttl: seconds from 2 on, not '1'");
        assertThat(kv("lock lock/a\n").out().get(0)).contains("'lock' is none of put");
    }

    /** Waits until another one stands behind who holds a lock. */
    private static Said bothInLine(String lock, long token) {
        return kv("", "watch", lock, "--prefix", "--rev", "" + token, "--events", "2");
    }

    @Test
    void aLockGoesToTheNextWhenItsHolderIsEnded() throws Exception {
        Process first = start("lock", "lock/b");
        Process second = null;
        try (BufferedReader held = first.inputReader(StandardCharsets.UTF_8)) {
            long token = tokenOf(held.readLine());
            second = start("lock", "lock/b", "--json");
            Said both = bothInLine("lock/b", token);
            assertThat(both.out()).hasSize(2).allMatch(line -> line.contains("\tput\tlock/b/"));
            end(first);
            try (BufferedReader next = second.inputReader(StandardCharsets.UTF_8)) {
                String line = next.readLine();
                assertThat(line).startsWith("{\"op\":\"lock\",\"key\":\"lock/b/");
                assertThat(
                                Long.parseLong(
                                        line.replaceAll("\\D+(\\d+)}$", " $1")
                                                .replaceAll(".* ", "")))
                        .isGreaterThan(token);
                end(second);
            }
            assertThat(kv("", "get", "lock/b", "--prefix").out()).containsExactly("0 of 0");
        } finally {
            first.destroyForcibly();
            if (second != null) {
                second.destroyForcibly();
            }
        }
    }

    @Test
    void whoIsEndedWhileItWaitsLeavesTheLine() throws Exception {
        Process first = start("lock", "lock/c");
        Process second = null;
        try (BufferedReader held = first.inputReader(StandardCharsets.UTF_8)) {
            long token = tokenOf(held.readLine());
            second = start("lock", "lock/c", "true");
            bothInLine("lock/c", token);
            second.toHandle().destroy();
            assertThat(second.waitFor(Patience.ms(), TimeUnit.MILLISECONDS)).isTrue();
            assertThat(second.exitValue()).isEqualTo(CommandFailure.FAILED);
            assertThat(kv("", "get", "lock/c", "--prefix").out()).hasSize(2);
            end(first);
        } finally {
            first.destroyForcibly();
            if (second != null) {
                second.destroyForcibly();
            }
        }
    }

    @Test
    void whoListensHearsWhoIsElected() throws Exception {
        Process listener = start("elect", "--listen", "boss");
        Process leader = null;
        try (BufferedReader heard = listener.inputReader(StandardCharsets.UTF_8)) {
            assertThat(heard.readLine()).isEqualTo("nobody");
            leader = start("elect", "boss", "pear");
            try (BufferedReader elected = leader.inputReader(StandardCharsets.UTF_8)) {
                String line = elected.readLine();
                assertThat(line).startsWith("key boss/").endsWith(", pear");
                assertThat(heard.readLine()).isEqualTo(tokenOf(line) + "\tpear");
                end(leader);
                assertThat(heard.readLine()).isEqualTo("nobody");
            }
            end(listener);
        } finally {
            listener.destroyForcibly();
            if (leader != null) {
                leader.destroyForcibly();
            }
        }
    }

    /** Each answer is larger than half a reply. */
    @Test
    void aRangeThatFitsNoReplyComesWholeInEveryMode() {
        String value = "v".repeat(90_000);
        StringBuilder puts = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            puts.append("put large").append(i).append(' ').append(value).append('\n');
        }
        assertThat(kv(puts.toString()).out()).hasSize(5).allMatch(l -> l.startsWith("revision "));
        for (String mode : List.of("log", "read-index", "follower", "quorum", "at-least")) {
            Said read = kv("get large --prefix\n", "--read", mode);
            assertThat(read.out()).as(mode + read.err()).hasSize(6);
            assertThat(read.out().get(5)).isEqualTo("5 of 5");
        }
    }

    @Test
    void nodesHashAlikeAtARevision() {
        kv("put h1 1\nput h2 2\ndel h1\n");
        String hash = kv("", "hash").out().get(0);
        String revision = hash.replaceAll(".*revision (\\d+),.*", "$1");
        for (String address : cluster.addresses()) {
            Said here = kv("", "hash", revision, "--read", "follower", "--from", address);
            assertThat(here.out()).containsExactly(hash);
        }
    }
}
