package io.paxoslog.testkit;

import io.paxoslog.core.planted.PlantedBugs;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Safety rules of the journal, broken on purpose, are found on simulated disks. */
class JournalBugsTest {
    private static final PlantedBugs BUGS =
            new PlantedBugs(
                            List.of(Path.of("../paxos-log/src/main/java")),
                            Path.of("src/test/resources/planted-bugs-journal.txt"))
                    .withKiller("seeds", JournalBugsTest::playSeeds);

    /** Plays seeds from 1 on until one fails. */
    private static String playSeeds(ClassLoader classes, String count)
            throws ReflectiveOperationException {
        Method firstFailure =
                classes.loadClass("io.paxoslog.testkit.sim.Simulation")
                        .getMethod("firstFailure", long.class, int.class);
        return (String) firstFailure.invoke(null, 1L, Integer.parseInt(count));
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
