package io.paxoslog.planted;

import io.paxoslog.core.planted.PlantedBugsCase;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Each rule of events, broken on purpose, makes a test fail. */
@Execution(ExecutionMode.CONCURRENT)
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
