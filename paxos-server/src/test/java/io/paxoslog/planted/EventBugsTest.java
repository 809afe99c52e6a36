package io.paxoslog.planted;

import io.paxoslog.core.planted.PlantedBugsCase;

/** Each rule of events, broken on purpose, makes a test fail. */
class EventBugsTest extends PlantedBugsCase {
    private static final String PACKAGES = "src/main/java/io/paxoslog/";

    EventBugsTest() {
        super(
                "planted-bugs-events.txt",
                PACKAGES + "service",
                PACKAGES + "apply",
                PACKAGES + "gateway",
                "../paxos-client/src/main/java/io/paxoslog/client");
    }
}
