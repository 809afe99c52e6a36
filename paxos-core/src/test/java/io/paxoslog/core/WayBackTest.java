package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a node says and does not say that may have forgotten votes, and when it takes part again.
 * Node 1 of three promised 5.2 and holds slots 2 and 3 under it.
 */
class WayBackTest {
    private static final long PROMISED = Ballot.of(5, 2);
    private static final long HIGHER = Ballot.of(6, 3);

    private final Candidate candidate = new Candidate();
    private final HandCluster cluster = candidate.cluster();
    private final long second = candidate.member(2);
    private final long third = candidate.member(3);

    @BeforeEach
    void losePower() {
        candidate.found();
        Replica before = cluster.replica(1);
        before.accept(second, Batches.commands(PROMISED, 2, "b", "c"), 2);
        cluster.losePower(1, PROMISED);
        cluster.drop(letter -> true);
    }

    private Replica replica() {
        return cluster.replica(1);
    }

    private List<String> answersTo(Consumer<Replica> message) {
        message.accept(replica());
        return candidate.answers();
    }

    private List<String> answersToHeartbeat(long ballot, long floor, long last, long reported) {
        long from = candidate.member(Ballot.owner(ballot));
        return answersTo(r -> r.heartbeat(from, ballot, floor, last, true, 1, reported, 0, 0));
    }

    private boolean isBack() {
        return replica().role() != Role.RETURNING;
    }

    @Test
    void neitherPromisesNorVotesNorAnswersForItself() {
        assertThat(answersTo(r -> r.prepare(third, HIGHER, 2))).isEmpty();
        assertThat(answersTo(r -> r.accept(second, Batches.commands(PROMISED, 4, "d"), 2)))
                .isEmpty();
        assertThat(answersTo(r -> r.survey(second, PROMISED))).isEmpty();
        assertThat(answersToHeartbeat(PROMISED, 2, 4, 3))
                .containsExactly("1->2 Returning promised=5.2");
        cluster.pass(3 * HandCluster.ELECTION_TIMEOUT, 1);
        // It asks others for what comes next.
        cluster.drop(letter -> letter.is("Fetch"));
        assertThat(answersTo(r -> r.canvass(third, HIGHER, 1)))
                .containsExactly(
                        "1->3 Canvassed b=6.3 no promised=5.2 commit=1",
                        "1->3 Returning promised=5.2");
    }

    @Test
    void neverCampaigns() {
        cluster.pass(20 * HandCluster.ELECTION_TIMEOUT, 1);

        assertThat(replica().role()).isEqualTo(Role.RETURNING);
        assertThat(cluster.waiting())
                .extracting(Letter::toString)
                .noneMatch(t -> t.contains("Canvass"));
    }

    @Test
    void learnsAndServesMeanwhile() {
        answersToHeartbeat(PROMISED, 4, 3, 3);

        assertThat(cluster.node(1).committed).containsExactly("2:b", "3:c");
        assertThat(answersTo(r -> r.fetch(third, 2, 3)))
                .hasSize(2)
                .allMatch(t -> t.contains("Chosen"));
        assertThat(isBack()).isFalse();
    }

    @Test
    void endsNoLeadershipThatIsBelowItsPromise() {
        long lower = Ballot.of(4, 3);

        assertThat(answersToHeartbeat(lower, 2, 1, 1))
                .containsExactly("1->3 Returning promised=5.2");
        assertThat(answersTo(r -> r.accept(third, Batches.commands(lower, 4, "d"), 2)))
                .containsExactly("1->3 Returning promised=5.2");
    }

    @Test
    void isBackOnceItHoldsWhatPhaseOneReportedUnderAHigherBallot() {
        assertThat(answersToHeartbeat(HIGHER, 2, 3, 3))
                .as("holds it under an older ballot only")
                .containsExactly("1->3 Returning promised=5.2");
        answersTo(r -> r.accept(third, Batches.commands(HIGHER, 2, "b", "c"), 2));

        assertThat(answersToHeartbeat(HIGHER, 2, 3, 3))
                .containsExactly(
                        "1->3 HeartbeatHeard b=6.3 commit=1", "1->3 Accepted b=6.3 upTo=3");
        assertThat(cluster.node(1).journal.lines()).endsWith("returned 6.3");
        assertThat(replica().role()).isEqualTo(Role.FOLLOWING);
    }

    @Test
    void isBackOnceItKnowsAsChosenWhatPhaseOneReported() {
        Batch chosen = Batches.commands(Ballot.NONE, 2, "b", "c");
        answersToHeartbeat(HIGHER, 4, 3, 3);
        answersTo(r -> r.chosen(second, chosen, 3));
        answersToHeartbeat(HIGHER, 4, 3, 3);

        assertThat(isBack()).isTrue();
    }

    @Test
    void isNotBackBeforeItHoldsTheVeryLastSlotReported() {
        answersTo(r -> r.accept(third, Batches.commands(HIGHER, 2, "b"), 2));
        answersToHeartbeat(HIGHER, 2, 3, 3);

        assertThat(isBack()).isFalse();
    }

    @Test
    void isNotBackBeforeItKnowsWhatIsBelowTheFirstSlotOfTheBallot() {
        answersTo(r -> r.accept(third, Batches.commands(HIGHER, 4, "d"), 4));
        answersToHeartbeat(HIGHER, 4, 4, 4);

        assertThat(isBack()).as("slots 2 and 3 were chosen elsewhere").isFalse();
    }

    @Test
    void theBallotItPromisedDoesNotLeadItBack() {
        answersToHeartbeat(PROMISED, 2, 3, 3);
        answersToHeartbeat(PROMISED, 4, 3, 3);

        assertThat(isBack()).isFalse();
    }

    @Test
    void aLeaderThatDoesNotTellWhatWasReportedDoesNotLeadItBack() {
        answersTo(r -> r.accept(third, Batches.commands(HIGHER, 2, "b", "c"), 2));
        answersToHeartbeat(HIGHER, 4, 3, Long.MAX_VALUE);

        assertThat(isBack()).isFalse();
    }

    @Test
    void whatItHearsMeanwhileDoesNotRaiseTheBallotItWaitsFor() {
        answersToHeartbeat(HIGHER, 2, 3, 3);
        cluster.restart(1, cluster.node(1).journal.size());

        assertThat(replica().role()).isEqualTo(Role.RETURNING);
        answersTo(r -> r.accept(third, Batches.commands(HIGHER, 2, "b", "c"), 2));
        answersToHeartbeat(HIGHER, 2, 3, 3);
        assertThat(isBack()).isTrue();
    }

    @Test
    void staysBackOverARestart() {
        answersTo(r -> r.accept(third, Batches.commands(HIGHER, 2, "b", "c"), 2));
        answersToHeartbeat(HIGHER, 2, 3, 3);
        cluster.restart(1, cluster.node(1).journal.size());

        assertThat(isBack()).isTrue();
    }
}
