package io.paxoslog.core;

import io.paxoslog.core.planted.PlantedBugsCase;

/** Each safety rule of the core, broken on purpose, makes a test fail. */
class PlantedBugsTest extends PlantedBugsCase {
    PlantedBugsTest() {
        super("planted-bugs.txt", "src/main/java");
    }
}
