package io.paxoslog.testkit;

import io.paxoslog.core.planted.Killer;
import io.paxoslog.core.planted.PlantedBugsCase;
import java.util.Map;

/** Rules of leases, broken on purpose, are found by the simulator. */
class LeaseBugsTest extends PlantedBugsCase {
    LeaseBugsTest() {
        super("planted-bugs-leases.txt", "../paxos-core/src/main/java/io/paxoslog/core");
    }

    @Override
    protected Map<String, Killer> killers() {
        return Map.of("leases", SeedKiller.ofLeases());
    }
}
