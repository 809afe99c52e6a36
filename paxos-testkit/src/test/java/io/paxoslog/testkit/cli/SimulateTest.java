package io.paxoslog.testkit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
class SimulateTest {
    @TempDir private Path directory;

    private record Ended(int code, String output) {}

    private static Ended run(String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(bytes, true, UTF_8));
        try {
            return new Ended(Simulate.execute(arguments), bytes.toString(UTF_8));
        } finally {
            System.setOut(before);
        }
    }

    @Test
    void aRunInWhichAFaultNeverHappenedFails() {
        Ended ended = run("seeds", "--from", "1", "--seeds", "3");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output()).contains("seeds 3, ").contains("never happened");
    }

    @Test
    void goesOnWithARangeWhereItsFileSaysThatItCame() throws Exception {
        Path file = directory.resolve("range");
        Files.write(
                file,
                List.of("range.from=7", "range.seeds=4", "range.next=9", "seeds=2", "events=50"));

        Ended ended = run("seeds", "--from", "7", "--seeds", "4", "--resume", file.toString());

        assertThat(ended.output()).contains("seeds 4, ").contains("never happened");
        assertThat(Files.readAllLines(file)).contains("range.next=11", "seeds=4");
        Ended again = run("seeds", "--from", "7", "--seeds", "4", "--resume", file.toString());
        assertThat(again.output()).contains("seeds 4, ");
    }

    @Test
    void playsNoPieceOfAnotherRangeThanItsFileSays() throws Exception {
        Path file = directory.resolve("range");
        Files.write(file, List.of("range.from=7", "range.seeds=4", "range.next=9"));
        assertThat(run("seeds", "--seeds", "4", "--resume", file.toString()).code()).isEqualTo(1);
        Files.write(file, List.of("no number"));
        assertThat(run("seeds", "--seeds", "4", "--resume", file.toString()).code()).isEqualTo(1);
    }

    @Test
    void outputThatCannotBeWrittenIsAFailure() {
        PrintStream before = System.out;
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int oneByte) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };
        System.setOut(new PrintStream(full, true, UTF_8));
        try {
            assertThat(Simulate.execute("--help")).isEqualTo(1);
        } finally {
            System.setOut(before);
        }
    }

    @Test
    void replaysASeedAndWritesItsScenario() throws Exception {
        Path script = directory.resolve("seed.txt");
        Ended ended = run("replay", "5", "--script", script.toString());
        assertThat(ended.code()).isZero();
        assertThat(ended.output()).contains("trace hash ");
        assertThat(Files.readAllLines(script).get(0)).startsWith("nodes ");
    }

    @Test
    void saysThatThereIsNothingToShrink() {
        Ended ended = run("shrink", "5");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output()).isEqualTo("seed 5 does not fail" + System.lineSeparator());
    }

    @Test
    void tellsAScenario() throws Exception {
        Path file = directory.resolve("story.txt");
        Files.write(file, List.of("nodes 3", "lead 1", "  what was written here before"));
        Ended ended = run("scenario", file.toString());
        assertThat(ended.code()).isZero();
        assertThat(ended.output().lines())
                .containsExactly("nodes 3", "lead 1", "  1 LEADING, commit index 1");
    }

    @Test
    void aWrongCommandEndsWithCodeTwo() {
        assertThat(run("seeds", "--seeds", "many").code()).isEqualTo(2);
    }
}
