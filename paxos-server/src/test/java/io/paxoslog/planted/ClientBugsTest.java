package io.paxoslog.planted;

import io.paxoslog.core.planted.PlantedBugsCase;

/** Each rule of sessions, gateway and client, broken on purpose, makes a test fail. */
class ClientBugsTest extends PlantedBugsCase {
    private static final String PACKAGES = "src/main/java/io/paxoslog/";

    ClientBugsTest() {
        super(
                "planted-bugs-clients.txt",
                PACKAGES + "service",
                PACKAGES + "apply",
                PACKAGES + "gateway",
                "../paxos-client/src/main/java/io/paxoslog/client");
    }
}
