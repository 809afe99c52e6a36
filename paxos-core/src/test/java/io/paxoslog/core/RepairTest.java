package io.paxoslog.core;

import static io.paxoslog.core.Roles.B1;
import static io.paxoslog.core.Roles.B2;
import static io.paxoslog.core.Roles.B3;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Slots whose records are lost to damage: unknown until others supply what was chosen. Node 1 of
 * three lost them; it knows slots 1 to 4 chosen.
 */
class RepairTest {
    private static final int HEARTBEAT = 50;

    private final HandCluster cluster = new HandCluster(3);
    private final HandCluster.Node node = cluster.node(1);
    private final Replica replica = node.replica;
    private final JournalRecords recovery = replica.recovery();
    private final long two = cluster.node(2).config.self();
    private final long three = cluster.node(3).config.self();

    private void recoversFourSlots() {
        Batch genesis = Batches.membership(B1, Roles.genesis(node.config));
        recovery.accepted(genesis);
        recovery.membership(1, genesis.buffer(), Batch.ENTRY_PREFIX_BYTES, genesis.entryLength(0));
        recovery.accepted(Batches.commands(B1, 2, "b", "c", "d"));
        recovery.committed(B1, 4);
    }

    private void starts() {
        node.start(0);
        cluster.drop(letter -> true);
    }

    private List<String> askedIn(int ticks) {
        cluster.drop(letter -> true);
        cluster.pass(ticks, 1);
        return cluster.waiting().stream()
                .map(Letter::toString)
                .filter(line -> line.contains("Fetch "))
                .toList();
    }

    private List<String> said() {
        return cluster.waiting().stream().map(Letter::toString).toList();
    }

    @Test
    void asksForWhatIsChosenAndWritesItDownAgain() {
        recoversFourSlots();
        starts();
        replica.unknown(2, 3);
        assertThat(replica.unknownSlots()).isEqualTo(2);

        assertThat(askedIn(HEARTBEAT).get(0)).isEqualTo("1->2 Fetch 2..3");
        replica.chosen(two, Batches.commands(Ballot.NONE, 1, "x", "b", "c", "d"), 4);

        assertThat(node.journal.lines()).contains("chosen b=none slot=2 b,c");
        assertThat(node.journal.lines()).noneMatch(line -> line.contains("x"));
        assertThat(replica.unknownSlots()).isZero();
        assertThat(replica.repairedSlots()).isEqualTo(2);
        assertThat(replica.commitIndex()).isEqualTo(4);
        assertThat(askedIn(4 * HEARTBEAT)).isEmpty();
    }

    @Test
    void asksTheNextOneWhenNothingCame() {
        recoversFourSlots();
        starts();
        replica.unknown(2, 3);

        assertThat(askedIn(2 * HEARTBEAT)).containsExactly("1->2 Fetch 2..3", "1->3 Fetch 2..3");
    }

    @Test
    void asksOncePerIntervalOnly() {
        recoversFourSlots();
        starts();
        replica.unknown(2, 2);
        replica.unknown(4, 4);

        assertThat(askedIn(HEARTBEAT)).hasSize(1);
    }

    @Test
    void asksLessOftenTheLongerNobodyCan() {
        recoversFourSlots();
        starts();
        replica.unknown(2, 3);

        int early = askedIn(20 * HEARTBEAT).size();
        int late = askedIn(20 * HEARTBEAT).size();

        assertThat(late).isLessThan(early / 2);
    }

    @Test
    void doesNotWaitForOneThatNobodyHasWithTheOthers() {
        recoversFourSlots();
        starts();
        replica.unknown(2, 2);
        replica.unknown(4, 4);

        assertThat(askedIn(20 * HEARTBEAT)).anyMatch(line -> line.endsWith("Fetch 4..4"));
    }

    /** An accepted value, its ballot and its place are the node's own. */
    @Test
    void takesNothingFromOthersThatIsNotKnownChosen() {
        recoversFourSlots();
        recovery.unknown(Batches.commands(B1, 5, "e"));
        starts();
        replica.unknown(5, 5);

        assertThat(askedIn(10 * HEARTBEAT)).isEmpty();
        assertThat(replica.unknownSlots()).isZero();
        replica.promisedSlots(two, B1, Batches.commands(B1, 5, "e"));
        assertThat(node.journal.lines()).noneMatch(line -> line.contains("slot=5"));
    }

    @Test
    void asksOnceItIsKnownChosen() {
        recoversFourSlots();
        recovery.unknown(Batches.commands(B1, 5, "e"));
        starts();
        replica.unknown(5, 5);

        replica.chosen(two, Batches.commands(Ballot.NONE, 5, "e"), 5);

        assertThat(replica.commitIndex()).isEqualTo(5);
        assertThat(node.journal.lines()).containsOnlyOnce("chosen b=none slot=5 e");
        assertThat(askedIn(4 * HEARTBEAT)).isEmpty();
    }

