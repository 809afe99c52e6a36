package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes on loopback: real Aeron, real files. */
@Timeout(180)
class ThreeNodeTest {
    @TempDir Path directory;

    @Test
    void electsALeaderAndFoundsTheCluster() {
        try (TestNodes nodes = new TestNodes(directory, 3, Map.of())) {
            nodes.startAll();
            int leader = nodes.awaitLeader();
            nodes.awaitApplied(1);
            nodes.stop(leader);
            assertThat(nodes.awaitLeader()).isNotEqualTo(leader);
        }
    }
}
