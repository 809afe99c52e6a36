package io.paxoslog.core;

import io.paxoslog.core.planted.PlantedBugs;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each safety rule of the core, broken on purpose, makes a test fail. */
class PlantedBugsTest {
    private static final PlantedBugs BUGS =
            new PlantedBugs(
                    List.of(Path.of("src/main/java")),
                    Path.of("src/test/resources/planted-bugs.txt"));

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
