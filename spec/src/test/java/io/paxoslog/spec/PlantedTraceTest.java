package io.paxoslog.spec;

import io.paxoslog.core.planted.PlantedBugs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Code that breaks a rule of the protocol does what the specification does not allow. */
class PlantedTraceTest {
    private static final int PLAYED = 40;
    private static final TraceFollower FOLLOWER =
            new TraceFollower(Path.of(""), Path.of("target", "traces"));
    private static final PlantedBugs BUGS =
            new PlantedBugs(
                            List.of(Path.of("../paxos-core/src/main/java")),
                            Path.of("src/test/resources/planted-bugs-traces.txt"))
                    .withKiller("traces", PlantedTraceTest::followTraces);

    /** Follows the richest traces of the mutant until one diverges. */
    private static String followTraces(ClassLoader classes, String count)
            throws ReflectiveOperationException {
        Method among =
                classes.loadClass("io.paxoslog.spec.RichTraces")
                        .getDeclaredMethod("among", int.class, int.class);
        among.setAccessible(true);
        List<?> traces = (List<?>) among.invoke(null, PLAYED, Integer.parseInt(count));
        for (Object trace : traces) {
            List<String> lines = trace.toString().lines().toList();
            String divergence = follow(lines);
            if (!divergence.isEmpty()) {
                return "seed " + lines.get(0) + ", " + divergence;
            }
        }
        return "";
    }

    private static String follow(List<String> lines) {
        try {
            return FOLLOWER.firstDivergence("planted", lines.subList(1, lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> diverges() {
        return BUGS.catalogue().stream()
                .map(bug -> DynamicTest.dynamicTest(bug.name(), () -> BUGS.requireFound(bug)));
    }

    @AfterAll
    static void printTable() {
        System.out.println("planted bug | killer | where it diverged\n" + BUGS.table());
    }
}
