package io.paxoslog.planted;

import io.paxoslog.core.planted.PlantedBugsCase;

/** Each rule of reads at nodes and clients, broken on purpose, makes a test fail. */
class ReadBugsTest extends PlantedBugsCase {
    private static final String PACKAGES = "src/main/java/io/paxoslog/";

    ReadBugsTest() {
        super(
                "planted-bugs-reads.txt",
                PACKAGES + "gateway",
                PACKAGES + "apply",
                PACKAGES + "service",
                "../paxos-client/src/main/java/io/paxoslog/client");
    }
}
