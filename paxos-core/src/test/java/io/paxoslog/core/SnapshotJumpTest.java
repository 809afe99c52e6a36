package io.paxoslog.core;

import static io.paxoslog.core.Roles.B1;
import static io.paxoslog.core.Roles.B2;
import static io.paxoslog.core.Roles.B3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * A snapshot in the place of slots that are in no log here. Slot 10 is its own throughout; node 1
 * is the one that takes it.
 */
class SnapshotJumpTest {
    private static final long TIME_NS = 5_000;
    private final HandCluster cluster = new HandCluster(3);
    private HandCluster.Node node = cluster.node(1);
    private Replica replica = node.replica;
    private final long two = cluster.node(2).config.self();
    private final long three = cluster.node(3).config.self();

    private final TreeMap<Long, byte[]> memberships = new TreeMap<>();
    private final TreeMap<Long, byte[]> decisions = new TreeMap<>();

    SnapshotJumpTest() {
        memberships.put(1L, encoded(Roles.genesis(node.config)));
    }

    static byte[] encoded(Membership membership) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        byte[] bytes = new byte[membership.encode(buffer, 0)];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    private static byte[] encoded(Decision decision) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        decision.encode(buffer, 0);
        byte[] bytes = new byte[Decision.BYTES];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    private void starts() {
        node.start(0);
    }

    private boolean install() {
        return install(10);
    }

    private boolean install(long slot) {
        return replica.installed(slot, TIME_NS, memberships, decisions);
    }

    /** Genesis and two more slots are chosen; 4, 5 and 8 to 12 are accepted under ballot 2.2. */
    private void followsNodeTwo() {
        starts();
        replica.accept(two, Batches.membership(B2, Roles.genesis(node.config)), 1);
        replica.accept(two, Batches.commands(B2, 2, "b", "c"), 2);
        replica.accept(two, Batches.commands(B2, 4, "d", "e"), 4);
        replica.accept(two, Batches.commands(B2, 8, "h", "i", "j", "k", "l"), 4);
        cluster.drop(letter -> true);
        assertThat(replica.commitIndex()).isEqualTo(3);
    }

    private Iterable<String> said() {
        return cluster.waiting().stream().map(Letter::toString).toList();
    }

    @Test
    void takesThePlaceOfWhatIsNotHere() {
        followsNodeTwo();
        node.committed.clear();

        assertThat(install()).isTrue();

        assertThat(replica.commitIndex()).isEqualTo(10);
        assertThat(node.jumps).containsExactly(10L);
        assertThat(node.committed).isEmpty();
    }

    @Test
    void isFollowedByTheSlotRightAbove() {
        followsNodeTwo();
        node.committed.clear();
        install();

        replica.heartbeat(two, B2, 13, 12, true, 1, 0, 0, 0);

        assertThat(node.committed).containsExactly("11:k", "12:l");
    }

    @Test
    void keepsWhatWasAcceptedAbove() {
        followsNodeTwo();
        install();

        replica.prepare(three, B3, 4);

        assertThat(said())
                .containsExactly(
                        "1->3 PromisedSlots b=3.3 held b=2.2 slot=11 k,l",
                        "1->3 Promise b=3.3 commit=10 slots=2");
    }

    @Test
    void neverLowersThePromise() {
        followsNodeTwo();
        replica.prepare(three, B3, 4);
        cluster.drop(letter -> true);
        install();

        replica.prepare(two, B2, 1);

        assertThat(said()).containsExactly("1->2 Nack promised=3.3");
    }

    @Test
    void countsAsKnownChosenInVotes() {
        followsNodeTwo();
        install();

        replica.heartbeat(two, B2, 5, 12, true, 1, 0, 0, 0);

        assertThat(said()).contains("1->2 Accepted b=2.2 upTo=12");
    }

    @Test
    void votesForNoMoreThanItKnowsChosenWhereNothingIsHeldAbove() {
        followsNodeTwo();
        install(13);

        replica.heartbeat(two, B2, 5, 20, true, 1, 0, 0, 0);

        assertThat(said()).contains("1->2 Accepted b=2.2 upTo=13");
    }

    @Test
    void isNotTakenBelowTheCommitIndex() {
        followsNodeTwo();
        replica.heartbeat(two, B2, 6, 12, true, 1, 0, 0, 0);

        assertThat(install(5)).isFalse();
        assertThat(install(4)).isFalse();

        assertThat(replica.commitIndex()).isEqualTo(5);
        assertThat(node.jumps).isEmpty();
        assertThat(replica.firstKept()).isEqualTo(1);
    }

