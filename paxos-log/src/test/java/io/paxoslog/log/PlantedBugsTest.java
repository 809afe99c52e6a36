package io.paxoslog.log;

import io.paxoslog.core.planted.PlantedBugsCase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Each safety rule of the journal, broken on purpose, makes a test fail. */
class PlantedBugsTest extends PlantedBugsCase {
    private static final String DEADLINE = "journal.test.deadline.s";

    PlantedBugsTest() {
        super("planted-bugs.txt", "src/main/java");
    }

    /** Some mistakes show by something that never comes. */
    @BeforeAll
    static void waitBriefly() {
        System.setProperty(DEADLINE, "10");
    }

    @AfterAll
    static void waitAsLongAsOthers() {
        System.clearProperty(DEADLINE);
    }
}
