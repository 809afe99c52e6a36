package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** From a won canvass to leadership and back, seen at node 1 of three. */
class ProposerTest {
    private static final int TIMEOUT = HandCluster.ELECTION_TIMEOUT;

    private final Candidate candidate = new Candidate();
    private final HandCluster cluster = candidate.cluster();
    private final Replica replica = candidate.replica();
    private final long first = candidate.member(1);
    private final long second = candidate.member(2);
    private final long third = candidate.member(3);

    @Test
    void writesItsBallotDownBeforeItPrepares() {
        candidate.found();

        candidate.prepare();

        List<String> deeds = cluster.node(1).deeds;
        assertThat(deeds.subList(deeds.indexOf("campaigned 1.1"), deeds.size()))
                .containsExactly("campaigned 1.1", "Prepare b=1.1 from=2");
    }

    @Test
    void preparesAboveEveryBallotItHasHeardOf() {
        candidate.found();
        candidate.canvass();

        replica.canvassed(third, Ballot.of(1, 1), false, Ballot.of(41, 2), 1);
        candidate.grant(first, second);

        assertThat(replica.ballot()).isEqualTo(Ballot.of(42, 1));
    }

    @Test
    void fetchesWhatAGrantSaysIsChosenBeforeItPrepares() {
        candidate.found();
        candidate.canvass();
        cluster.drop(letter -> letter.is("Fetch"));
        replica.canvassed(first, Ballot.of(1, 1), true, Ballot.NONE, 1);

        replica.canvassed(third, Ballot.of(1, 1), true, Ballot.NONE, 4);

        assertThat(replica.role()).isEqualTo(Role.CANVASSING);
        assertThat(candidate.lastText("Fetch ")).isEqualTo("Fetch 2..4");

        replica.chosen(third, Batches.noOps(Ballot.NONE, 2, 3), 4);

        assertThat(replica.role()).isEqualTo(Role.PREPARING);
        assertThat(candidate.lastText("Prepare ")).isEqualTo("Prepare b=1.1 from=5");
    }

    @Test
    void fetchesWhatAPromiseSaysIsChosenBeforeItLeads() {
        candidate.found();
        candidate.prepare();
        replica.promise(first, replica.ballot(), 1, 0, 0);

        replica.promise(third, replica.ballot(), 3, 0, 0);

        assertThat(replica.role()).isEqualTo(Role.PREPARING);
        assertThat(candidate.lastText("Fetch ")).isEqualTo("Fetch 2..3");

        replica.chosen(third, Batches.noOps(Ballot.NONE, 2, 2), 3);

        assertThat(replica.role()).isEqualTo(Role.LEADING);
        assertThat(candidate.lastText("Heartbeat "))
                .isEqualTo("Heartbeat b=1.1 floor=4 last=3 connected");
    }

    @Test
    void leadsOnlyWithAQuorumOfWholePromises() {
        candidate.found();
        replica.nack(third, Ballot.of(1, 3));
        candidate.prepare();
        long ballot = replica.ballot();

        replica.promise(first, ballot, 1, 0, 0);
        replica.promise(first, ballot, 1, 0, 0);
        replica.promise(third, ballot, 1, 2, 0);
        replica.promisedSlots(third, ballot, Batches.commands(Ballot.of(1, 3), 2, "b"));
        assertThat(replica.role()).isEqualTo(Role.PREPARING);

        replica.promisedSlots(third, ballot, Batches.commands(Ballot.of(1, 3), 3, "c"));
        assertThat(replica.role()).isEqualTo(Role.LEADING);
        assertThat(candidate.lastText("Accept ")).isEqualTo("Accept b=2.1 slot=3 c floor=2");
    }

    @Test
    void doesNotCountPromisesForAnotherBallot() {
        candidate.found();
        candidate.prepare();

        replica.promise(second, Ballot.of(7, 1), 1, 0, 0);
        replica.promise(third, Ballot.of(7, 1), 1, 0, 0);

        assertThat(replica.role()).isEqualTo(Role.PREPARING);
    }

    @Test
    void preparesAgainUntilItIsAnswered() {
        candidate.found();
        candidate.prepare();
        cluster.drop(letter -> true);

        cluster.pass(50, 1);

        assertThat(candidate.answers())
                .containsExactly(
                        "1->1 Prepare b=1.1 from=2",
                        "1->2 Prepare b=1.1 from=2",
                        "1->3 Prepare b=1.1 from=2");
    }

    @Test
    void canvassesAgainForAHigherBallotWhenPhase1IsNotAnsweredInTime() {
        candidate.found();
        candidate.prepare();
        cluster.drop(letter -> true);

        cluster.pass(2 * TIMEOUT, 1);

        assertThat(replica.role()).isEqualTo(Role.CANVASSING);
        assertThat(candidate.lastText("Canvass ")).isEqualTo("Canvass b=2.1 commit=1");
    }

