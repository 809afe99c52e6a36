package io.paxoslog.testkit;

import io.paxoslog.core.planted.Killer;
import io.paxoslog.core.planted.PlantedBugsCase;
import java.util.Map;

/** Rules of snapshots and of logs that are let go of, broken on purpose, are found by seeds. */
class SnapshotBugsTest extends PlantedBugsCase {
    SnapshotBugsTest() {
        super(
                "planted-bugs-snapshots.txt",
                "../paxos-core/src/main/java",
                "../paxos-log/src/main/java",
                "../paxos-server/src/main/java");
    }

    @Override
    protected Map<String, Killer> killers() {
        return Map.of("seeds", SeedKiller.anyFailure());
    }
}
