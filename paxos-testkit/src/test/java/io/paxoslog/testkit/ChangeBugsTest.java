package io.paxoslog.testkit;

import io.paxoslog.core.planted.Killer;
import io.paxoslog.core.planted.PlantedBugsCase;
import java.util.Map;

/** Rules of changes of the members, broken on purpose, are found by seeds that change them. */
class ChangeBugsTest extends PlantedBugsCase {
    ChangeBugsTest() {
        super("planted-bugs-changes.txt", "../paxos-core/src/main/java");
    }

    @Override
    protected Map<String, Killer> killers() {
        return Map.of("changes", SeedKiller.ofChanges());
    }
}