    @Test
    void isNotTakenByALeader() {
        HandCluster three = new HandCluster(3).started();
        three.elect(1);
        memberships.put(1L, encoded(three.replica(1).newestMembership()));

        assertThat(three.replica(1).installed(10, TIME_NS, memberships, decisions)).isFalse();

        assertThat(three.replica(1).commitIndex()).isEqualTo(1);
        assertThat(three.node(1).jumps).isEmpty();
    }

    @Test
    void itsMembershipsAreKnownAfterARestart() {
        starts();
        assertThat(install()).isTrue();

        cluster.restart(1, node.journal.size());

        assertThat(cluster.replica(1).commitIndex()).isEqualTo(10);
        assertThat(cluster.replica(1).membershipSlot()).isEqualTo(1);
    }

    /** The members have changed twice since, so that nothing tells of the founding any more. */
    private void otherMembers(Change.Member... now) {
        Membership first = Roles.genesis(node.config).after(change(1, now));
        memberships.put(3L, encoded(first));
        memberships.put(6L, encoded(first.after(change(3, now))));
        memberships.remove(1L);
    }

    private static Change change(long previous, Change.Member... members) {
        return new Change(previous, List.of(members), 2, 2, 2);
    }

    private static Change.Member member(long identity) {
        return new Change.Member(identity, "h:" + MemberId.node(identity));
    }

    @Test
    void isTakenByAFounderThatWasAwayEverSince() {
        starts();
        otherMembers(member(node.config.self()), member(two), member(MemberId.of(4, 104)));

        assertThat(install()).isTrue();

        assertThat(node.stops).isEmpty();
        assertThat(replica.membershipSlot()).isEqualTo(6);
        assertThat(replica.newestMembership().indexOf(node.config.self())).isZero();
    }

    @Test
    void tellsAFounderThatWasAwayEverSinceThatItIsNoMember() {
        starts();
        otherMembers(member(two), member(three), member(MemberId.of(4, 104)));

        assertThat(install()).isTrue();
        replica.heartbeat(two, B2, 11, 10, true, 1, 10, 6, 0);

        assertThat(node.stops.get(0)).contains("node 1 is no member");
    }

    @Test
    void stopsAnEmptiedDirectoryOfAMemberOfNow() {
        starts();
        otherMembers(member(MemberId.of(1, 999)), member(two), member(three));

        assertThat(install()).isFalse();

        assertThat(node.stops.get(0)).contains("an emptied one cannot take its place");
    }

    @Test
    void isNotTakenWithoutAMembership() {
        starts();
        memberships.clear();

        assertThat(install()).isFalse();
    }

    @Test
    void isNotTakenWhenItDoesNotReadAsOne() {
        starts();
        decisions.put(4L, new byte[] {1, 2, 3});
        assertThat(install()).isFalse();
        decisions.clear();
        memberships.put(11L, memberships.get(1L));

        assertThat(install()).isFalse();

        assertThat(node.journal.lines()).isEmpty();
    }

    @Test
    void isNotTakenWithAnotherMembershipThanTheRecorded() {
        followsNodeTwo();
        memberships.put(1L, encoded(Roles.genesis(HandCluster.configOf(1, 3, 2, 2, 999))));

        assertThat(install()).isFalse();

        assertThat(replica.commitIndex()).isEqualTo(3);
        assertThat(node.warnings).hasSize(1);
        assertThat(node.warnings.get(0)).startsWith("not taken: a snapshot at slot 10 sent a");
    }

    @Test
    void bringsTheMembershipToANodeThatKnowsNone() {
        starts();

        assertThat(install()).isTrue();

        assertThat(replica.clusterId()).isEqualTo(77);
        assertThat(node.journal.lines())
                .containsExactly("membership slot=1", "committed 0.0 upTo=10");
    }

    @Test
    void stopsANodeThatIsKnownByAnotherDirectory() {
        Membership genesis = Roles.genesis(node.config);
        long[] identities = {MemberId.of(1, 99), genesis.member(1), genesis.member(2)};
        memberships.put(1L, encoded(Membership.genesis(node.config, identities)));
        starts();

        assertThat(install()).isFalse();

        assertThat(node.stops).hasSize(1);
    }

