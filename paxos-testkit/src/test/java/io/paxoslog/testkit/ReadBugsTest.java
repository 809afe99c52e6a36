package io.paxoslog.testkit;

import io.paxoslog.core.planted.Killer;
import io.paxoslog.core.planted.PlantedBugsCase;
import java.util.Map;

/** Rules of reads, broken on purpose, are found by seeds in which nodes read. */
class ReadBugsTest extends PlantedBugsCase {
    ReadBugsTest() {
        super("planted-bugs-reads.txt", "../paxos-core/src/main/java");
    }

    @Override
    protected Map<String, Killer> killers() {
        return Map.of(
                "reads", SeedKiller.ofReads(), "reads-changes", SeedKiller.ofReadsAndChanges());
    }
}
