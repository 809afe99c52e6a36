package io.paxoslog.testkit;

import io.paxoslog.core.planted.Killer;
import io.paxoslog.core.planted.PlantedBugsCase;
import java.util.Map;

/** Rules of sessions, gateway and client, broken on purpose, are found by the simulator. */
class SessionBugsTest extends PlantedBugsCase {
    SessionBugsTest() {
        super(
                "planted-bugs-sessions.txt",
                "../paxos-server/src/main/java/io/paxoslog",
                "../paxos-client/src/main/java/io/paxoslog");
    }

    @Override
    protected Map<String, Killer> killers() {
        return Map.of("seeds", SeedKiller.anyFailure(), "histories", SeedKiller.wrongHistory());
    }
}
