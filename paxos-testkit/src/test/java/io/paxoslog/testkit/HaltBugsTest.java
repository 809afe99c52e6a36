package io.paxoslog.testkit;

import io.paxoslog.core.planted.PlantedBugsCase;

/** Rules of halted state machines and decisions, broken on purpose, are found by chance. */
class HaltBugsTest extends PlantedBugsCase {
    HaltBugsTest() {
        super(
                "planted-bugs-halts.txt",
                "../paxos-core/src/main/java",
                "../paxos-server/src/main/java");
    }
}
