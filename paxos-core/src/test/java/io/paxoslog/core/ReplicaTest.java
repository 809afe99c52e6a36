package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a replica makes of a message as a whole. Node 1 of three; slots 1 to 4 are chosen. */
class ReplicaTest {
    private static final long BALLOT = Ballot.of(1, 2);

    private final HandCluster cluster = new HandCluster(3);
    private final HandCluster.Node node = cluster.node(1);
    private final Replica replica = node.replica;
    private final long second = cluster.node(2).config.self();
    private final long third = cluster.node(3).config.self();

    @BeforeEach
    void knowFourSlots() {
        cluster.started();
        Batch genesis = Batches.membership(Ballot.NONE, Roles.genesis(node.config));
        replica.chosen(second, genesis, 1);
        replica.chosen(second, Batches.commands(Ballot.NONE, 2, "b", "c", "d"), 4);
        cluster.drop(letter -> true);
    }

    private List<String> said() {
        List<String> said = cluster.waiting().stream().map(Letter::toString).toList();
        cluster.drop(letter -> true);
        return said;
    }

    @Test
    void learnsFromTheFloorOfAnAcceptBeforeItVotes() {
        replica.accept(second, Batches.commands(BALLOT, 5, "e"), 5);
        said();

        replica.accept(second, Batches.commands(BALLOT, 6, "f"), 6);

        assertThat(node.committed).endsWith("5:e");
        assertThat(said()).containsExactly("1->2 Accepted b=1.2 upTo=6");
    }

    @Test
    void answersAHeartbeatAtOnceAndRepeatsItsVote() {
        replica.accept(second, Batches.commands(BALLOT, 5, "e"), 5);
        said();

        replica.heartbeat(second, BALLOT, 5, 5, true, 1, 0, 0, 0);

        assertThat(said())
                .containsExactly(
                        "1->2 HeartbeatHeard b=1.2 commit=4", "1->2 Accepted b=1.2 upTo=5");
    }

    @Test
    void tellsTheLeaderItFollowsByNode() {
        replica.heartbeat(second, BALLOT, 5, 4, true, 1, 0, 0, 0);

        assertThat(replica.leader()).isEqualTo(2);
        assertThat(replica.ballot()).isEqualTo(BALLOT);
        assertThat(node.roles).containsExactly("FOLLOWING 1.2 leader=2: a leader was heard");
    }

    @Test
    void asksOnceForTheNextBurstThoughABurstComesTwice() {
        replica.heartbeat(second, BALLOT, 100, 99, true, 1, 0, 0, 0);
        said();
        Batch burst = Batches.commands(Ballot.NONE, 5, "e", "f");

        replica.chosen(second, burst, 6);
        assertThat(said()).containsExactly("1->2 Fetch 7..99");

        replica.chosen(second, burst, 6);
        assertThat(said()).isEmpty();
    }

    @Test
    void servesChosenSlotsUpToItsCommitIndex() {
        replica.fetch(third, 4, 900);

        assertThat(said()).containsExactly("1->3 Chosen b=none slot=4 d burstEnd=4");
    }

    @Test
    void ignoresAFetchForSlotsThatCannotBe() {
        replica.fetch(third, 0, 4);
        replica.fetch(third, -5, 4);
        replica.fetch(third, 3, 2);
        replica.fetch(third, Long.MAX_VALUE, Long.MAX_VALUE);
        replica.fetch(third, Long.MIN_VALUE, Long.MAX_VALUE);

        assertThat(said()).isEmpty();
    }

    @Test
    void doesNotSendOpenSlotsOfALeaderItOnlyFollows() {
        replica.accept(second, Batches.commands(BALLOT, 5, "e"), 5);
        said();

        replica.fetch(third, 5, 5);

        assertThat(said()).isEmpty();
    }

    @Test
    void countsNoVoteForABallotItDoesNotLead() {
        cluster.elect(1);
        cluster.propose(1, "e");
        cluster.deliver(letter -> letter.is("Accept") && letter.to() == 1);
        cluster.drop(letter -> true);

        replica.accepted(second, Ballot.of(40, 1), 5);
        replica.accepted(third, BALLOT, 5);
        assertThat(replica.commitIndex()).isEqualTo(4);

        replica.accepted(second, replica.ballot(), 5);
        replica.accepted(third, replica.ballot(), 5);
        assertThat(replica.commitIndex()).isEqualTo(5);
    }

    @Test
    void survivesTheHighestSlotsAnybodyMayName() {
        long last = Batch.MAX_SLOT - 1;

        assertThatCode(
                        () -> {
                            replica.heartbeat(
                                    second,
                                    BALLOT,
                                    Batch.MAX_SLOT,
                                    Batch.MAX_SLOT,
                                    true,
                                    1,
                                    0,
                                    0,
                                    0);
                            replica.accept(second, Batches.commands(BALLOT, last, "z"), last);
                            replica.prepare(third, Ballot.of(2, 3), Batch.MAX_SLOT);
                            replica.chosen(third, Batches.noOps(Ballot.NONE, last, 1), last);
                            replica.canvass(third, Ballot.of(2, 3), Batch.MAX_SLOT);
                            replica.promise(third, Ballot.of(2, 1), Batch.MAX_SLOT, last, 0);
                            replica.accepted(third, Ballot.of(2, 1), Batch.MAX_SLOT);
                            replica.fetch(third, Batch.MAX_SLOT, Batch.MAX_SLOT);
                            cluster.pass(2000, 1);
                        })
                .doesNotThrowAnyException();

        assertThat(node.committed).containsExactly("1:members", "2:b", "3:c", "4:d");
    }

    @Test
    void takesNoPartAnyMoreOnceItHasStopped() {
        HandCluster empty = new HandCluster(3).started();
        Replica fresh = empty.replica(1);
        empty.drop(letter -> true);
        fresh.stranger(second, MemberId.of(1, 7), 77);
        int records = empty.node(1).journal.size();

        fresh.prepare(second, BALLOT, 1);
        fresh.accept(second, Batches.commands(BALLOT, 1, "e"), 1);
        fresh.heartbeat(second, BALLOT, 1, 1, true, 1, 0, 0, 0);
        empty.pass(2000, 1);

        assertThat(empty.waiting()).isEmpty();
        assertThat(empty.node(1).journal.size()).isEqualTo(records);
        assertThat(fresh.admits(second, 77)).isFalse();
        assertThat(empty.tryPropose(1, "x")).isFalse();
    }

    @Test
    void aMemberOnceRecordedGoesOnWhateverOthersSayOfIt() {
        replica.stranger(second, MemberId.of(1, 7), 77);
        replica.stranger(third, MemberId.of(1, 7), 78);
        Batch other =
                Batches.membership(
                        BALLOT,
                        Membership.genesis(
                                node.config, new long[] {MemberId.of(1, 7), second, third}));
        replica.accept(second, other, 5);
        replica.chosen(third, other, 1);

        assertThat(node.stops).isEmpty();
        assertThat(node.warnings).hasSize(2);
        assertThat(said()).isEmpty();
        cluster.elect(1);
        assertThat(cluster.tryPropose(1, "x")).isTrue();
    }

    @Test
    void namesTheLastSlotItHolds() {
        assertThat(replica.lastSlot()).isEqualTo(4);

        replica.accept(second, Batches.commands(BALLOT, 6, "f"), 5);

        assertThat(replica.lastSlot()).isEqualTo(6);
    }
}