    @Test
    void bringsTheDecisionsInForceAndWritesThemDownFirst() {
        followsNodeTwo();
        decisions.put(6L, encoded(Decision.retry(4, 0)));
        decisions.put(7L, encoded(Decision.skip(4, 6)));
        int before = node.journal.size();

        install();

        assertThat(replica.isSkipped(4)).isTrue();
        assertThat(replica.isInForce(6)).isTrue();
        assertThat(node.decided).containsExactly("6:retry 4", "7:skip 4");
        assertThat(node.journal.lines().subList(before, node.journal.size()))
                .containsExactly(
                        "membership slot=1",
                        "decision slot=6 retry 4",
                        "decision slot=7 skip 4",
                        "committed 0.0 upTo=10");
    }

    @Test
    void bringsTheTimeAlong() {
        HandCluster three = new HandCluster(3).started();
        three.elect(1);
        three.propose(1, "a");
        three.settle();
        long far = HandCluster.wallClockNs(1_000_000);
        TreeMap<Long, byte[]> own = new TreeMap<>();
        own.put(1L, encoded(three.replica(1).membership()));
        assertThat(three.replica(2).installed(10, far, own, decisions)).isTrue();

        three.elect(2);
        three.propose(2, "b");

        assertThat(three.node(2).journal.batches()).isNotEmpty();
        three.settle();
        assertThat(three.node(2).journal.batches())
                .last()
                .satisfies(batch -> assertThat(batch.timestamp()).isGreaterThanOrEqualTo(far));
    }

    /** A Prepare says nothing of slots below what somebody knows chosen: they come in one jump. */
    @Test
    void letsACandidateLeadThatPromisesToldOfMoreThanLogsHold() {
        followsNodeTwo();
        cluster.pass(2 * HandCluster.ELECTION_TIMEOUT, 1);
        long ballot = Ballot.of(3, 1);
        replica.canvassed(node.config.self(), ballot, true, B2, 3);
        replica.canvassed(two, ballot, true, B2, 3);
        cluster.deliver(letter -> letter.from() == 1 && letter.to() == 1);
        replica.promisedSlots(two, ballot, Batches.commands(B2, 11, "k", "l"));
        replica.promise(two, ballot, 10, 2, 0);
        assertThat(replica.role()).isEqualTo(Role.PREPARING);
        cluster.drop(letter -> true);
        replica.compacted(two, 11, 10);
        replica.compacted(three, 11, 10);
        assertThat(node.snapshots.asked()).contains("wanted from 2 above 3");

        install();

        assertThat(replica.role()).isEqualTo(Role.LEADING);
        assertThat(said())
                .contains("1->2 Accept b=" + Ballot.text(ballot) + " slot=11 k,l floor=11");
    }

    @Test
    void answersThatWhatItHidesIsInNoLogHere() {
        followsNodeTwo();
        install();

        replica.fetch(three, 1, 12);
        replica.fetch(three, 4, 5);
        replica.fetch(three, 10, 12);

        assertThat(said())
                .containsExactly(
                        "1->3 Compacted keptFrom=11 snapshot=10",
                        "1->3 Compacted keptFrom=11 snapshot=10",
                        "1->3 Compacted keptFrom=11 snapshot=10");
    }

    @Test
    void servesWhatItLearnsAbove() {
        followsNodeTwo();
        install();
        replica.heartbeat(two, B2, 13, 12, true, 1, 0, 0, 0);
        cluster.drop(letter -> true);

        replica.fetch(three, 11, 12);

        assertThat(said()).allSatisfy(letter -> assertThat(letter).startsWith("1->3 Chosen"));
    }

    @Test
    void answersWhatTheJournalKeepsAndNoMore() {
        followsNodeTwo();
        replica.keeps(3, 2);

        replica.fetch(three, 2, 3);
        replica.fetch(three, 3, 3);

        assertThat(said())
                .containsExactly(
                        "1->3 Compacted keptFrom=3 snapshot=2",
                        "1->3 Chosen b=none slot=3 c burstEnd=3");
    }

    /**
     * The journal may end anywhere in what was written about a snapshot, which itself is forced
     * before.
     */
    @Test
    void isKnownAgainWhereverTheJournalIsTorn() {
        followsNodeTwo();
        replica.prepare(three, B3, 4);
        decisions.put(6L, encoded(Decision.skip(4, 0)));
        int before = node.journal.size();
        install();
        int after = node.journal.size();
        RecordingJournal written = node.journal;

        for (int kept = before; kept <= after; kept++) {
            comesBack(written, kept, 10);

            assertThat(replica.commitIndex()).isEqualTo(10);
            assertThat(replica.clusterId()).isEqualTo(77);
            assertThat(replica.isSkipped(4)).isTrue();
            assertKnowsOnlyItsPromiseAndWhatLiesAbove();
        }
    }

