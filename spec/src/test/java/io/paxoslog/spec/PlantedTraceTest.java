package io.paxoslog.spec;

import io.paxoslog.core.planted.Killer;
import io.paxoslog.core.planted.PlantedBugsCase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Code that breaks a rule of the protocol does what the specification does not allow. */
class PlantedTraceTest extends PlantedBugsCase {
    private static final int PLAYED = 40;
    private static final TraceFollower FOLLOWER =
            new TraceFollower(Path.of(""), Path.of("target", "traces"));

    /** Two bugs are looked for at once, and each trace has a directory of its own. */
    private static final AtomicInteger FOLLOWED = new AtomicInteger();

    PlantedTraceTest() {
        super("planted-bugs-traces.txt", "../paxos-core/src/main/java");
    }

    @Override
    protected Map<String, Killer> killers() {
        return Map.of("traces", PlantedTraceTest::followTraces);
    }

    @Override
    protected String howTitle() {
        return "where it diverged";
    }

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
            String name = "planted-" + FOLLOWED.incrementAndGet();
            return FOLLOWER.firstDivergence(name, lines.subList(1, lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
