package io.paxoslog.planted;

import io.paxoslog.core.planted.PlantedBugs;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each rule of transport and node, broken on purpose, makes a test fail. */
class NodeBugsTest {
    private static final Path PACKAGES = Path.of("src/main/java/io/paxoslog");
    private static final PlantedBugs BUGS =
            new PlantedBugs(
                    List.of(
                            PACKAGES.resolve("transport"),
                            PACKAGES.resolve("server"),
                            PACKAGES.resolve("metrics")),
                    Path.of("src/test/resources/planted-bugs-node.txt"));

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
