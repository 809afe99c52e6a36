package io.paxoslog.log;

import io.paxoslog.core.planted.PlantedBugsCase;

/** Each rule of local tails, broken on purpose, makes a test fail. */
class LocalTailBugsTest extends PlantedBugsCase {
    LocalTailBugsTest() {
        super("planted-bugs-local-tail.txt", "src/main/java");
    }
}