    /** I4: the promise announces it, and nothing tells its value. */
    @Test
    void announcesASlotWhoseAcceptedValueIsLost() {
        recoversFourSlots();
        recovery.accepted(Batches.commands(B1, 5, "old"));
        recovery.unknown(Batches.commands(B2, 5, "?"));
        recovery.accepted(Batches.commands(B2, 6, "f"));
        starts();

        replica.prepare(three, B3, 5);

        assertThat(said())
                .contains("1->3 Promise b=3.3 commit=4 slots=2")
                .contains("1->3 PromisedSlots b=3.3 held b=2.2 slot=6 f")
                .noneMatch(line -> line.contains("old") || line.contains("slot=5 "));
    }

    @Test
    void neverVotesAboutALostValue() {
        recoversFourSlots();
        recovery.unknown(Batches.commands(B2, 5, "?"));
        recovery.accepted(Batches.commands(B2, 6, "f"));
        starts();

        replica.heartbeat(two, B2, 5, 6, true, 1, 0, 0, 0);

        assertThat(said()).contains("1->2 Accepted b=2.2 upTo=4");
    }

    @Test
    void votesAgainOnceItAcceptedTheSlotAgain() {
        recoversFourSlots();
        recovery.unknown(Batches.commands(B2, 5, "?"));
        recovery.accepted(Batches.commands(B2, 6, "f"));
        starts();
        replica.heartbeat(two, B2, 5, 6, true, 1, 0, 0, 0);
        cluster.drop(letter -> true);

        replica.accept(two, Batches.commands(B2, 5, "e"), 5);

        assertThat(node.journal.lines()).contains("accepted b=2.2 slot=5 e");
        assertThat(said()).contains("1->2 Accepted b=2.2 upTo=6");
    }

    @Test
    void learnsThatALostValueWasChosenAndNotWhichOne() {
        recoversFourSlots();
        recovery.unknown(Batches.commands(B2, 5, "?"));
        recovery.committed(B2, 5);
        starts();

        assertThat(replica.commitIndex()).isEqualTo(5);
        assertThat(node.committed).isEmpty();
    }

    @Test
    void aChosenRecordOfALostSlotLeavesTheCommitIndexWhereItWas() {
        recoversFourSlots();
        recovery.unknown(Batches.commands(Ballot.NONE, 5, "?", "?"));

        assertThat(replica.commitIndex()).isEqualTo(6);
    }

    @Test
    void needsNothingThatASnapshotHolds() {
        recoversFourSlots();
        starts();
        replica.unknown(2, 4);

        replica.keeps(1, 3);

        assertThat(askedIn(HEARTBEAT)).containsExactly("1->2 Fetch 4..4");
        replica.keeps(1, 4);
        assertThat(askedIn(4 * HEARTBEAT)).isEmpty();
        assertThat(replica.unknownSlots()).isZero();
    }

    @Test
    void takesASnapshotWhereNoLogReachesDownToIt() {
        recoversFourSlots();
        starts();
        replica.unknown(2, 2);
        cluster.pass(HEARTBEAT, 1);
        replica.compacted(two, 4, 3);
        replica.compacted(three, 4, 3);

        cluster.pass(2 * HEARTBEAT, 1);

        assertThat(node.snapshots.asked()).anyMatch(line -> line.endsWith("above 1"));
        assertThat(replica.snapshotsUsefulAbove()).isEqualTo(1);
        TreeMap<Long, byte[]> memberships = new TreeMap<>();
        memberships.put(1L, SnapshotJumpTest.encoded(Roles.genesis(node.config)));
        assertThat(replica.installed(3, 5_000, memberships, new TreeMap<>())).isTrue();
        assertThat(node.jumps).containsExactly(3L);
        assertThat(replica.commitIndex()).isEqualTo(4);
        assertThat(askedIn(4 * HEARTBEAT)).isEmpty();
    }

    @Test
    void aLeaderRepairsWhatIsBelowItsCommitIndexAndTakesNothingAbove() {
        cluster.elect(1);
        cluster.propose(1, "a", "b");
        cluster.settle();
        cluster.drop(letter -> true);
        long last = replica.commitIndex();
        replica.unknown(last, last);

        replica.chosen(two, Batches.commands(Ballot.NONE, last, "b", "above"), last + 1);

        assertThat(node.journal.lines()).contains("chosen b=none slot=" + last + " b");
        assertThat(replica.commitIndex()).isEqualTo(last);
        assertThat(replica.repairedSlots()).isEqualTo(1);
    }

    /** Both snapshots were damaged, and the log below is gone. */
    @Test
    void takesASnapshotFromAnybodyWhereTheLogBeginsBehindIt() {
        recoversFourSlots();
        replica.keeps(4, 1);
        starts();

        cluster.pass(3 * HEARTBEAT, 1);

        assertThat(node.snapshots.asked())
                .contains("wanted from 2 above 2", "wanted from 3 above 2");
        assertThat(replica.snapshotsUsefulAbove()).isEqualTo(2);
        TreeMap<Long, byte[]> memberships = new TreeMap<>();
        memberships.put(1L, SnapshotJumpTest.encoded(Roles.genesis(node.config)));
        assertThat(replica.installed(2, 5_000, memberships, new TreeMap<>())).isFalse();
        assertThat(replica.installed(3, 5_000, memberships, new TreeMap<>())).isTrue();
        assertThat(node.jumps).containsExactly(3L);
        cluster.pass(10 * HEARTBEAT, 1);
        assertThat(node.snapshots.asked()).isEmpty();
        assertThat(node.warnings).isEmpty();
    }

