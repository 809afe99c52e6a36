package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ballots far above what is known count only when their sender stands by them. Node 1 of three. */
class KnownRoundsTest {
    private static final int BURST = 16 * 3;
    private static final int TIMEOUT = HandCluster.ELECTION_TIMEOUT;
    private static final long FAR = Ballot.of(Ballot.MAX_ROUND, 2);

    private final Candidate candidate = new Candidate();
    private final HandCluster cluster = candidate.cluster();
    private final Replica replica = candidate.replica();
    private final long second = candidate.member(2);
    private final long third = candidate.member(3);

    @BeforeEach
    void found() {
        candidate.found();
    }

    private void prepare(long round) {
        replica.prepare(second, Ballot.of(round, 2), 2);
    }

    private long nonceToldTo(int node) {
        return cluster.waiting().stream()
                .filter(letter -> letter.to() == node && letter.is("Question"))
                .mapToLong(letter -> Long.parseUnsignedLong(letter.text().substring(9), 16))
                .findFirst()
                .orElseThrow();
    }

    private void pass(int ticks) {
        cluster.pass(ticks, 1);
    }

    @Test
    void aFarBallotChangesNothingWhateverMessageBringsIt() {
        List<Consumer<Replica>> messages =
                List.of(
                        r -> r.prepare(second, FAR, 2),
                        r -> r.accept(second, Batches.commands(FAR, 2, "x"), 2),
                        r -> r.heartbeat(second, FAR, 2, 1, true, 1, 0, 0, 0),
                        r -> r.nack(second, Ballot.of(Ballot.MAX_ROUND, 3)),
                        r -> r.canvassed(second, Ballot.of(1, 1), true, FAR, 1));
        for (Consumer<Replica> message : messages) {
            Candidate fresh = new Candidate();
            fresh.found();
            int records = fresh.cluster().node(1).journal.size();

            message.accept(fresh.replica());

            assertThat(fresh.answers()).hasSize(1).first().asString().startsWith("1->2 Question");
            assertThat(fresh.replica().highestBallot()).isEqualTo(Ballot.NONE);
            assertThat(fresh.replica().role()).isEqualTo(Role.FOLLOWING);
            assertThat(fresh.cluster().node(1).journal.size()).isEqualTo(records);
        }
    }

    @Test
    void aFarBallotCountsAgainOnceItsSenderStandsByIt() {
        prepare(5_000);
        replica.vouch(second, nonceToldTo(2), Ballot.of(5_000, 2));
        assertThat(replica.highestBallot()).isEqualTo(Ballot.NONE);

        prepare(5_000);

        assertThat(replica.highestBallot()).isEqualTo(Ballot.of(5_000, 2));
        assertThat(cluster.node(1).warnings).isEmpty();
    }

    @Test
    void aSenderThatDoesNotStandByItIsNamed() {
        prepare(5_000);
        replica.vouch(second, nonceToldTo(2), Ballot.of(3, 3));

        assertThat(cluster.node(1).warnings).hasSize(1);
        assertThat(cluster.node(1).warnings.get(0)).contains("5000.2", "node 2", "3.3");
    }

    @Test
    void anAnswerWithAnotherNumberOrOfAnotherMemberCountsForNothing() {
        prepare(5_000);
        long nonce = nonceToldTo(2);
        cluster.drop(letter -> true);

        replica.vouch(second, nonce + 1, FAR);
        replica.vouch(third, nonce, FAR);
        replica.vouch(second, 0, FAR);
        prepare(5_000);

        assertThat(replica.highestBallot()).isEqualTo(Ballot.NONE);
    }

    @Test
    void noAnswerIsAskedForWithANumberThatWasAnswered() {
        prepare(5_000);
        long nonce = nonceToldTo(2);
        replica.vouch(second, nonce, Ballot.of(3, 2));
        cluster.drop(letter -> true);
        pass(50);

        replica.vouch(second, nonce, FAR);
        prepare(5_000);

        assertThat(replica.highestBallot()).isEqualTo(Ballot.NONE);
        assertThat(nonceToldTo(2)).isNotEqualTo(nonce);
    }

    @Test
    void asksEachMemberOnceInAHeartbeatAndWithTheSameNumberUntilItAnswers() {
        for (int i = 0; i < 100; i++) {
            prepare(5_000 + i);
        }
        replica.nack(third, FAR);
        List<String> first = candidate.answers();
        assertThat(first).hasSize(2);
        assertThat(first.get(0).substring(3)).isNotEqualTo(first.get(1).substring(3));

        pass(50);
        cluster.drop(letter -> true);
        prepare(5_000);

        assertThat(candidate.answers()).containsExactly(first.get(0));
    }

