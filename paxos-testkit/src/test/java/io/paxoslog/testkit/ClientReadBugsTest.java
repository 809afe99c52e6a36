package io.paxoslog.testkit;

import io.paxoslog.core.planted.Killer;
import io.paxoslog.core.planted.PlantedBugsCase;
import java.util.Map;

/** Rules of reads, broken on purpose, are found by seeds in which clients read. */
class ClientReadBugsTest extends PlantedBugsCase {
    ClientReadBugsTest() {
        super(
                "planted-bugs-client-reads.txt",
                "../paxos-core/src/main/java/io/paxoslog",
                "../paxos-server/src/main/java/io/paxoslog",
                "../paxos-client/src/main/java/io/paxoslog");
    }

    @Override
    protected Map<String, Killer> killers() {
        return Map.of(
                "reads", SeedKiller.ofClientReads(),
                "reads-changes", SeedKiller.ofClientReadsAndChanges(),
                "histories", SeedKiller.wrongHistoryOfReads());
    }
}