    @Test
    void givesACandidateItPromisedAFullTimeout() {
        candidate.found();
        for (int round = 1; round <= 10; round++) {
            replica.prepare(second, Ballot.of(round, 2), 2);
            cluster.pass(TIMEOUT - 10, 1);
        }

        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);
    }

    @Test
    void isPreemptedByAHigherBallotWhilePreparing() {
        candidate.found();
        candidate.prepare();

        replica.prepare(third, Ballot.of(2, 3), 2);

        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);
    }

    @Test
    void isPreemptedByARefusal() {
        candidate.found();
        candidate.lead();

        replica.nack(third, Ballot.of(2, 3));

        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);
        assertThat(replica.leader()).isZero();
        assertThat(replica.takesCommands()).isFalse();
    }

    @Test
    void isPreemptedByThePrepareTheAcceptAndTheHeartbeatOfAnother() {
        candidate.found();
        candidate.lead();
        replica.prepare(third, Ballot.of(2, 3), 2);
        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);

        candidate.lead();
        replica.accept(third, Batches.commands(Ballot.of(9, 3), 2, "x"), 2);
        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);

        candidate.lead();
        replica.heartbeat(third, Ballot.of(39, 3), 2, 1, true, 1, 0, 0, 0);
        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);
    }

    @Test
    void isNotPreemptedByARefusalThatNamesNoHigherBallot() {
        candidate.found();
        candidate.lead();

        replica.nack(third, Ballot.of(1, 1));

        assertThat(replica.role()).isEqualTo(Role.LEADING);
    }

    @Test
    void refusesTheLeaderOfALowerBallot() {
        candidate.found();
        replica.prepare(third, Ballot.of(5, 3), 2);
        cluster.drop(letter -> true);

        replica.heartbeat(second, Ballot.of(4, 2), 2, 1, true, 1, 0, 0, 0);

        assertThat(candidate.answers()).containsExactly("1->2 Nack promised=5.3");
        assertThat(replica.leader()).isZero();
    }

    @Test
    void ignoresABallotThatItsSenderDoesNotOwn() {
        candidate.found();
        int records = cluster.node(1).journal.size();

        replica.heartbeat(second, Ballot.of(5, 3), 2, 1, true, 1, 0, 0, 0);
        replica.prepare(second, Ballot.of(5, 3), 2);
        replica.accept(second, Batches.commands(Ballot.of(5, 3), 2, "x"), 2);

        assertThat(cluster.waiting()).isEmpty();
        assertThat(cluster.node(1).journal.size()).isEqualTo(records);
    }

    @Test
    void stepsDownWhenNoQuorumAnswersForATimeout() {
        candidate.found();
        candidate.lead();

        cluster.pass(2 * TIMEOUT, 1);
        assertThat(replica.role()).isEqualTo(Role.LEADING);
        cluster.pass(10, 1);

        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);
        assertThat(cluster.node(1).roles)
                .last()
                .asString()
                .endsWith("no accept quorum answered within one time-out");
    }

    @Test
    void goesOnLeadingWhileAQuorumAnswers() {
        candidate.found();
        candidate.lead();

        for (int i = 0; i < 30; i++) {
            replica.heartbeatHeard(first, replica.ballot(), 1, 0, 0, 0, 0, 0, 0);
            replica.heartbeatHeard(third, replica.ballot(), 1, 0, 0, 0, 0, 0, 0);
            cluster.pass(50, 1);
        }

        assertThat(replica.role()).isEqualTo(Role.LEADING);
    }

    @Test
    void stepsDownWhenOpenSlotsMakeNoProgressThoughAQuorumAnswers() {
        candidate.found();
        candidate.lead();
        assertThat(cluster.tryPropose(1, "a")).isTrue();

        for (int i = 0; i < 30 && replica.role() == Role.LEADING; i++) {
            replica.heartbeatHeard(first, replica.ballot(), 1, 0, 0, 0, 0, 0, 0);
            replica.heartbeatHeard(third, replica.ballot(), 1, 0, 0, 0, 0, 0, 0);
            cluster.pass(50, 1);
        }

        assertThat(cluster.node(1).roles)
                .last()
                .asString()
                .endsWith("open slots made no progress for three time-outs");
    }

    @Test
    void takesCommandsOnlyWhileItLeads() {
        candidate.found();
        assertThat(cluster.tryPropose(1, "a")).isFalse();
        candidate.prepare();
        assertThat(cluster.tryPropose(1, "a")).isFalse();

        replica.promise(first, replica.ballot(), 1, 0, 0);
        replica.promise(third, replica.ballot(), 1, 0, 0);

        assertThat(replica.takesCommands()).isTrue();
        assertThat(cluster.tryPropose(1, "a")).isTrue();
    }

    @Test
    void leadsWithTheLastBallotThereIs() {
        candidate.found();
        candidate.nackedBy(3, Ballot.of(Ballot.MAX_ROUND - 1, 3));

        candidate.canvass();
        candidate.grant(first, second);

        assertThat(replica.ballot()).isEqualTo(Ballot.of(Ballot.MAX_ROUND, 1));
    }

    @Test
    void campaignsNoMoreWhenBallotsAreUsedUpAndSaysSoOnce() {
        candidate.found();
        candidate.nackedBy(3, Ballot.of(Ballot.MAX_ROUND, 3));
        cluster.drop(letter -> true);

        cluster.pass(10 * TIMEOUT, 1);

        assertThat(cluster.waiting()).isEmpty();
        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);
        assertThat(cluster.node(1).roles)
                .filteredOn(role -> role.contains("ballots are used up"))
                .hasSize(1);
    }
}
