package io.paxoslog.core;

import static io.paxoslog.core.Roles.B1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is heard, and when it is this node that does not belong. */
class AdmissionTest {
    private static final long CLUSTER = 77;
    private static final long OTHER_CLUSTER = 78;

    private final ReplicaConfig config = HandCluster.configOf(1, 5, 3, 3, 1000);
    private final RecordingPeers peers = new RecordingPeers(line -> {});
    private final Memberships memberships = new Memberships(config);
    private final List<String> stops = new ArrayList<>();
    private final Admission admission = new Admission(config, peers, new StopsOnly(), memberships);

    private final class StopsOnly implements ReplicaEvents {
        @Override
        public void role(Role role, long ballot, int leader, String why) {
            throw new AssertionError("admission does not change roles");
        }

        @Override
        public void mustStop(String why) {
            stops.add(why);
        }
    }

    private void found() {
        Batch genesis = Batches.membership(B1, Roles.genesis(config));
        memberships.adopt(genesis.buffer(), Batch.ENTRY_PREFIX_BYTES, genesis.entryLength(0));
    }

    private static long member(int node) {
        return MemberId.of(node, 100 + node);
    }

    @Test
    void hearsEveryIncarnationOfAMemberBeforeGenesis() {
        assertThat(admission.admits(MemberId.of(2, 5), 0)).isTrue();
        assertThat(admission.admits(MemberId.of(2, 6), 0)).isTrue();
    }

    @Test
    void hearsMembersOfAClusterItDoesNotKnowYet() {
        assertThat(admission.admits(member(2), CLUSTER)).isTrue();
    }

    @Test
    void doesNotHearNodesThatAreNoMembers() {
        assertThat(admission.admits(MemberId.of(6, 106), 0)).isFalse();
        assertThat(peers.said()).isEmpty();
    }

    @Test
    void hearsMembersThatDoNotKnowTheClusterYet() {
        found();

        assertThat(admission.admits(member(2), 0)).isTrue();
    }

    @Test
    void tellsAMemberWithAnotherDirectoryThatItIsAStranger() {
        found();

        assertThat(admission.admits(MemberId.of(2, 5), 0)).isFalse();

        assertThat(peers.said()).containsExactly("2: Stranger expected=2/66");
    }

    @Test
    void tellsStrangersNoMoreThanOnceInAHeartbeat() {
        found();
        admission.onTick(1000);

        admission.admits(MemberId.of(2, 5), 0);
        admission.admits(MemberId.of(2, 5), 0);
        assertThat(peers.said()).hasSize(1);

        admission.onTick(1050);
        admission.admits(MemberId.of(2, 5), 0);
        assertThat(peers.said()).hasSize(1);
    }

    @Test
    void stopsWhenToldThatItsDirectoryIsAnother() {
        admission.stranger(MemberId.of(1, 9), CLUSTER);

        assertThat(admission.hasStopped()).isTrue();
        assertThat(stops).hasSize(1);
        assertThat(stops.get(0))
                .contains("cluster 4d", "node 1", "incarnation 9", "incarnation 65");
    }

    @Test
    void doesNotMindWhatIsSaidOfOthersOrOfItselfAsItIs() {
        admission.stranger(MemberId.of(2, 9), CLUSTER);
        admission.stranger(config.self(), CLUSTER);

        assertThat(admission.hasStopped()).isFalse();
    }

    @Test
    void hearsNobodyOnceItHasStoppedAndSaysWhyOnce() {
        admission.stranger(MemberId.of(1, 9), CLUSTER);
        admission.stranger(MemberId.of(1, 8), CLUSTER);

        assertThat(admission.admits(member(2), 0)).isFalse();
        assertThat(stops).hasSize(1);
    }

    @Test
    void doesNotHearAnotherCluster() {
        found();

        assertThat(admission.admits(member(2), OTHER_CLUSTER)).isFalse();
        assertThat(stops).isEmpty();
    }

    @Test
    void stopsWhenMostOthersAreOfAnotherCluster() {
        found();

        admission.admits(member(2), OTHER_CLUSTER);
        admission.admits(member(2), OTHER_CLUSTER);
        admission.admits(member(3), OTHER_CLUSTER);
        assertThat(stops).isEmpty();
        admission.admits(member(4), OTHER_CLUSTER);

        assertThat(stops).hasSize(1);
        assertThat(stops.get(0)).contains("cluster 4d", "cluster 4e");
    }

    @Test
    void goesOnWhenSomebodyElseIsOfItsCluster() {
        found();
        admission.admits(member(5), CLUSTER);

        admission.admits(member(2), OTHER_CLUSTER);
        admission.admits(member(3), OTHER_CLUSTER);
        admission.admits(member(4), OTHER_CLUSTER);

        assertThat(stops).isEmpty();
    }

    @Test
    void doesNotTakeItsOwnVoiceForAnother() {
        found();
        admission.admits(config.self(), CLUSTER);

        admission.admits(member(2), OTHER_CLUSTER);
        admission.admits(member(3), OTHER_CLUSTER);
        admission.admits(member(4), OTHER_CLUSTER);

        assertThat(stops).hasSize(1);
    }

    @Test
    void admitsCommandsAndNoOps() {
        assertThat(admission.admitsEntry(Batches.commands(B1, 1, "a"))).isTrue();
        assertThat(admission.admitsEntry(Batches.noOps(B1, 1, 5))).isTrue();
    }

    @Test
    void admitsAMembershipThatHoldsIt() {
        assertThat(admission.admitsEntry(Batches.membership(B1, Roles.genesis(config)))).isTrue();
        assertThat(stops).isEmpty();
    }

    @Test
    void stopsAtAMembershipThatHoldsAnotherDirectoryOfItsNode() {
        Membership genesis =
                Membership.genesis(
                        config,
                        new long[] {MemberId.of(1, 9), member(2), member(3), member(4), member(5)});

        assertThat(admission.admitsEntry(Batches.membership(B1, genesis))).isFalse();

        assertThat(stops).hasSize(1);
        assertThat(stops.get(0)).contains("incarnation 9");
    }

    @Test
    void stopsAtAMembershipThatDiffersFromItsSettings() {
        ReplicaConfig others = HandCluster.configOf(1, 5, 3, 3, 999);

        assertThat(admission.admitsEntry(Batches.membership(B1, Roles.genesis(others)))).isFalse();

        assertThat(stops.get(0)).contains("openSlotLimit 999", "openSlotLimit 1000");
    }

    @Test
    void stopsAtAMembershipWithoutItsNode() {
        ReplicaConfig others = HandCluster.configOf(1, 3, 2, 2, 1000);

        assertThat(admission.admitsEntry(Batches.membership(B1, Roles.genesis(others)))).isFalse();

        assertThat(stops.get(0)).contains("members [1, 2, 3]", "members [1, 2, 3, 4, 5]");
    }
}
