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
    private final List<String> warnings = new ArrayList<>();
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

        @Override
        public void warning(String what) {
            warnings.add(what);
        }
    }

    private void found() {
        Batch genesis = Batches.membership(B1, Roles.genesis(config));
        memberships.adopt(1, genesis.buffer(), Batch.ENTRY_PREFIX_BYTES, genesis.entryLength(0));
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
        admission.stranger(member(2), MemberId.of(1, 9), CLUSTER);

        assertThat(admission.hasStopped()).isTrue();
        assertThat(stops).hasSize(1);
        assertThat(stops.get(0))
                .contains("cluster 4d", "node 1", "incarnation 9", "incarnation 65");
    }

    @Test
    void doesNotMindWhatIsSaidOfOthersOrOfItselfAsItIs() {
        admission.stranger(member(2), MemberId.of(2, 9), CLUSTER);
        admission.stranger(member(2), config.self(), CLUSTER);

        assertThat(admission.hasStopped()).isFalse();
    }

    @Test
    void hearsNobodyOnceItHasStoppedAndSaysWhyOnce() {
        admission.stranger(member(2), MemberId.of(1, 9), CLUSTER);
        admission.stranger(member(2), MemberId.of(1, 8), CLUSTER);

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
    void goesOnWhenAllOthersAreOfAnotherClusterAndSaysSo() {
        found();

        for (int node = 2; node <= 5; node++) {
            assertThat(admission.admits(member(node), OTHER_CLUSTER)).isFalse();
        }

        assertThat(stops).isEmpty();
        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0)).contains("node 2", "cluster 4d", "cluster 4e");
    }

    @Test
    void looksAtTheIncarnationBeforeTheCluster() {
        found();

        for (int node = 2; node <= 5; node++) {
            assertThat(admission.admits(MemberId.of(node, 5), OTHER_CLUSTER)).isFalse();
        }

        assertThat(stops).isEmpty();
        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0))
                .contains("node 2", "incarnation 5 of cluster 4e", "incarnation 66 of cluster 4d");
        assertThat(peers.said()).containsExactly("2: Stranger expected=2/66");
    }

    @Test
    void warnsAgainAfterIntervalsThatDouble() {
        found();
        long first = 64L * config.electionTimeoutTicks();

        List<Long> said = new ArrayList<>();
        for (long tick = 0; tick <= 8 * first; tick += first / 4) {
            admission.onTick(tick);
            int before = warnings.size();
            admission.admits(member(2), OTHER_CLUSTER);
            if (warnings.size() > before) {
                said.add(tick / first);
            }
        }

        assertThat(said).containsExactly(0L, 1L, 3L, 7L);
        assertThat(warnings.get(3)).contains("29 times");
    }

    @Test
    void warnsAtOnceWhenItComesAgainAfterALongSilence() {
        found();
        long first = 64L * config.electionTimeoutTicks();
        admission.admits(member(2), OTHER_CLUSTER);

        admission.onTick(3 * first);
        admission.admits(member(2), OTHER_CLUSTER);
        admission.onTick(4 * first);
        admission.admits(member(2), OTHER_CLUSTER);

        assertThat(warnings).hasSize(3);
    }

    @Test
    void doesNotBelieveThatItIsAnotherWhenItsLogRecordsIt() {
        found();

        for (int node = 2; node <= 5; node++) {
            admission.stranger(member(node), MemberId.of(1, 9), CLUSTER);
        }

        assertThat(stops).isEmpty();
        assertThat(admission.admits(member(2), CLUSTER)).isTrue();
        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0)).contains("node 2", "incarnation 9", "incarnation 65");
    }

    @Test
    void takesTheRecordedMembershipAgain() {
        found();

        assertThat(admission.admitsEntry(member(2), Batches.membership(B1, Roles.genesis(config))))
                .isTrue();
        assertThat(warnings).isEmpty();
    }

    @Test
    void takesNoOtherMembershipThanTheRecordedAndGoesOn() {
        found();
        Membership other =
                Membership.genesis(
                        config,
                        new long[] {MemberId.of(1, 9), member(2), member(3), member(4), member(5)});
        ReplicaConfig otherRules = HandCluster.configOf(1, 5, 3, 3, 999);

        assertThat(admission.admitsEntry(member(2), Batches.membership(B1, other))).isFalse();
        assertThat(
                        admission.admitsEntry(
                                member(2), Batches.membership(B1, Roles.genesis(otherRules))))
                .isFalse();

        assertThat(stops).isEmpty();
        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0)).contains("node 2", "not the recorded one");
    }

    @Test
    void admitsCommandsAndNoOps() {
        assertThat(admission.admitsEntry(member(2), Batches.commands(B1, 1, "a"))).isTrue();
        assertThat(admission.admitsEntry(member(2), Batches.noOps(B1, 1, 5))).isTrue();
    }

    @Test
    void admitsAMembershipThatHoldsIt() {
        assertThat(admission.admitsEntry(member(2), Batches.membership(B1, Roles.genesis(config))))
                .isTrue();
        assertThat(stops).isEmpty();
    }

    @Test
    void stopsAtAMembershipThatHoldsAnotherDirectoryOfItsNode() {
        Membership genesis =
                Membership.genesis(
                        config,
                        new long[] {MemberId.of(1, 9), member(2), member(3), member(4), member(5)});

        assertThat(admission.admitsEntry(member(2), Batches.membership(B1, genesis))).isFalse();

        assertThat(stops).hasSize(1);
        assertThat(stops.get(0)).contains("incarnation 9");
    }

    @Test
    void stopsAtAMembershipThatDiffersFromItsSettings() {
        ReplicaConfig others = HandCluster.configOf(1, 5, 3, 3, 999);

        assertThat(admission.admitsEntry(member(2), Batches.membership(B1, Roles.genesis(others))))
                .isFalse();

        assertThat(stops.get(0)).contains("openSlotLimit 999", "openSlotLimit 1000");
    }

    @Test
    void stopsAtAMembershipWithoutItsNode() {
        ReplicaConfig others = HandCluster.configOf(1, 3, 2, 2, 1000);

        assertThat(admission.admitsEntry(member(2), Batches.membership(B1, Roles.genesis(others))))
                .isFalse();

        assertThat(stops.get(0)).contains("members [1, 2, 3]", "members [1, 2, 3, 4, 5]");
    }
}
