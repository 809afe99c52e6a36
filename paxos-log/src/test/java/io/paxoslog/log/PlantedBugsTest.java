package io.paxoslog.log;

import io.paxoslog.core.planted.PlantedBugs;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each safety rule of the journal, broken on purpose, makes a test fail. */
class PlantedBugsTest {
    private static final PlantedBugs BUGS =
            new PlantedBugs(
                    List.of(Path.of("src/main/java")),
                    Path.of("src/test/resources/planted-bugs.txt"));

    /** Some mistakes show by something that never comes. */
    @BeforeAll
    static void waitBriefly() {
        System.setProperty("journal.test.deadline.s", "10");
    }

    @TestFactory
    Stream<DynamicTest> isFound() {
        return BUGS.catalogue().stream()
                .map(bug -> DynamicTest.dynamicTest(bug.name(), () -> BUGS.requireFound(bug)));
    }

    @AfterAll
    static void printTable() {
        System.clearProperty("journal.test.deadline.s");
        System.out.println("planted bug | killer | how it was found\n" + BUGS.table());
    }
}
