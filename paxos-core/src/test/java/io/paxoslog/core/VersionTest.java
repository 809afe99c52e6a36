package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What is agreed, who is asked before it rises, and what a build does that lacks it. */
class VersionTest {
    private static final KnownVersions EARLIER = new KnownVersions(1, 1, 1);
    private static final KnownVersions BUILD = new KnownVersions(1, 2, 1);
    private static final KnownVersions LATER = new KnownVersions(1, 3, 2);

    private static HandCluster cluster(KnownVersions first, KnownVersions second) {
        return cluster(first, second, second);
    }

    private static HandCluster cluster(
            KnownVersions first, KnownVersions second, KnownVersions third) {
        HandCluster cluster =
                new HandCluster(3).knowing(1, first).knowing(2, second).knowing(3, third).started();
        cluster.elect(1);
        cluster.run(100);
        return cluster;
    }

    private static boolean decide(HandCluster cluster, Version version) {
        Replica leader = cluster.replica(1);
        boolean isTaken = leader.decide(Decision.version(version, leader.versionAt()));
        cluster.settle();
        cluster.run(100);
        return isTaken;
    }

    @Test
    void aNewClusterBeginsWithTheNewestThatAllItsFoundersKnow() {
        HandCluster cluster = cluster(LATER, BUILD);

        for (int id = 1; id <= 3; id++) {
            assertThat(cluster.replica(id).version()).isEqualTo(new Version(2, 1));
            assertThat(cluster.replica(id).versionAt()).isEqualTo(1);
            assertThat(cluster.node(id).journal.lines())
                    .contains("decision slot=1 system version 2, application version 1");
        }
    }

    @Test
    void aFounderThatSaysNothingKnowsTheFirstOneAlone() {
        HandCluster cluster = cluster(LATER, LATER, EARLIER);

        assertThat(cluster.replica(2).version()).isEqualTo(Version.FIRST);
        assertThat(cluster.replica(2).versionAt()).isZero();
        assertThat(cluster.replica(2).newestMembership().foundedAt()).isEqualTo(Version.NONE);
    }

    @Test
    void whatFoundersAgreedOnStaysWhenTheirEntryIsTwoMembershipsOld() {
        HandCluster cluster = cluster(BUILD, BUILD);
        cluster.replica(1).change(cluster.changeTo(1, 1, 2));
        cluster.run(3_000);
        cluster.replica(1).change(cluster.changeTo(1, 1));
        cluster.run(3_000);

        cluster.restart(1, cluster.node(1).journal.size());

        assertThat(cluster.replica(1).newestMembership().size()).isEqualTo(1);
        assertThat(cluster.replica(1).version()).isEqualTo(new Version(2, 1));
    }

    @Test
    void risesOnAllNodesAtOneSlot() {
        HandCluster cluster = cluster(LATER, EARLIER);
        cluster.restartAs(2, LATER);
        cluster.restartAs(3, LATER);
        cluster.run(1_000);
        cluster.elect(1);
        cluster.run(200);

        assertThat(decide(cluster, new Version(3, 2))).isTrue();

        long at = cluster.replica(1).versionAt();
        assertThat(at).isGreaterThan(1);
        for (int id = 1; id <= 3; id++) {
            assertThat(cluster.replica(id).version()).isEqualTo(new Version(3, 2));
            assertThat(cluster.replica(id).versionAt()).isEqualTo(at);
        }
    }

    @Test
    void doesNotRiseWhileAMemberLacksIt() {
        HandCluster cluster = cluster(LATER, LATER, EARLIER);

        assertThat(decide(cluster, new Version(3, 1))).isFalse();

        assertThat(cluster.replica(1).refusal())
                .isEqualTo(
                        "not all members know system version 3, application version 1: node 3"
                                + " knows system version 1, application version 1");
        assertThat(decide(cluster, new Version(1, 2))).isFalse();
        assertThat(cluster.replica(1).refusal()).contains("node 3 knows");
    }

    @Test
    void doesNotRiseWhileAnObserverLacksIt() {
        HandCluster cluster = cluster(LATER, BUILD);
        cluster.join();
        cluster.restartAs(4, BUILD);
        assertThat(
                        cluster.replica(1)
                                .change(
                                        cluster.changeTo(
                                                1,
                                                cluster.member(1, Seat.VOTER),
                                                cluster.member(2, Seat.VOTER),
                                                cluster.member(3, Seat.VOTER),
                                                cluster.member(4, Seat.OBSERVER))))
                .isTrue();
        cluster.run(1_000);
        cluster.restartAs(2, LATER);
        cluster.restartAs(3, LATER);
        cluster.run(1_000);
        cluster.elect(1);
        cluster.run(200);

        assertThat(decide(cluster, new Version(3, 1))).isFalse();

        assertThat(cluster.replica(1).refusal())
                .endsWith("node 4 knows system version 2, application version 1");
    }

