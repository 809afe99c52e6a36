package io.paxoslog.testkit;

import io.paxoslog.core.planted.Killer;
import io.paxoslog.core.planted.PlantedBugsCase;
import java.util.Map;

/** Safety rules of the journal, broken on purpose, are found on simulated disks. */
class JournalBugsTest extends PlantedBugsCase {
    JournalBugsTest() {
        super("planted-bugs-journal.txt", "../paxos-log/src/main/java");
    }

    @Override
    protected Map<String, Killer> killers() {
        return Map.of("seeds", SeedKiller.anyFailure());
    }
}
