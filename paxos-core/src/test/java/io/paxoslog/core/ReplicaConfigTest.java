package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Settings that cannot work together are refused by name. */
class ReplicaConfigTest {
    private List<ReplicaConfig.Voter> members = voters(1, 2, 3);
    private int prepareQuorum = 2;
    private int acceptQuorum = 2;
    private int openSlotLimit = 1;
    private int openBytesLimit = 1;
    private int heartbeat = 50;
    private long clusterIdDraw = 1;

    @Test
    void takesTheSmallestBounds() {
        assertThatCode(this::config).doesNotThrowAnyException();
    }

    @Test
    void takesFlexibleQuorumsThatMeet() {
        prepareQuorum = 3;
        acceptQuorum = 1;

        assertThatCode(this::config).doesNotThrowAnyException();
    }

    @Test
    void refusesQuorumsThatNeedNotMeet() {
        prepareQuorum = 1;

        assertRefused("prepareQuorum + acceptQuorum must be more than the 3 members");
    }

    @Test
    void refusesQuorumsOutsideTheMembers() {
        prepareQuorum = 4;
        assertRefused("prepareQuorum: 1 to 3, not 4");
        prepareQuorum = 0;
        assertRefused("prepareQuorum: 1 to 3, not 0");
        prepareQuorum = 3;
        acceptQuorum = 4;
        assertRefused("acceptQuorum: 1 to 3, not 4");
        acceptQuorum = 0;
        assertRefused("acceptQuorum: 1 to 3, not 0");
    }

    @Test
    void refusesMembersWithoutItself() {
        members = voters(2, 3, 4);

        assertRefused("members: node 1 is not among them");
    }

    @Test
    void refusesNodeIdsThatRepeatOrDescend() {
        members = voters(1, 3, 3);
        assertRefused("members: node ids must differ and ascend");
        members = voters(3, 2, 1);
        assertRefused("members: node ids must differ and ascend");
    }

    @Test
    void refusesNodeIdsThatNoBallotCanCarry() {
        members = voters(1, 2, Ballot.MAX_NODE + 1);
        assertRefused("members: node ids are 1 to 65535, not 65536");
        members = voters(0, 1, 2);
        assertRefused("members: node ids are 1 to 65535, not 0");
    }

    @Test
    void refusesMoreMembersThanASetCanHold() {
        members = voters(IntStream.rangeClosed(1, Membership.MAX_MEMBERS + 1).toArray());

        assertRefused("members: 1 to 31 are allowed, not 32");
    }

    @Test
    void refusesAddressesThatCannotBeRecorded() {
        members = List.of(new ReplicaConfig.Voter(1, "x".repeat(256)), voter(2), voter(3));
        assertRefused("members: the address of node 1 must be at most 255 printable ASCII");
        members = List.of(voter(1), new ReplicaConfig.Voter(2, "h\u00f6st"), voter(3));
        assertRefused("members: the address of node 2 must be at most 255 printable ASCII");
    }

    @Test
    void refusesBoundsBelowOne() {
        openSlotLimit = 0;
        assertRefused("openSlotLimit: at least 1, not 0");
        openSlotLimit = 1;
        openBytesLimit = 0;
        assertRefused("openBytesLimit: at least 1, not 0");
    }

    @Test
    void refusesHeartbeatsTooFewForTheTimeout() {
        heartbeat = 51;

        assertRefused("heartbeat: at most a third of the election time-out of 150, not 51");
    }

    @Test
    void refusesAClusterIdThatMeansNone() {
        clusterIdDraw = 0;

        assertRefused("clusterIdDraw: at least 1, not 0");
    }

    private void assertRefused(String message) {
        ThrowingCallable making = this::config;
        assertThatThrownBy(making)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    private ReplicaConfig config() {
        return new ReplicaConfig(
                MemberId.of(1, 101),
                members,
                prepareQuorum,
                acceptQuorum,
                openSlotLimit,
                openBytesLimit,
                150,
                heartbeat,
                1,
                new NonceKey(1, 1),
                clusterIdDraw);
    }

    private static List<ReplicaConfig.Voter> voters(int... ids) {
        return IntStream.of(ids).mapToObj(ReplicaConfigTest::voter).toList();
    }

    private static ReplicaConfig.Voter voter(int id) {
        return new ReplicaConfig.Voter(id, "host:" + id);
    }
}
