package io.paxoslog.planted;

import io.paxoslog.core.planted.PlantedBugsCase;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Each rule of transport and node, broken on purpose, makes a test fail. */
@Execution(ExecutionMode.CONCURRENT)
class NodeBugsTest extends PlantedBugsCase {
    private static final String PACKAGES = "src/main/java/io/paxoslog/";

    NodeBugsTest() {
        super(
                "planted-bugs-node.txt",
                PACKAGES + "transport",
                PACKAGES + "server",
                "../paxos-media/src/main/java/io/paxoslog/media",
                PACKAGES + "metrics");
    }
}