    @Test
    void doesNotRiseWhileAMemberIsAway() {
        HandCluster cluster = cluster(LATER, LATER, EARLIER);
        cluster.restartAs(3, LATER);
        cluster.run(200);
        cluster.node(3).isUp = false;
        cluster.run(1_000);

        assertThat(decide(cluster, new Version(3, 1))).isFalse();

        assertThat(cluster.replica(1).refusal())
                .endsWith(": node 3 has not told lately what it knows");
    }

    @Test
    void doesNotRiseOnTheStrengthOfAnEarlierBuildOfAMember() {
        HandCluster cluster = cluster(LATER, LATER, EARLIER);
        cluster.restartAs(3, LATER);
        cluster.run(200);
        cluster.restartAs(3, EARLIER);
        cluster.run(100);

        assertThat(decide(cluster, new Version(3, 1))).isFalse();
    }

    @Test
    void isNeverTakenBackAndRaisedByWhoKnowsWhatIsAgreed() {
        HandCluster cluster = cluster(LATER, LATER);

        assertThat(decide(cluster, new Version(2, 2))).isFalse();
        assertThat(cluster.replica(1).refusal()).contains("never taken back");
        assertThat(decide(cluster, new Version(3, 2))).isFalse();
        assertThat(cluster.replica(1).refusal()).endsWith("is agreed already");
        assertThat(cluster.replica(1).decide(Decision.version(new Version(3, 2), 0))).isFalse();
        assertThat(cluster.replica(1).refusal())
                .isEqualTo("the version was changed at slot 1 by somebody else: look at it again");
    }

    @Test
    void doesNotRiseWhileTheMembersChangeNorTheOtherWayRound() {
        HandCluster cluster = cluster(LATER, LATER, EARLIER);
        cluster.restartAs(3, LATER);
        cluster.run(200);
        Replica leader = cluster.replica(1);
        assertThat(leader.change(cluster.changeTo(1, 1, 2))).isTrue();

        assertThat(leader.decide(Decision.version(new Version(3, 1), 0))).isFalse();
        assertThat(leader.refusal()).startsWith("a change of the members is on its way");

        leader.giveUpChange();
        assertThat(leader.decide(Decision.version(new Version(3, 1), 0))).isTrue();
        assertThat(leader.change(cluster.changeTo(1, 1, 2))).isFalse();
        assertThat(leader.changeRefusal()).startsWith("a decision is on its way");
    }

    /** The leader was told, and then the node went back. */
    @Test
    void aBuildThatLacksItStopsBeforeItKnowsAnythingBehind() {
        HandCluster cluster = cluster(LATER, LATER, EARLIER);
        cluster.restartAs(3, LATER);
        cluster.run(200);
        cluster.restartAs(3, BUILD);
        Replica leader = cluster.replica(1);
        assertThat(leader.decide(Decision.version(new Version(3, 1), 0))).isTrue();
        long at = leader.lastSlot();
        cluster.settle();
        cluster.propose(1, "pear");
        cluster.run(300);

        assertThat(leader.commitIndex()).isEqualTo(at + 1);
        assertThat(cluster.node(3).stops)
                .containsExactly(
                        "the cluster agreed on system version 3 at slot "
                                + at
                                + "; this build knows 1 to 2: start a newer build");
        assertThat(cluster.replica(3).commitIndex()).isEqualTo(at - 1);
        assertThat(cluster.node(3).committed).noneMatch(line -> line.endsWith("pear"));
    }

    @Test
    void aBuildThatLacksItStopsWhenOthersServeItTheLog() {
        HandCluster cluster = cluster(LATER, LATER, BUILD);
        decide(cluster, new Version(2, 1));
        cluster.restartAs(3, LATER);
        cluster.run(200);
        assertThat(cluster.replica(1).decide(Decision.version(new Version(3, 1), 1))).isTrue();
        cluster.deliver(HandCluster.among(1, 2));
        cluster.propose(1, "pear");
        cluster.deliver(HandCluster.among(1, 2));
        cluster.drop(letter -> true);
        cluster.restartAs(3, BUILD);

        cluster.run(1_000);

        assertThat(cluster.node(3).stops).hasSize(1);
        assertThat(cluster.replica(3).commitIndex()).isEqualTo(1);
    }

