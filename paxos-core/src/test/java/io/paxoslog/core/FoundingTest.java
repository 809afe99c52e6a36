package io.paxoslog.core;

import static io.paxoslog.core.Roles.B1;
import static io.paxoslog.core.Roles.B2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.SortedMap;
import java.util.TreeMap;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

/**
 * A cluster that is founded on the log of another one: its slots 1 to 3, under ballots up to 7.2.
 */
class FoundingTest {
    private static final Base BASE = Base.of(0x1234_5678_9ABC_DEF0L, 3);
    private static final Base OTHER = Base.of(0x7234_5678_9ABC_DEF0L, 3);
    private static final long HIGHEST = Ballot.of(7, 2);
    private static final TreeMap<Long, byte[]> NOTHING = new TreeMap<>();

    private final HandCluster cluster = new HandCluster(3);

    FoundingTest() {
        for (int id = 1; id <= 3; id++) {
            cluster.makeOn(BASE, id, FoundingTest::writeOldLog);
        }
    }

    private static Membership oldMembership() {
        ReplicaConfig old = HandCluster.configOf(1, 5, 3, 3, 1000);
        return Membership.genesis(
                old, old.members().stream().mapToLong(v -> MemberId.of(v.node(), 5)).toArray());
    }

    private static void writeOldLog(JournalRecords journal) {
        journal.promised(HIGHEST);
        Batch genesis = Batches.membership(B1, oldMembership());
        journal.chosen(genesis.slots(Ballot.NONE, 1, 1));
        journal.chosen(Batches.commands(B2, 2, "a", "b").slots(Ballot.NONE, 2, 2));
    }

    private HandCluster.Node node(int id) {
        return cluster.node(id);
    }

    private Replica replica(int id) {
        return cluster.replica(id);
    }

    private long member(int id) {
        return node(id).config.self();
    }

    private void restart(int id) {
        cluster.restart(id, node(id).journal.size());
    }

    @Test
    void isFoundedRightBehindThatLogAndGoesOn() {
        cluster.started().elect(1);
        cluster.propose(1, "c");
        cluster.run(200);

        for (int id = 1; id <= 3; id++) {
            assertThat(node(id).committed).as("node %d", id).containsExactly("4:members", "5:c");
            assertThat(replica(id).clusterId()).isEqualTo(BASE.clusterId(77)).isNotEqualTo(77);
            assertThat(replica(id).membership().size()).isEqualTo(3);
            assertThat(node(id).stops).isEmpty();
            assertThat(node(id).warnings).isEmpty();
        }
    }

    @Test
    void itsBallotsAreAboveThoseOfTheOther() {
        cluster.started().elect(1);

        assertThat(replica(1).ballot()).isGreaterThan(HIGHEST);
    }

    @Test
    void comesBackBeforeAndAfterItIsFounded() {
        cluster.started();
        restart(1);
        restart(2);
        restart(3);
        assertThat(replica(2).commitIndex()).isEqualTo(3);
        assertThat(replica(2).clusterId()).isZero();
        cluster.run(200);
        cluster.elect(1);
        cluster.propose(1, "c");
        cluster.run(200);
        for (int id = 1; id <= 3; id++) {
            restart(id);
        }

        cluster.run(200);
        cluster.elect(2, 2, 3);
        cluster.propose(2, "d");
        cluster.run(200);

        for (int id = 1; id <= 3; id++) {
            assertThat(node(id).committed).as("node %d", id).endsWith("6:d");
            assertThat(replica(id).clusterId()).isEqualTo(replica(1).clusterId());
            assertThat(BASE.isOf(replica(id).clusterId())).isTrue();
        }
    }

    @Test
    void needsEverybodyOnce() {
        cluster.started();
        node(3).isUp = false;

        cluster.run(2000);

        assertThat(replica(1).role()).isNotEqualTo(Role.LEADING);
        assertThat(replica(2).role()).isNotEqualTo(Role.LEADING);
    }

    @Test
    void isNotFoundedByNodesOfOtherBases() {
        cluster.makeOn(OTHER, 3, FoundingTest::writeOldLog);
        cluster.started();

        cluster.run(2000);

        for (int id = 1; id <= 3; id++) {
            assertThat(replica(id).role()).as("node %d", id).isNotEqualTo(Role.LEADING);
            assertThat(replica(id).commitIndex()).isEqualTo(3);
            assertThat(node(id).stops).isEmpty();
        }
        assertThat(node(1).warnings)
                .isNotEmpty()
                .allSatisfy(
                        line ->
                                assertThat(line)
                                        .contains("node 3", OTHER.toString().substring(0, 16))
                                        .contains(BASE.toString(), "from the same backup"));
    }

    @Test
    void isNotFoundedWithANodeThatBeginsWithNothing() {
        cluster.makeOn(Base.NONE, 3, journal -> {});
        cluster.started();

        cluster.run(2000);

        assertThat(replica(1).commitIndex()).isEqualTo(3);
        assertThat(replica(3).commitIndex()).isZero();
        assertThat(node(1).warnings.get(0)).contains("node 3 begins with an empty log");
    }

