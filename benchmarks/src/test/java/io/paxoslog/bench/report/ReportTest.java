package io.paxoslog.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final long US = 1_000;

    @TempDir private Path directory;

    private static String note(
            String contender, Map<String, String> cell, double perSecond, long us) {
        Map<String, Object> settings = new HashMap<>(cell);
        settings.put("contender", contender);
        settings.put("profile", "best");
        Histogram histogram = new Histogram(3);
        histogram.recordValueWithCount(us * US, 1_000);
        Map<String, Object> note = new HashMap<>();
        note.put("cell", settings);
        note.put("machine", Map.of("load_before", "0.50 0.40 0.30 1/100 4711"));
        note.put("versions", Map.of());
        note.put("throughput", perSecond);
        note.put("latency_us", Map.of("p50", us, "p99", us, "p99.9", us, "max", us));
        note.put("longest_gap_ms", us);
        note.put("unanswered", 0);
        note.put("lost", 3);
        note.put("histogram", encoded(histogram));
        note.put(
                "processes",
                List.of(process("node 0", 2), process("node 1", 1), process("client", 7)));
        return Json.write(note);
    }

    private static Map<String, Object> process(String name, double us) {
        return Map.of("name", name, "per_command", Map.of("user_us", us, "system_us", us));
    }

    private static String encoded(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int bytes = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), bytes));
    }

    private String report(String... notes) throws IOException {
        Path file = Files.write(directory.resolve("notes.jsonl"), List.of(notes));
        Path out = directory.resolve("report");
        assertThat(Report.write(List.of(file), out)).isEqualTo(notes.length);
        return Files.readString(out.resolve(Report.PAGE));
    }

    @Test
    void comparesMediansOfRunsThatDifferOnlyInWhoPlayed() throws IOException {
        Map<String, String> cell = Map.of("nodes", "3", "window", "256");

        String page =
                report(
                        note("paxoslog", cell, 400, 50),
                        note("aeron-cluster", cell, 100, 100),
                        note("paxoslog", cell, 9_000, 50),
                        note("aeron-cluster", cell, 150, 100),
                        note("paxoslog", cell, 500, 50),
                        note("aeron-cluster", cell, 250, 100));

        assertThat(page)
                .contains("| all | paxoslog:best | 3 | 500 |  | 50.0 |  |")
                .contains("| all | aeron-cluster:best | 3 | 150 | 3.33 | 100 | 0.50 |")
                .contains("| all | paxoslog:best | 3 | 6.00 |  | 3.00 | 3.00 | not counted |");
    }

    @Test
    void drawsLoadsAndNodes() throws IOException {
        String page =
                report(
                        note("paxoslog", Map.of("nodes", "3", "window", "1"), 10, 5),
                        note("paxoslog", Map.of("nodes", "3", "window", "16"), 100, 9),
                        note("paxoslog", Map.of("nodes", "5", "window", "16"), 90, 9));

        assertThat(page)
                .contains("| nodes=3 window=1 |")
                .contains("![Throughput against latency by window: nodes=3](load-4.svg)")
                .contains("![CPU of all nodes for a command: window=16](nodes-5.svg)");
        assertThat(directory.resolve("report/load-4.svg")).isNotEmptyFile();
    }

    @Test
    void tellsGapsApart() throws IOException {
        Map<String, String> cell = Map.of("nodes", "3", "kill", "1");

        String page =
                report(
                        note("paxoslog", cell, 1, 200),
                        note("aeron-cluster", cell, 1, 600),
                        note("paxoslog", cell, 1, 300),
                        note("aeron-cluster", cell, 1, 400));

        assertThat(page)
                .contains("| all | aeron-cluster:best | 2 | 500 | 0.50 | 400 | 600 | 3.00 |")
                .doesNotContain("## Throughput");
    }
}
