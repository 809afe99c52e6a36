package io.paxoslog.testkit;

import io.paxoslog.core.planted.PlantedBugs;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Rules of sessions, gateway and client, broken on purpose, are found by the simulator. */
class SessionBugsTest {
    private static final PlantedBugs BUGS =
            new PlantedBugs(
                            List.of(Path.of("../paxos-server/src/main/java/io/paxoslog")),
                            Path.of("src/test/resources/planted-bugs-sessions.txt"))
                    .withKiller("seeds", (classes, n) -> play(classes, "firstFailure", n))
                    .withKiller("histories", (classes, n) -> play(classes, "firstWrongHistory", n));

    private static String play(ClassLoader classes, String method, String count)
            throws ReflectiveOperationException {
        return (String)
                classes.loadClass("io.paxoslog.testkit.sim.Simulation")
                        .getMethod(method, long.class, int.class)
                        .invoke(null, 1L, Integer.parseInt(count));
    }

    @TestFactory
    Stream<DynamicTest> isFound() {
        return BUGS.catalogue().stream()
                .map(bug -> DynamicTest.dynamicTest(bug.name(), () -> BUGS.requireFound(bug)));
    }

    @AfterAll
    static void printTable() {
        System.out.println("planted bug | killer | how it was found\n" + BUGS.table());
    }
}
