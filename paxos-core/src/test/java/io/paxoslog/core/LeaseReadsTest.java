package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Reads that ask nobody, of a leader that holds a lease; node 1 leads first. */
class LeaseReadsTest {
    private static final int LEASE = HandCluster.ELECTION_TIMEOUT;
    private static final int COUNTED = Lease.counted(LEASE);

    private HandCluster cluster;

    private void founded(int nodes) {
        cluster = new HandCluster(nodes).leasing(LEASE).founded();
        cluster.run(HandCluster.HEARTBEAT);
        cluster.drop(letter -> true);
    }

    private Replica replica(int id) {
        return cluster.replica(id);
    }

    private boolean read(int id, long ticket) {
        boolean isTaken = replica(id).readByLease(ticket);
        replica(id).endTurn();
        return isTaken;
    }

    private boolean holds(int id) {
        return replica(id).holdsLease(replica(id).ballot(), cluster.now());
    }

    /** What was granted runs from the next tick on. */
    private void electBehindTheBackOfNode1() {
        cluster.pass(10, 2, 3);
        cluster.elect(2, 2, 3);
    }

    private static Predicate<Letter> heartbeats() {
        return Letter.any("Heartbeat", "HeartbeatHeard");
    }

    @Test
    void isAnsweredWithoutAWordToAnybody() {
        founded(3);

        assertThat(read(1, 1)).isTrue();

        assertThat(cluster.node(1).leaseReads).containsExactly("1@2");
        assertThat(cluster.waiting()).isEmpty();
        assertThat(holds(1)).isTrue();
    }

    @Test
    void nobodyHoldsOneWhereLeasesAreOff() {
        cluster = new HandCluster(3).founded();
        cluster.run(100);

        assertThat(replica(1).offersLeases()).isFalse();
        assertThat(read(1, 1)).isFalse();
        assertThat(holds(1)).isFalse();
    }

    @Test
    void aLeaderThatOthersDoNotKnowLeasesOfHoldsNone() {
        cluster = new HandCluster(3).leasing(LEASE, 1).founded();
        cluster.run(100);

        assertThat(read(1, 1)).isFalse();
    }

    @Test
    void oneThatFollowsHoldsNone() {
        founded(3);

        assertThat(read(2, 1)).isFalse();
        assertThat(replica(2).holdsLease(replica(1).ballot(), cluster.now())).isFalse();
    }

