package io.paxoslog.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What simulated clusters do is part of a behaviour of the specification. {@code -Dtrace.seed=N}
 * follows another seed.
 */
class TraceTest {
    private static final int PLAYED = 60;
    private static final int FOLLOWED = 3;
    private static final TraceFollower FOLLOWER =
            new TraceFollower(Path.of(""), Path.of("target", "traces"));

    private static List<String> traces;

    @BeforeAll
    static void record() {
        Long seed = Long.getLong("trace.seed");
        traces =
                seed == null
                        ? RichTraces.among(PLAYED, FOLLOWED)
                        : List.of(seed + "\n" + TraceRecorder.record(seed));
    }

    @TestFactory
    Stream<DynamicTest> isFollowedToItsEnd() {
        return traces.stream()
                .map(t -> DynamicTest.dynamicTest("seed " + seedOf(t), () -> follow(t)));
    }

    private static String seedOf(String trace) {
        return trace.lines().findFirst().orElseThrow();
    }

    private static List<String> linesOf(String trace) {
        List<String> lines = trace.lines().skip(1).toList();
        assertThat(lines).as("values wait for the disk in this seed").isNotEmpty();
        return lines;
    }

    private static void follow(String trace) throws IOException, InterruptedException {
        List<String> lines = linesOf(trace);
        System.out.printf(
                "seed %s: %d steps, %d elections, %d restarts, %d of them with records lost%n",
                seedOf(trace),
                lines.size() - 1,
                RichTraces.count(lines, "Leads"),
                RichTraces.count(lines, "Restarted"),
                RichTraces.lostRecords(lines));
        assertThat(FOLLOWER.firstDivergence("seed-" + seedOf(trace), lines)).isEmpty();
    }

    @Test
    void showsElectionsAndRestarts() {
        List<String> lines = new ArrayList<>();
        traces.forEach(trace -> lines.addAll(linesOf(trace)));
        assertThat(RichTraces.count(lines, "Leads")).isGreaterThan(traces.size());
        assertThat(RichTraces.count(lines, "Restarted")).isPositive();
    }

    /** One line of the richest trace is changed. */
    @TestFactory
    Stream<DynamicTest> stopsAtTheLineThatWasTamperedWith() {
        return Stream.of(Tampering.values())
                .map(t -> DynamicTest.dynamicTest(t.name(), () -> tamper(t)));
    }

    private static void tamper(Tampering how) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>(linesOf(traces.get(0)));
        String changed = how.change(lines);
        assertThat(FOLLOWER.firstDivergence("tampered-" + how, lines)).endsWith(": " + changed);
    }
}
