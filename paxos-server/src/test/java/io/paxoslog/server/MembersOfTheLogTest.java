package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.ChangeReport;
import io.paxoslog.client.FreePorts;
import io.paxoslog.client.MembersReport;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.PaxosMembers;
import io.paxoslog.core.Change;
import io.paxoslog.core.planted.Patience;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who the members are, and where, is what the log says; what a node is started with is a hint. */
@Timeout(180)
class MembersOfTheLogTest {
    private static final Map<Setting<?>, Object> SMALL = Map.of(Settings.SEGMENT_BYTES, 4 << 20);

    private static final int TIMEOUT_MS = Patience.ms();

    @TempDir Path directory;

    @Test
    void aNodeThatIsToldOfNobodyItKnowsReachesTheMembersOfItsLog() {
        try (TestNodes nodes = new TestNodes(directory, 3, SMALL)) {
            restartTheLeaderWith(nodes, "9=localhost:" + FreePorts.two());
        }
    }

    @Test
    void aNodeLooksForMembersWhereTheLogSaysTheyAre() {
        try (TestNodes nodes = new TestNodes(directory, 3, SMALL)) {
            StringBuilder elsewhere = new StringBuilder();
            for (int id = 1; id <= 3; id++) {
                elsewhere.append(id == 1 ? "" : ",").append(id).append("=localhost:");
                elsewhere.append(FreePorts.two());
            }
            restartTheLeaderWith(nodes, elsewhere.toString());
        }
    }

    /** It reaches the others though it is told of other members, or of other places. */
    private static void restartTheLeaderWith(TestNodes nodes, String others) {
        nodes.startAll();
        int leader = nodes.awaitLeader();
        nodes.awaitApplied(1);
        nodes.stop(leader);
        int next = nodes.awaitLeader();
        String own = leader + "=localhost:\\d+,?";
        nodes.start(
                leader,
                (ownAddress(nodes, leader) + "," + others.replaceFirst(own, ""))
                        .replaceFirst(",$", ""));
        nodes.awaitLeader();
        nodes.stop(next);
        // A quorum is two: the one that was told so, and one that it was not told of.
        nodes.awaitLeader();
        assertThat(nodes.running()).hasSize(2);
    }

    /** It comes back at another address, and the others look for it there once the log says so. */
    @Test
    void aMemberMovesWhileTheOthersGoOn() {
        try (TestNodes nodes = new TestNodes(directory, 3, SMALL)) {
            nodes.startAll();
            int leader = nodes.awaitLeader();
            nodes.awaitApplied(1);
            int moved = leader % 3 + 1;
            int third = moved % 3 + 1;
            nodes.stop(moved);
            String address = "localhost:" + FreePorts.two();
            nodes.start(
                    moved,
                    nodes.members()
                            .replaceAll("(^|,)" + moved + "=[^,]*", "$1" + moved + "=" + address));
            List<String> asked = List.of(nodes.config(leader).self().peerAddress());
            MembersReport now = PaxosMembers.ask(asked, TIMEOUT_MS).get(0);
            List<Change.Member> members = new ArrayList<>(now.members());
            members.set(moved - 1, members.get(moved - 1).at(address));
            Change change = new Change(now.slot(), members, 2, 2, now.openSlotLimit());
            assertThat(
                            PaxosMembers.change(
                                            asked, change, TIMEOUT_MS, report -> {}, () -> false)
                                    .state())
                    .isEqualTo(ChangeReport.State.IN_FORCE);
            nodes.stop(third);
            // Only the one that moved is left to vote with the leader.
            nodes.awaitLeader();
            assertThat(
                            PaxosMembers.ask(List.of(address), TIMEOUT_MS)
                                    .get(0)
                                    .members()
                                    .get(moved - 1)
                                    .address())
                    .isEqualTo(address);
        }
    }

    /** It is told of one address, and listens at all of this machine. */
    @Test
    void aNodeListensElsewhereThanOthersFindIt() {
        Map<Setting<?>, Object> everywhere = new HashMap<>(SMALL);
        everywhere.put(Settings.BIND, "0.0.0.0");
        try (TestNodes nodes = new TestNodes(directory, 3, everywhere)) {
            nodes.startAll();
            nodes.awaitLeader();
            nodes.awaitApplied(1);
            MembersReport said = PaxosMembers.ask(nodes.addresses(), TIMEOUT_MS).get(0);
            assertThat(said.members())
                    .extracting(Change.Member::address)
                    .containsExactlyElementsOf(nodes.addresses());
            try (PaxosClient client = PaxosClient.connect(nodes.addresses().subList(0, 1))) {
                assertThat(client.append(new byte[] {7}, TIMEOUT_MS).slot()).isGreaterThan(1);
            }
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