    @Test
    void aTicketIsNotUsedAgain() {
        founded(3);
        read(1, 5);

        assertThatThrownBy(() -> replica(1).readByLease(5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5 comes after 5");
    }

    @Test
    void runsOutByTheClockOfTheLeaderHoweverLongAgoItsLastTickWas() {
        founded(3);
        long ballot = replica(1).ballot();
        while (cluster.waiting().stream().noneMatch(letter -> letter.is("Heartbeat"))) {
            cluster.pass(10, 1);
        }
        long asked = cluster.now();
        cluster.pass(20, 2, 3);
        cluster.deliver(heartbeats());

        assertThat(replica(1).holdsLease(ballot, asked + COUNTED - 1)).isTrue();
        assertThat(replica(1).holdsLease(ballot, asked + COUNTED)).isFalse();
    }

    @Test
    void coversWhatWasProposedBeforeItCame() {
        founded(3);
        cluster.propose(1, "b");

        assertThat(read(1, 1)).isTrue();
        assertThat(cluster.node(1).leaseReads).isEmpty();
        cluster.deliver(HandCluster.among(1, 2));
        replica(1).endTurn();

        assertThat(cluster.node(1).leaseReads).containsExactly("1@3");
    }

    @Test
    void aFreshLeaderReadsNothingBeforeAllThatWasReportedIsChosen() {
        founded(3);
        cluster.propose(1, "b");
        cluster.deliver(Letter.to(2, "Accept"));
        cluster.drop(letter -> true);
        cluster.pass(2 * HandCluster.ELECTION_TIMEOUT, 3);
        cluster.pass(2 * HandCluster.ELECTION_TIMEOUT, 2);
        cluster.drop(letter -> true);
        while (replica(2).role() != Role.LEADING) {
            cluster.pass(10, 2);
            cluster.deliver(HandCluster.among(2, 3).and(Letter.any("Accept", "Accepted").negate()));
        }
        cluster.pass(50, 2, 3);
        cluster.deliver(heartbeats().and(HandCluster.among(2, 3)));

        assertThat(read(2, 1)).isFalse();
        cluster.deliver(HandCluster.among(2, 3));
        assertThat(replica(2).commitIndex()).isEqualTo(3);
        assertThat(read(2, 1)).isTrue();
        assertThat(cluster.node(2).leaseReads).containsExactly("1@3");
    }

    @Test
    void whoGrantedPromisesNobodyElseUntilThatHasRunOut() {
        founded(3);
        long own = cluster.node(3).config.self();
        long ballot = Ballot.of(Ballot.round(replica(2).ballot()) + 1, 3);

        replica(2).prepare(own, ballot, 3);
        assertThat(cluster.waiting()).isEmpty();

        cluster.pass(LEASE + 10, 2);
        cluster.drop(letter -> true);
        replica(2).prepare(own, ballot, 3);
        assertThat(cluster.waiting()).anyMatch(Letter.from(2, "Promise"));
    }

    @Test
    void whoGrantedDoesNotPromiseItselfEither() {
        founded(3);
        long own = cluster.node(2).config.self();
        long ballot = Ballot.of(Ballot.round(replica(2).ballot()) + 1, 2);

        replica(2).prepare(own, ballot, 3);

        assertThat(cluster.waiting()).isEmpty();
    }

    @Test
    void theHolderMayTakeAHigherBallot() {
        founded(3);
        long ballot = Ballot.of(Ballot.round(replica(2).ballot()) + 1, 1);

        replica(2).prepare(cluster.node(1).config.self(), ballot, 3);

        assertThat(cluster.waiting()).anyMatch(Letter.from(2, "Promise"));
    }

    @Test
    void aNewLeaderIsThereAsSoonAsWithoutLeases() {
        assertThat(ticksToANewLeader(new HandCluster(3).leasing(LEASE)))
                .isEqualTo(ticksToANewLeader(new HandCluster(3)));
    }

    private static long ticksToANewLeader(HandCluster cluster) {
        cluster.founded();
        cluster.run(100);
        long begin = cluster.now();
        cluster.node(1).isUp = false;
        while (cluster.replica(2).role() != Role.LEADING
                && cluster.replica(3).role() != Role.LEADING) {
            cluster.pass(10, 2, 3);
            cluster.deliver(HandCluster.among(2, 3));
        }
        return cluster.now() - begin;
    }

    @Test
    void aNodeThatMayHaveGrantedBeforeItsStartPromisesNothingForSoLong() {
        founded(3);
        cluster.restartAfterGrants(2, LEASE);
        long own = cluster.node(3).config.self();
        long ballot = Ballot.of(Ballot.round(replica(2).ballot()) + 1, 3);

        cluster.pass(LEASE - 10, 2);
        replica(2).prepare(own, ballot, 3);
        assertThat(cluster.waiting()).noneMatch(Letter.from(2, "Promise"));

        cluster.pass(10, 2);
        replica(2).prepare(own, ballot, 3);
        assertThat(cluster.waiting()).anyMatch(Letter.from(2, "Promise"));
    }

    @Test
    void whoHandsOverHoldsNoneAndFreesThoseWhoGranted() {
        founded(3);
        cluster.run(HandCluster.HEARTBEAT);
        long ballot = replica(1).ballot();

        assertThat(replica(1).transfer(2)).isTrue();
        assertThat(cluster.waiting()).anyMatch(Letter.to(2, "HandOver"));
        assertThat(replica(1).role()).isEqualTo(Role.LEADING);
        assertThat(replica(1).holdsLease(ballot, cluster.now())).isFalse();
        cluster.settle();

        // Nobody's time has passed.
        assertThat(replica(2).role()).isEqualTo(Role.LEADING);
    }

    @Test
    void whatIsWaitedForUnderOneBallotIsNotToldUnderTheNext() {
        founded(3);
        cluster.propose(1, "b");
        read(1, 1);
        cluster.drop(letter -> true);
        electBehindTheBackOfNode1();
        cluster.pass(10, 1, 2, 3);
        cluster.elect(1);
        cluster.run(100);

        assertThat(cluster.node(1).leaseReads).isEmpty();
        assertThat(read(1, 2)).isTrue();
        assertThat(cluster.node(1).leaseReads).hasSize(1);
    }

    @Test
    void whoIsAwakeAgainFindsItsLeaseGone() {
        founded(3);
        long ballot = replica(1).ballot();
        read(1, 1);
        assertThat(cluster.node(1).leaseReads).containsExactly("1@2");

        // Node 1 stands still, with an answer in its hands; the others go on.
        electBehindTheBackOfNode1();
        cluster.propose(2, "b");
        cluster.deliver(HandCluster.among(2, 3));

        assertThat(replica(1).role()).isEqualTo(Role.LEADING);
        assertThat(replica(1).holdsLease(ballot, cluster.now())).isFalse();
    }
}
