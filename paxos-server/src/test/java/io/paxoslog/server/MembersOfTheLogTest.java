package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.FreePorts;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who the members are, and where, is what the log says; what a node is started with is a hint. */
@Timeout(180)
class MembersOfTheLogTest {
    private static final Map<Setting<?>, Object> SMALL = Map.of(Settings.SEGMENT_BYTES, 4 << 20);

    @TempDir Path directory;

    @Test
    void aNodeThatIsToldOfNobodyItKnowsReachesTheMembersOfItsLog() {
        try (TestNodes nodes = new TestNodes(directory, 3, SMALL)) {
            nodes.startAll();
            int leader = nodes.awaitLeader();
            nodes.awaitApplied(1);
            nodes.stop(leader);
            int next = nodes.awaitLeader();
            nodes.start(leader, ownAddress(nodes, leader) + "," + "9=localhost:" + FreePorts.two());
            nodes.awaitLeader();
            nodes.stop(next);
            // A quorum is two: the one that was told of nobody, and one that it was not told of.
            nodes.awaitLeader();
            assertThat(nodes.running()).hasSize(2);
        }
    }

    @Test
    void aNodeLooksForMembersWhereTheLogSaysTheyAre() {
        try (TestNodes nodes = new TestNodes(directory, 3, SMALL)) {
            nodes.startAll();
            int leader = nodes.awaitLeader();
            nodes.awaitApplied(1);
            nodes.stop(leader);
            int next = nodes.awaitLeader();
            StringBuilder elsewhere = new StringBuilder(ownAddress(nodes, leader));
            for (PaxosNode other : nodes.running()) {
                elsewhere.append(",").append(other.id()).append("=localhost:");
                elsewhere.append(FreePorts.two());
            }
            nodes.start(leader, elsewhere.toString());
            nodes.awaitLeader();
            nodes.stop(next);
            nodes.awaitLeader();
            assertThat(nodes.running()).hasSize(2);
        }
    }

    @Test
    void membersThatAllMovedWhileTheyWereDownFindOneAnother() {
        try (TestNodes nodes = new TestNodes(directory, 3, SMALL)) {
            nodes.startAll();
            nodes.awaitLeader();
            nodes.awaitApplied(1);
            nodes.stopAll();
            String elsewhere = TestNodes.freeMembers(3);
            for (int id = 1; id <= 3; id++) {
                nodes.start(id, elsewhere);
            }
            nodes.awaitLeader();
            assertThat(nodes.running()).hasSize(3);
        }
    }

    private static String ownAddress(TestNodes nodes, int id) {
        return nodes.config(id).self().toString();
    }
}