    private void assertKnowsOnlyItsPromiseAndWhatLiesAbove() {
        cluster.drop(letter -> true);
        replica.prepare(two, B2, 1);
        replica.prepare(three, B3, 1);
        replica.fetch(three, 4, 5);
        assertThat(said())
                .containsExactly(
                        "1->2 Nack promised=3.3",
                        "1->3 PromisedSlots b=3.3 held b=2.2 slot=11 k,l",
                        "1->3 Promise b=3.3 commit=10 slots=2",
                        "1->3 Compacted keptFrom=11 snapshot=10");
    }

    private void comesBack(RecordingJournal written, int records, long newestSnapshot) {
        HandCluster.Node back = new HandCluster.Node(node.config, cluster);
        written.replay(records, back.journal);
        back.replica.recoverSnapshot(newestSnapshot, TIME_NS, memberships, decisions);
        back.journal.replay(back.journal.size(), back.replica.recovery());
        back.start(0);
        node = back;
        replica = back.replica;
    }

    /**
     * What the journal holds between its end and a snapshot was accepted, and something else may
     * have been chosen. A later snapshot of this node's own must not make it be served.
     */
    @Test
    void isRememberedByTheJournalOnceALaterOneIsTheNewest() {
        followsNodeTwo();
        RecordingJournal written = node.journal;
        comesBack(written, written.size(), 10);
        replica.heartbeat(two, B2, 13, 12, true, 1, 0, 0, 0);
        assertThat(replica.commitIndex()).isEqualTo(12);

        comesBack(node.journal, node.journal.size(), 12);
        replica.keeps(1, 12);
        cluster.drop(letter -> true);
        replica.fetch(three, 4, 12);
        replica.fetch(three, 11, 12);

        assertThat(said())
                .startsWith("1->3 Compacted keptFrom=11 snapshot=12")
                .hasSize(3)
                .contains("1->3 Chosen b=none slot=11 k burstEnd=12");
    }

    @Test
    void doesNotHideWhatTheJournalKnowsChosen() {
        followsNodeTwo();
        replica.heartbeat(two, B2, 6, 12, true, 1, 0, 0, 0);

        comesBack(node.journal, node.journal.size(), 4);
        cluster.drop(letter -> true);
        replica.fetch(three, 2, 2);

        assertThat(replica.commitIndex()).isEqualTo(5);
        assertThat(replica.firstKept()).isEqualTo(1);
        assertThat(said()).containsExactly("1->3 Chosen b=none slot=2 b burstEnd=2");
    }

    @Test
    void leavesNothingToBeServedWhereAJournalBeginsAboveTheFirstSlot() {
        JournalRecords recovery = replica.recovery();
        recovery.promised(B1);
        recovery.membership(1, new UnsafeBuffer(memberships.get(1L)), 0, length());
        recovery.committed(Ballot.NONE, 500);
        starts();

        assertThat(replica.firstKept()).isEqualTo(501);
    }

    private int length() {
        return memberships.get(1L).length;
    }

    @Test
    void atAStartMustReadAsOne() {
        SortedMap<Long, byte[]> none = new TreeMap<>();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> replica.recoverSnapshot(10, TIME_NS, none, none));
    }

    @Test
    void knowsTheLatestMembershipInWhateverOrderItIsHeard() {
        Memberships known = new Memberships(node.config);
        byte[] late = encoded(Roles.genesis(HandCluster.configOf(1, 3, 2, 2, 999)));
        known.adopt(5, new UnsafeBuffer(late), 0, late.length);
        byte[] first = memberships.get(1L);

        known.adopt(1, new UnsafeBuffer(first), 0, first.length);

        assertThat(known.current().openSlotLimit()).isEqualTo(999);
        assertThat(known.slot()).isEqualTo(5);
    }

    @Test
    void passesOnWhatIsSaidOfSnapshots() {
        starts();

        replica.fetchSnapshot(two, 10, 7, 3);
        replica.snapshotPart(three, 10, 7, 4, Batches.entries("abc"), 4, 3);

        assertThat(node.snapshots.asked())
                .containsExactly(
                        "send to 2 slot=10 of 7 chunk=3",
                        "received from 3 slot=10 of 7 chunk=4 abc");
    }
}
