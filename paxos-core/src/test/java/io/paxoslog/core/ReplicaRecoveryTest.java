package io.paxoslog.core;

import static io.paxoslog.core.Roles.B1;
import static io.paxoslog.core.Roles.B2;
import static io.paxoslog.core.Roles.B3;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

/** What a replica knows after it has heard its journal again. */
class ReplicaRecoveryTest {
    private final HandCluster cluster = new HandCluster(3);
    private final HandCluster.Node node = cluster.node(1);
    private final Replica replica = node.replica;
    private final JournalRecords recovery = replica.recovery();
    private final long peer = cluster.node(2).config.self();

    @Test
    void remembersItsPromise() {
        recovery.promised(B2);

        replica.prepare(peer, Ballot.of(1, 2), 1);

        assertThat(cluster.waiting())
                .extracting(Letter::toString)
                .containsExactly("1->2 Nack promised=2.2");
    }

    @Test
    void keepsTheHighestPromiseInWhateverOrderItIsHeard() {
        recovery.promised(B3);
        recovery.promised(B2);

        assertThat(replica.ballot()).isEqualTo(B3);
    }

    @Test
    void promisesWhatItOnceAcceptedThoughNoPromiseWasWritten() {
        recovery.accepted(Batches.commands(B3, 1, "a"));

        assertThat(replica.ballot()).isEqualTo(B3);
    }

    @Test
    void reportsTheNewestValueOfEachSlot() {
        recovery.accepted(Batches.commands(B1, 1, "old", "b"));
        recovery.accepted(Batches.commands(B2, 1, "new"));

        replica.prepare(cluster.node(3).config.self(), B3, 1);

        assertThat(cluster.waiting())
                .extracting(Letter::toString)
                .containsExactly(
                        "1->3 PromisedSlots b=3.3 held b=2.2 slot=1 new",
                        "1->3 PromisedSlots b=3.3 held b=1.1 slot=2 b",
                        "1->3 Promise b=3.3 commit=0 slots=2");
    }

    @Test
    void letsWhatIsChosenBeatEveryBallot() {
        recovery.accepted(Batches.commands(B3, 1, "mine"));
        recovery.chosen(Batches.commands(Ballot.NONE, 1, "theirs"));

        assertThat(replica.commitIndex()).isEqualTo(1);
        assertThat(replica.lastSlot()).isEqualTo(1);
    }

    @Test
    void leavesChosenValuesBehindAGap() {
        recovery.chosen(Batches.commands(Ballot.NONE, 2, "b"));

        assertThat(replica.commitIndex()).isZero();
    }

    @Test
    void takesAsCommittedOnlyWhatIsHeldUnderTheBallotOfTheRecord() {
        recovery.accepted(Batches.commands(B2, 1, "a", "b"));
        recovery.accepted(Batches.commands(B1, 3, "c"));
        recovery.accepted(Batches.commands(B2, 4, "d"));

        recovery.committed(B2, 4);

        assertThat(replica.commitIndex()).isEqualTo(2);
    }

    @Test
    void takesAsCommittedNoMoreThanTheRecordSays() {
        recovery.accepted(Batches.commands(B2, 1, "a", "b", "c"));

        recovery.committed(B2, 2);

        assertThat(replica.commitIndex()).isEqualTo(2);
    }

    @Test
    void stopsAtAHoleInWhatIsHeld() {
        recovery.accepted(Batches.commands(B2, 1, "a"));
        recovery.accepted(Batches.commands(B2, 3, "c"));

        recovery.committed(B2, 3);

        assertThat(replica.commitIndex()).isEqualTo(1);
    }

    @Test
    void trustsTheCommitIndexAtTheHeadOfAFile() {
        recovery.committed(Ballot.NONE, 500);

        assertThat(replica.commitIndex()).isEqualTo(500);
    }

    @Test
    void neverLowersItsCommitIndex() {
        recovery.committed(Ballot.NONE, 500);
        recovery.accepted(Batches.commands(B2, 1, "a"));
        recovery.committed(B2, 1);
        recovery.committed(Ballot.NONE, 7);

        assertThat(replica.commitIndex()).isEqualTo(500);
        assertThat(replica.lastSlot()).isEqualTo(500);
    }

    @Test
    void knowsItsMembershipAgain() {
        Membership genesis = Roles.genesis(node.config);
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        recovery.membership(1, buffer, 0, genesis.encode(buffer, 0));

        replica.start(0, 0);

        assertThat(replica.clusterId()).isEqualTo(77);
    }

    @Test
    void goesByTheLogWhenItsSettingsDifferAndSaysSo() {
        Membership other = Roles.genesis(HandCluster.configOf(1, 3, 2, 2, 999));
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        recovery.membership(1, buffer, 0, other.encode(buffer, 0));

        replica.start(0, 0);

        assertThat(replica.membership().openSlotLimit()).isEqualTo(999);
        assertThat(node.warnings).hasSize(1);
        assertThat(node.warnings.get(0)).contains("openSlotLimit 999", "openSlotLimit 1000");
    }

    @Test
    void saysNothingAndDeliversNothingWhileItHears() {
        recovery.promised(B1);
        recovery.campaigned(B1);
        recovery.accepted(Batches.commands(B1, 1, "a"));
        recovery.committed(B1, 1);

        assertThat(cluster.waiting()).isEmpty();
        assertThat(node.committed).isEmpty();
        assertThat(node.journal.lines()).isEmpty();
    }

    @Test
    void deliversFromRightAboveItsCommitIndex() {
        recovery.accepted(Batches.commands(B2, 1, "a", "b"));
        recovery.committed(B2, 1);
        replica.start(0, 0);

        replica.heartbeat(peer, B2, 3, 2, true, 1, 0, 0, 0);

        assertThat(node.committed).containsExactly("2:b");
    }

    @Test
    void neverUsesAnOwnBallotTwice() {
        HandCluster three = new HandCluster(3).started();
        three.elect(1);
        long used = three.replica(1).ballot();
        three.propose(1, "lost");

        three.restart(1, three.node(1).journal.size());
        three.run(100);
        three.elect(1);

        assertThat(three.node(1).journal.lines().stream().filter(l -> l.startsWith("campaigned")))
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(1);
        assertThat(three.replica(1).ballot()).isGreaterThan(used);
    }

    @Test
    void goesAboveAnOwnBallotThatNobodyPromised() {
        recovery.campaigned(Ballot.of(7, 1));
        replica.start(0, 0);

        cluster.pass(2 * HandCluster.ELECTION_TIMEOUT, 1);

        assertThat(cluster.waiting()).extracting(Letter::text).contains("Canvass b=8.1 commit=0");
    }

    @Test
    void holdsMoreThanItsMemoryAllowsBecauseTheJournalStillHasTheBytes() {
        byte[] large = new byte[200_000];
        String command = new String(large, StandardCharsets.US_ASCII);
        for (int slot = 1; slot <= 100; slot++) {
            recovery.accepted(Batches.commands(B2, slot, command));
        }

        recovery.committed(B2, 100);

        assertThat(replica.commitIndex()).isEqualTo(100);
    }
}
