package io.paxoslog.core.planted;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Shows that each bug of a catalogue is found, one test a bug, and prints how as a table. Several
 * are looked for at a time in modules whose {@code junit-platform.properties} allow it.
 */
@Tag("planted")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class PlantedBugsCase {
    private static final Path RESOURCES = Path.of("src/test/resources");

    private final PlantedBugs bugs;

    /**
     * @param catalogue name of the file among the test resources of this module
     * @param sourceRoots directories with the production sources the bugs are planted in
     */
    protected PlantedBugsCase(String catalogue, String... sourceRoots) {
        bugs =
                new PlantedBugs(
                        Stream.of(sourceRoots).map(Path::of).toList(),
                        RESOURCES.resolve(catalogue));
    }

    /** The killers beside {@code test}, by the word that stands for each in the catalogue. */
    protected Map<String, Killer> killers() {
        return Map.of();
    }

    /** What stands above the last column of the table. */
    protected String howTitle() {
        return "how it was found";
    }

    @TestFactory
    @Execution(ExecutionMode.CONCURRENT)
    Stream<DynamicTest> isFound() {
        killers().forEach(bugs::addKiller);
        return bugs.catalogue().stream()
                .map(bug -> DynamicTest.dynamicTest(bug.name(), () -> bugs.requireFound(bug)));
    }

    @AfterAll
    void printTable() {
        System.out.println("planted bug | killer | " + howTitle() + "\n" + bugs.table());
    }
}