    @Test
    void ballotsThatElectionsCanHaveRaisedCountAtOnce() {
        prepare(BURST);

        assertThat(replica.highestBallot()).isEqualTo(Ballot.of(BURST, 2));
        assertThat(candidate.answers()).containsExactly("1->2 Promise b=48.2 commit=1 slots=0");
    }

    @Test
    void manySmallStepsGoNoFartherThanElectionsCan() {
        for (int round = 1; round <= 1_000; round++) {
            prepare(round);
        }
        assertThat(Ballot.round(replica.highestBallot())).isEqualTo(BURST);

        for (int timeout = 1; timeout <= 10; timeout++) {
            pass(TIMEOUT);
            for (int round = 1; round <= 1_000; round++) {
                replica.nack(third, Ballot.of(round, 3));
                prepare(round);
            }
            assertThat(Ballot.round(replica.highestBallot())).isEqualTo(BURST + 3L * timeout);
        }
    }

    @Test
    void whatIsEarnedWhileNothingHappensIsBounded() {
        pass(1_000 * TIMEOUT);
        cluster.drop(letter -> true);

        prepare(BURST + 1);

        assertThat(replica.highestBallot()).isEqualTo(Ballot.NONE);
    }

    @Test
    void standsByTheHighestBallotThatCountsAndByNoOther() {
        prepare(7);
        prepare(5_000);
        cluster.drop(letter -> true);

        replica.question(third, 99);

        assertThat(candidate.answers()).containsExactly("1->3 Vouch b=7.2");
    }

    @Test
    void reportsAboveTheBallotThatIsPromisedAreDropped() {
        candidate.prepare();
        long ballot = replica.ballot();
        cluster.drop(letter -> true);

        replica.promisedSlots(second, ballot, Batches.commands(FAR, 2, "forged"));
        replica.promise(second, ballot, 1, 0, 0);
        replica.promise(third, ballot, 1, 0, 0);

        assertThat(replica.role()).isEqualTo(Role.LEADING);
        assertThat(replica.lastSlot()).isEqualTo(1);
    }

    @Test
    void aRecordedBallotIsKeptHoweverHigh() {
        HandCluster other = new HandCluster(3);
        Replica restarted = other.replica(1);
        restarted.recovery().promised(Ballot.of(1L << 40, 3));
        restarted.start(0, 0);

        restarted.prepare(second, Ballot.of((1L << 40) + 1, 2), 1);

        assertThat(restarted.highestBallot()).isEqualTo(Ballot.of((1L << 40) + 1, 2));
    }

    @Test
    void aRecordedBallotThatLeavesHardlyAnyRoundsRefusesTheStart() {
        HandCluster other = new HandCluster(3);
        Replica last = other.replica(1);
        last.recovery().campaigned(Ballot.of(Ballot.MAX_ROUND - Ballot.LEAST_ROUNDS_LEFT, 1));
        last.start(0, 0);
        Replica refused = other.replica(2);
        refused.recovery().promised(Ballot.of(Ballot.MAX_ROUND - Ballot.LEAST_ROUNDS_LEFT + 1, 1));

        assertThatIllegalStateException()
                .isThrownBy(() -> refused.start(0, 0))
                .withMessageContaining("140733193388032.1")
                .withMessageContaining("4294967295 rounds");
    }

    /** The owner of the high ballot is dead; whoever promised it stands by its promise. */
    @Test
    void survivorsOfElectionsThatOneMissedElectAndServe() {
        HandCluster three = new HandCluster(3).started();
        three.elect(1);
        for (int i = 0; i < 40; i++) {
            // The leader before must notice that nobody answers it.
            three.pass(3 * TIMEOUT, 1, 2);
            three.elect(1 + i % 2, 1, 2);
        }
        long before = three.replica(2).highestBallot();
        assertThat(Ballot.round(before)).isGreaterThan(Ballot.round(three.replica(3).ballot()));

        three.pass(3 * TIMEOUT, 2, 3);
        three.elect(3, 2, 3);

        assertThat(three.replica(3).ballot()).isGreaterThan(before);
        assertThat(three.tryPropose(3, "x")).isTrue();
    }

    /** A promise is kept though nobody else knows of such ballots: the others go above it. */
    @Test
    void aMemberWithAHugeRecordedBallotIsFollowedAndLed() {
        HandCluster three = new HandCluster(3);
        three.replica(3).recovery().promised(Ballot.of(1L << 40, 2));
        three.started();

        three.elect(3);
        three.elect(1);
        three.pass(3 * TIMEOUT, 2, 3);
        three.elect(2, 2, 3);

        assertThat(Ballot.round(three.replica(2).ballot())).isGreaterThan((1L << 40) + 2);
        assertThat(three.tryPropose(2, "x")).isTrue();
    }
}