    @Test
    void saysAtGrowingIntervalsThatNobodyCan() {
        recoversFourSlots();
        starts();
        replica.unknown(2, 3);

        cluster.pass(1000 * HEARTBEAT, 1);
        int early = node.warnings.size();
        cluster.pass(1000 * HEARTBEAT, 1);

        assertThat(node.warnings.get(0)).startsWith("slots 2 to 3 cannot be read here");
        assertThat(node.warnings.size() - early).isLessThan(early);
        assertThat(replica.unknownSlots()).isEqualTo(2);
    }

    /** Node 1 leads; all hold slot 3, and node 1 alone knows it chosen, and cannot read it. */
    private void aloneKnowsWhatItCannotRead() {
        cluster.founded();
        cluster.propose(1, "b");
        cluster.deliver(Letter.any("Accept", "Accepted"));
        cluster.drop(letter -> true);
        assertThat(replica.commitIndex()).isEqualTo(3);
        assertThat(cluster.replica(2).commitIndex()).isEqualTo(2);
        replica.unknown(3, 3);
        replica.serviceAt(2, 3, 0);
        // Nobody denies a canvass because of the leader before.
        cluster.pass(3 * HandCluster.ELECTION_TIMEOUT, 1, 2, 3);
        cluster.drop(letter -> true);
    }

    /** Node 1 sends nothing chosen, as it cannot read it. */
    private void runs(int ticks, int... ids) {
        for (int i = 0; i < ticks; i += 10) {
            cluster.pass(10, ids);
            cluster.drop(Letter.from(1, "Chosen"));
            cluster.deliver(letter -> !Letter.from(1, "Chosen").test(letter));
            cluster.drop(Letter.from(1, "Chosen"));
        }
    }

    private void allIsWell() {
        for (int id = 1; id <= 3; id++) {
            assertThat(cluster.replica(id).commitIndex()).isGreaterThanOrEqualTo(3);
            assertThat(cluster.replica(id).unknownSlots()).isZero();
        }
        assertThat(node.journal.lines()).anyMatch(line -> line.endsWith("slot=3 b"));
    }

    /** Those who promise need not know what is chosen: what they report is. */
    @Test
    void whatOnlyADamagedNodeKnowsChosenIsFoundByThoseWhoHoldIt() {
        aloneKnowsWhatItCannotRead();

        runs(20 * HEARTBEAT, 2);
        assertThat(cluster.replica(2).role()).isEqualTo(Role.LEADING);
        runs(2 * HEARTBEAT, 1, 2, 3);

        allIsWell();
    }

    /** What it knows chosen it does not report, so it does not count for those slots. */
    @Test
    void nobodyLeadsByThePromiseOfOneThatKnowsMoreChosen() {
        aloneKnowsWhatItCannotRead();
        for (int i = 0; i < 100 && cluster.replica(2).role() != Role.PREPARING; i++) {
            cluster.pass(10, 2);
            cluster.deliver(Letter.any("Canvass", "Canvassed"));
        }
        assertThat(cluster.replica(2).role()).isEqualTo(Role.PREPARING);
        cluster.node(3).isUp = false;

        runs(20 * HEARTBEAT, 2);
        assertThat(cluster.replica(2).role()).isNotEqualTo(Role.LEADING);

        cluster.node(3).isUp = true;
        runs(20 * HEARTBEAT, 2);
        runs(2 * HEARTBEAT, 1, 2, 3);
        allIsWell();
    }

    /** Also where its own state machine lacks nothing: those of others get no further. */
    @ParameterizedTest
    @ValueSource(longs = {2, 3})
    void aLeaderThatCannotReadWhatItAloneKnowsChosenMakesWay(long applied) {
        aloneKnowsWhatItCannotRead();
        replica.serviceAt(applied, applied < 3 ? 3 : 0, 0);

        runs(60 * HEARTBEAT, 1);
        runs(40 * HEARTBEAT, 1, 2, 3);

        assertThat(node.roles)
                .anyMatch(line -> line.contains("alone knows what is chosen at slot 3"));
        allIsWell();
    }

    /** It goes on with what it gets, and does not make all others vote anew. */
    @Test
    void aCandidateThatGetsWhatIsChosenWaitsForAllOfIt() {
        cluster.founded();
        cluster.propose(1, "b");
        cluster.deliver(Letter.any("Accept", "Accepted"));
        cluster.drop(letter -> true);

        cluster.elect(2);

        assertThat(cluster.replica(2).commitIndex()).isEqualTo(3);
        assertThat(cluster.node(2).deeds).noneMatch(line -> line.contains("accepted b=2.2 slot=3"));
    }
}
