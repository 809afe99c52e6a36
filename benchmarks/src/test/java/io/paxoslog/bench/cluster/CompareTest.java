package io.paxoslog.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.bench.report.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareTest {
    @TempDir private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Compare.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @Test
    void measuresTheMachineAlone() {
        assertThat(run("stalls", "--seconds=1", "--threads=1")).isZero();
        assertThat(out.toString()).matches("p50 .* us, p99 .* us, p99.9 .* us, longest .* us\n");
        assertThat(run("stalls", "--seconds=0")).isEqualTo(2);
        assertThat(err.toString()).contains("--seconds: give 1 or more");
    }

    @ParameterizedTest
    @CsvSource({"paxoslog, 1", "aeron-cluster, 1", "floor, 2"})
    void playsARunAndReportsIt(String contender, int nodes) throws IOException {
        Path notes = directory.resolve("notes.jsonl");
        Path files = directory.resolve("files");
        int exit =
                run(
                        "run",
                        "--contender=" + contender,
                        "--nodes=" + nodes,
                        "--window=16",
                        "--profile=defaults",
                        "--java=this",
                        "--heap=128",
                        "--warmup=0",
                        "--seconds=2",
                        "--sample=1",
                        "--dir=" + files,
                        "--allow-tmpfs",
                        "--out=" + notes);

        assertThat(out.toString() + err).startsWith(contender).doesNotContain("FAILED");
        assertThat(exit).isZero();
        assertThat(files).isEmptyDirectory();
        Map<?, ?> note = (Map<?, ?>) Json.read(Files.readString(notes));
        assertThat((Long) note.get("replies")).isPositive();
        assertThat((Long) note.get("checked_echoes")).isPositive();
        assertThat(note.get("unanswered")).isEqualTo(0L);
        assertThat(note.get("lost")).isEqualTo(0L);
        assertThat((List<?>) note.get("processes")).hasSize(nodes + 1);
        Map<?, ?> sample = (Map<?, ?>) ((List<?>) note.get("samples")).get(0);
        assertThat((Map<?, ?>) sample.get("latency_us")).isNotEmpty();
        Map<?, ?> held = (Map<?, ?>) sample.get("node 0");
        assertThat(held.values()).hasSize(3).allSatisfy(v -> assertThat((Long) v).isPositive());

        Path report = directory.resolve("report");
        assertThat(run("report", notes.toString(), "--out=" + report)).isZero();
        assertThat(report.resolve("report.md"))
                .content()
                .contains("| " + contender + ":defaults |");
        assertThat(report.resolve("latency-1.svg")).content().contains("<polyline");
    }

    private void refuses(String reason, String... args) {
        assertThat(run(args)).isEqualTo(2);
        assertThat(err.toString()).contains(reason).doesNotContain("\tat ");
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void refusesASettingThatIsNotRight() {
        refuses("--window: 0 is not right; give 1 to 1048576", "run", "--window=0");
    }

    @Test
    void refusesAMatrixThatIsNotThere() {
        refuses("neither a matrix nor a readable file nosuch", "run", "--matrix=nosuch");
    }

    @Test
    void refusesToRunNothing() {
        refuses("--repeat: 0 is not right", "run", "--repeat=0");
    }

    @Test
    void refusesAJavaThatIsNotThere() {
        refuses("no Java 3 is installed here: set JAVA3_HOME", "run", "--java=3");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void refusesToKillWhereNobodyTakesOver() {
        refuses("--kill: needs", "run", "--kill=1", "--nodes=1");
    }

    @Test
    void refusesNotesThatAreNone() throws IOException {
        Path notes = Files.writeString(directory.resolve("notes"), "{\"a\":1}\n");

        refuses("notes, line 1: not the note of a run", "report", notes.toString());
    }

    @Test
    void refusesAnUnknownCommand() {
        refuses("nonsense", "nonsense");
    }

    @Test
    void leavesNothingBehindInMemory() throws IOException {
        Path memory;
        try (Workspace workspace = Workspace.create(directory)) {
            memory = workspace.memory();
            assertThat(memory).isDirectory();
        }

        assertThat(memory).doesNotExist();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }
}