    @Test
    void whoMissedTheFoundingLearnsOfIt() {
        cluster.started();
        for (int i = 0; i < 100 && !replica(1).takesCommands(); i++) {
            cluster.pass(10, 1);
            cluster.settle();
        }
        cluster.propose(1, "c");
        cluster.deliver(HandCluster.among(1, 2));
        assertThat(replica(3).clusterId()).isZero();

        cluster.run(500);

        assertThat(node(3).committed).containsExactly("4:members", "5:c");
        assertThat(replica(3).clusterId()).isEqualTo(BASE.clusterId(77));
    }

    /** Nobody else was told yet that it is founded. */
    @Test
    void whoKnowsItsBaseOnlyIsHeard() {
        cluster.started();
        for (int i = 0; i < 100 && replica(1).clusterId() == 0; i++) {
            cluster.pass(10, 1);
            cluster.deliver(Letter.any("AllChosen").negate());
        }
        cluster.drop(letter -> true);
        assertThat(replica(2).clusterId()).isZero();
        assertThat(replica(3).clusterId()).isZero();

        replica(1).read(1);
        replica(1).endTurn();
        cluster.deliver(Letter.any("Confirm", "Confirmed"));

        assertThat(node(1).reads).containsExactly("1@4");
    }

    @Test
    void aMembershipThatWasAcceptedIsProposedAgainByTheNextLeader() {
        cluster.started();
        for (int i = 0; i < 100 && replica(1).role() != Role.LEADING; i++) {
            cluster.pass(10, 1);
            cluster.deliver(letter -> !letter.toString().contains(" Accept "));
        }
        cluster.deliverOnce(letter -> letter.to() == 2 && letter.toString().contains(" Accept "));
        cluster.drop(letter -> true);
        assertThat(node(2).journal.lines()).last().asString().startsWith("accepted");
        restart(1);

        cluster.elect(2);
        cluster.propose(2, "c");
        cluster.run(100);

        assertThat(node(3).committed).containsExactly("4:members", "5:c");
        assertThat(replica(3).clusterId()).isEqualTo(BASE.clusterId(77));
    }

    @Test
    void beforeItNothingElseIsVotedOn() {
        cluster.started();
        cluster.drop(letter -> true);
        long ballot = Ballot.of(8, 2);

        replica(1).accept(member(2), Batches.commands(ballot, 5, "c"), 4);

        assertThat(node(1).journal.lines()).noneMatch(line -> line.startsWith("accepted"));
        assertThat(cluster.waiting()).isEmpty();
    }

    @Test
    void aMembershipOfTheOtherClusterIsNeitherTakenNorAReasonToStop() {
        cluster.started();
        Batch below = Batches.membership(B1, oldMembership());
        Batch above = Batches.membership(B1, oldMembership());

        replica(1).chosen(member(2), below.slots(Ballot.NONE, 1, 1), 1);
        replica(1).chosen(member(2), above.slots(Ballot.NONE, 4, 1), 4);

        assertThat(replica(1).commitIndex()).isEqualTo(3);
        assertThat(replica(1).clusterId()).isZero();
        assertThat(node(1).stops).isEmpty();
        assertThat(node(1).warnings).hasSize(1);
        assertThat(node(1).warnings.get(0)).contains("not taken", "node 2");
    }

    @Test
    void aNodeThatDoesNotHoldAllOfTheBaseDoesNotStart() {
        HandCluster other = new HandCluster(3);
        other.makeOn(Base.of(5L << 40, 9), 1, FoundingTest::writeOldLog);

        assertThatIllegalStateException()
                .isThrownBy(() -> other.node(1).start(0))
                .withMessageContaining("up to 3 only")
                .withMessageContaining("up to slot 9");
    }

    @Test
    void beginsWithASnapshotThatKnowsNoMembership() {
        cluster.makeOn(BASE, 1, journal -> {});
        replica(1).recoverSnapshot(3, 5_000, NOTHING, NOTHING);
        node(1).start(0);

        assertThat(replica(1).commitIndex()).isEqualTo(3);
        assertThat(replica(1).clusterId()).isZero();
        assertThat(replica(1).firstKept()).isEqualTo(4);
    }

    @Test
    void takesNoMembershipFromASnapshotOfTheOtherLog() {
        SortedMap<Long, byte[]> old = new TreeMap<>();
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        byte[] entry = new byte[oldMembership().encode(buffer, 0)];
        buffer.getBytes(0, entry);
        old.put(1L, entry);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> replica(1).recoverSnapshot(3, 5_000, old, NOTHING));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> replica(1).recoverSnapshot(4, 5_000, NOTHING, NOTHING));
    }

    @Test
    void aBaseIsNothingOrALog() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Base(5, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Base(5L << 40, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Base(0, 1));
        assertThat(Base.of(5, 1).isNone()).isFalse();
        assertThat(Base.of(-1, 1).id()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void clustersOnOneBaseBeginAsItDoes() {
        long one = BASE.clusterId(77);
        long another = BASE.clusterId(78);

        assertThat(one).isNotEqualTo(another);
        assertThat(BASE.isOf(one)).isTrue();
        assertThat(BASE.isOf(BASE.id())).isTrue();
        assertThat(OTHER.isOf(one)).isFalse();
        assertThat(BASE.isOf(0)).isFalse();
        assertThat(BASE.isOf(77)).isFalse();
        assertThat(Base.NONE.clusterId(77)).isEqualTo(77);
    }
}
