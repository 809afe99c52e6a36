package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Node 1 of three leads; the entry at slot 5 makes it 1 and 4, from slot 15 on. */
class EstablishingTest {
    private static final long BALLOT = Ballot.of(9, 1);

    private final ReplicaConfig config = HandCluster.configOf(1, 3, 2, 2, 10);
    private final Memberships memberships = new Memberships(config);
    private final RecordingPeers peers = new RecordingPeers(deed -> {});
    private final PromiseTally promises = new PromiseTally();
    private final Establishing establishing = new Establishing(config, peers, memberships);

    EstablishingTest() {
        promises.begin(2);
        adopt(1, Roles.genesis(config));
        promise(1, 1);
        promise(2, 1);
        establishing.begin(BALLOT, promises);
        peers.said();
    }

    private void adopt(long at, Membership entry) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[entry.encodedLength()]);
        entry.encode(buffer, 0);
        memberships.adopt(at, buffer, 0, buffer.capacity());
        memberships.reached(at);
    }

    private void promise(int node, long commitIndex) {
        long member = MemberId.of(node, 100 + node);
        promises.promise(memberships.numberOf(member), member, commitIndex, 0, 0);
    }

    private void change() {
        adopt(5, SuccessionTest.after(Roles.genesis(config), 1, 10, 1, 4));
    }

    @Test
    void isDoneWhereNothingChanges() {
        assertThat(establishing.isComplete()).isTrue();
        assertThat(establishing.listens()).isFalse();
        assertThat(establishing.lastProposable()).isEqualTo(Long.MAX_VALUE);
        establishing.ask();
        assertThat(peers.said()).isEmpty();
    }

    @Test
    void endsBeforeAMembershipThatHasNotPromised() {
        change();

        assertThat(establishing.isComplete()).isFalse();
        assertThat(establishing.listens()).isTrue();
        assertThat(establishing.lastProposable()).isEqualTo(14);
        assertThat(establishing.isDone(6)).isFalse();
        memberships.reached(14);
        assertThat(establishing.lastProposable()).isEqualTo(14);
    }

    @Test
    void asksThoseWhoHaveNotPromised() {
        change();

        establishing.ask();

        assertThat(peers.said()).containsExactly("4: Prepare b=9.1 from=2");
    }

    @Test
    void goesOnOnceAQuorumHasPromised() {
        change();
        promise(4, 0);

        assertThat(establishing.isDone(6)).isTrue();
        assertThat(establishing.isDone(6)).isFalse();
        assertThat(establishing.isComplete()).isTrue();
        assertThat(establishing.lastProposable()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void countsNoPromiseThatKnowsMoreChosen() {
        change();
        promise(4, 20);

        assertThat(establishing.isDone(20)).isFalse();
        assertThat(establishing.isDone(21)).isTrue();
    }

    /** What lies before the membership it may still propose, and then they count. */
    @Test
    void isOutrunByMembersWhoKnowChosenWhatTheyGovern() {
        change();
        assertThat(establishing.isOutrun()).isFalse();
        promise(4, 14);
        assertThat(establishing.isOutrun()).isFalse();

        promise(4, 15);

        assertThat(establishing.isOutrun()).isTrue();
    }
}