    @Test
    void aBuildThatLacksWhatItsJournalSaysDoesNotStart() {
        HandCluster cluster = cluster(LATER, LATER, EARLIER);
        cluster.restartAs(3, LATER);
        cluster.run(200);
        assertThat(decide(cluster, new Version(1, 2))).isTrue();
        long at = cluster.replica(3).versionAt();

        assertThatThrownBy(() -> cluster.restartAs(3, BUILD))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "the cluster agreed on application version 2 at slot "
                                + at
                                + "; the state machine of this build knows versions up to 1: start"
                                + " a build whose state machine knows it");
        cluster.restartAs(3, LATER);
        assertThat(cluster.replica(3).version()).isEqualTo(new Version(1, 2));
    }

    @Test
    void aBuildThatHasDroppedWhatIsAgreedDoesNotStart() {
        HandCluster cluster = cluster(EARLIER, EARLIER);

        assertThatThrownBy(() -> cluster.restartAs(2, new KnownVersions(2, 3, 1)))
                .hasMessageStartingWith(
                        "the cluster goes by system version 1; this build knows 2 to 3");
    }

    @Test
    void aSnapshotSaysWhatIsAgreedAndIsNotTakenByABuildThatLacksIt() {
        HandCluster cluster = cluster(LATER, LATER, EARLIER);
        Membership members = cluster.replica(2).newestMembership();
        TreeMap<Long, byte[]> memberships = new TreeMap<>();
        UnsafeBuffer entry = new UnsafeBuffer(new byte[members.encodedLength()]);
        members.encode(entry, 0);
        memberships.put(1L, entry.byteArray());
        UnsafeBuffer decision = new UnsafeBuffer(new byte[Decision.BYTES]);
        Decision.version(new Version(3, 1), 0).encode(decision, 0);
        TreeMap<Long, byte[]> decisions = new TreeMap<>();
        decisions.put(20L, decision.byteArray());

        assertThat(cluster.replica(3).installed(30, 1, memberships, decisions)).isFalse();
        assertThat(cluster.node(3).stops)
                .containsExactly(
                        "the cluster agreed on system version 3 at slot 20; this build knows 1 to"
                                + " 1: start a newer build");
        assertThat(cluster.replica(2).installed(30, 1, memberships, decisions)).isTrue();
        assertThat(cluster.replica(2).version()).isEqualTo(new Version(3, 1));
        cluster.restart(2, cluster.node(2).journal.size());
        assertThat(cluster.replica(2).versionAt()).isEqualTo(20);
    }

    @Test
    void aNodeThatLacksWhatIsAgreedIsNotMadeAMember() {
        HandCluster cluster = cluster(LATER, LATER);
        HandCluster.Node joining = cluster.join();
        cluster.knowing(4, EARLIER);
        cluster.node(4).start(cluster.now());

        assertThat(cluster.replica(1).change(cluster.changeTo(1, 1, 2, 3, 4))).isTrue();
        cluster.deliverOnce(HandCluster.among(1, 4));
        cluster.replica(1)
                .heartbeatHeard(
                        joining.config.self(), cluster.replica(1).ballot(), 0, 0, 0, 0, 0, 0, 0);
        cluster.run(60);

        assertThat(cluster.replica(1).changeWaitsFor())
                .isEqualTo(
                        "agreed is system version 3, application version 2: start a newer build,"
                                + " which knows it, on nodes 4");
        assertThat(cluster.replica(1).newestMembership().size()).isEqualTo(3);
    }

    @Test
    void namesWhoSpeaksAnotherWireNowAndThen() {
        HandCluster cluster = cluster(BUILD, BUILD);
        Replica replica = cluster.replica(1);

        replica.speaksOtherwise(cluster.node(2).config.self(), 256, 4);
        replica.speaksOtherwise(cluster.node(2).config.self(), 256, 4);

        assertThat(cluster.node(1).warnings)
                .containsExactly(
                        "not heard: somebody, perhaps node 2, sends messages of version 256, and"
                                + " this build knows version 4 and those that only add to it (1"
                                + " times so far): upgrade by builds that follow one another");
    }

    @Test
    void tellsWhatItKnowsInOneNumber() {
        assertThat(Version.of(new Version(3, 5).told())).isEqualTo(new Version(3, 5));
        assertThat(Version.of(0)).isEqualTo(Version.FIRST);
        assertThat(Version.isTold(0)).isTrue();
        assertThat(Version.isTold(new Version(1, 1).told())).isTrue();
        assertThat(Version.isTold(7)).isFalse();
        assertThat(Version.isTold(-1)).isFalse();
        assertThatThrownBy(() -> BUILD.withApplication(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("newestVersion of the state machine: 1 to ");
    }
}
