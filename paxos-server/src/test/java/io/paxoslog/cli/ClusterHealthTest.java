package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.NodeReport;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterHealthTest {
    private static final NodeReport LEADER = node(1, "leader", 1, 10, 77);
    private static final NodeReport FOLLOWER = node(2, "follower", 1, 10, 77);
    private static final NodeReport GONE = new NodeReport("c:9", false, 0, "", 0, 0, 0, 0, 0, 0, 0);

    private static NodeReport node(int id, String role, int leader, long applied, long hash) {
        return new NodeReport(
                "a:" + id, true, id, role, 5, leader, applied, applied, applied, 9, hash);
    }

    @Test
    void allIsWellWhenEveryNodeAnswersAgreesAndIsNotBehind() {
        ClusterHealth health = health(LEADER, FOLLOWER);
        assertThat(health.hasLeader()).isTrue();
        assertThat(health.problems()).isEmpty();
    }

    @Test
    void namesWhoIsMissingBehindOrReturning() {
        assertThat(
                        health(
                                        LEADER,
                                        node(2, "follower", 1, 8, 76),
                                        node(3, "returning", 1, 10, 77),
                                        GONE)
                                .problems())
                .isEqualTo(
                        "node 2 is behind: applied 8 of 10; node 3 is returning and does not vote;"
                                + " c:9 does not answer");
    }

    @Test
    void namesWhoIsShortOfRoomAndNotThatItIsBehindForWantOfIt() {
        NodeReport.Storage storage = new NodeReport.Storage(1, 0, 0, 0, 5, 9, "reported", 0, 0, 0);
        NodeReport full =
                new NodeReport(
                        "a:2",
                        true,
                        2,
                        "follower",
                        5,
                        1,
                        8,
                        8,
                        8,
                        9,
                        76,
                        0,
                        false,
                        0,
                        0,
                        0,
                        null,
                        storage,
                        new NodeReport.Membership(false, 0, ""),
                        new NodeReport.Leases(0, false));

        assertThat(health(LEADER, full).problems())
                .isEqualTo(
                        "node 2 is short of room and votes on no new commands: make room on its"
                                + " disk");
    }

    @Test
    void namesWhoRunsOnAnOldCopyOnceWhoeverSaysSo() {
        assertThat(
                        health(notHearing(1, "leader", "3"), notHearing(2, "follower", "3,4"))
                                .problems())
                .isEqualTo(
                        "node 3 is not heard: it runs on an old copy of its directory;"
                                + " node 4 is not heard: it runs on an old copy of its directory");
    }

    private static NodeReport notHearing(int node, String role, String behind) {
        return new NodeReport(
                "a:" + node,
                true,
                node,
                role,
                5,
                1,
                10,
                10,
                10,
                9,
                77,
                0,
                false,
                0,
                0,
                0,
                null,
                null,
                new NodeReport.Membership(false, 0, behind),
                new NodeReport.Leases(0, false));
    }

    @Test
    void saysWhenNobodyKnowsALeader() {
        ClusterHealth health = health(node(2, "candidate", 0, 10, 77), GONE);
        assertThat(health.hasLeader()).isFalse();
        assertThat(health.problems()).startsWith("there is no leader: more than half");
        assertThat(health(GONE).hasLeader()).isFalse();
        assertThat(health(GONE).problems())
                .isEqualTo("no node answered: check addresses and nodes");
    }

    @Test
    void namesNodesWhoseStatesHaveParted() {
        assertThat(health(LEADER, node(3, "follower", 1, 10, 78)).problems())
                .isEqualTo("nodes 1 and 3 have applied 10 slots alike and hold different states");
    }

    private static ClusterHealth health(NodeReport... reports) {
        return new ClusterHealth(List.of(reports), 10);
    }
}
