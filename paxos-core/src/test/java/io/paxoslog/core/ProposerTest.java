package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The road to leadership and back, seen at node 1 of three. */
class ProposerTest {
    private static final int TIMEOUT = HandCluster.ELECTION_TIMEOUT;

    private final HandCluster cluster = new HandCluster(3);
    private final Replica replica = cluster.replica(1);
    private final long first = cluster.node(1).config.self();
    private final long second = cluster.node(2).config.self();
    private final long third = cluster.node(3).config.self();

    /** Genesis is chosen everywhere and nobody leads; no time-out after the start is left. */
    private void found() {
        cluster.started();
        Batch genesis = Batches.membership(Ballot.NONE, Roles.genesis(cluster.node(1).config));
        for (int id = 1; id <= 3; id++) {
            cluster.replica(id).chosen(second, genesis, 1);
        }
        cluster.drop(letter -> true);
    }

    private void canvass() {
        cluster.pass(2 * TIMEOUT, 1);
        assertThat(replica.role()).isEqualTo(Role.CANVASSING);
    }

    /** Answers to the last canvass. */
    private void grant(long... members) {
        String text = lastText("Canvass ");
        long ballot = Ballot.of(Long.parseLong(text.substring(10, text.indexOf('.'))), 1);
        for (long member : members) {
            replica.canvassed(member, ballot, true, Ballot.NONE, 1);
        }
    }

    private String lastText(String start) {
        List<String> texts =
                cluster.waiting().stream()
                        .map(Letter::text)
                        .filter(text -> text.startsWith(start))
                        .toList();
        assertThat(texts).isNotEmpty();
        return texts.get(texts.size() - 1);
    }

    private List<String> answers() {
        List<String> answers = cluster.waiting().stream().map(Letter::toString).toList();
        cluster.drop(letter -> true);
        return answers;
    }

    private void prepare() {
        canvass();
        grant(first, second);
        assertThat(replica.role()).isEqualTo(Role.PREPARING);
    }

    private void lead() {
        prepare();
        replica.promise(first, replica.ballot(), 1, 0);
        replica.promise(third, replica.ballot(), 1, 0);
        assertThat(replica.role()).isEqualTo(Role.LEADING);
        cluster.drop(letter -> true);
    }

    @Test
    void canvassesWhenNoLeaderWasHeardForATimeout() {
        found();

        cluster.pass(2 * TIMEOUT, 1);

        assertThat(answers())
                .contains(
                        "1->1 Canvass b=1.1 commit=1",
                        "1->2 Canvass b=1.1 commit=1",
                        "1->3 Canvass b=1.1 commit=1");
        assertThat(cluster.node(1).journal.lines()).noneMatch(line -> line.contains("1.1"));
    }

    @Test
    void doesNotCanvassWhileAConnectedLeaderIsHeard() {
        found();

        for (int i = 0; i < 20; i++) {
            replica.heartbeat(second, Ballot.of(1, 2), 2, 1, true);
            cluster.pass(100, 1);
        }

        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);
    }

    @Test
    void canvassesThoughALeaderWithoutQuorumIsHeard() {
        found();

        for (int i = 0; i < 20 && replica.role() == Role.FOLLOWING; i++) {
            replica.heartbeat(second, Ballot.of(1, 2), 2, 1, false);
            cluster.pass(100, 1);
        }

        assertThat(replica.role()).isEqualTo(Role.CANVASSING);
    }

    @Test
    void deniesACanvassWhileItHearsAConnectedLeader() {
        found();
        replica.heartbeat(second, Ballot.of(1, 2), 2, 1, true);
        cluster.pass(TIMEOUT - 10, 1);
        cluster.drop(letter -> true);

        replica.canvass(third, Ballot.of(2, 3), 1);

        assertThat(answers()).containsExactly("1->3 Canvassed b=2.3 no promised=1.2 commit=1");
    }

    @Test
    void grantsACanvassOnceTheLeaderWasNotHeardForTheShortestTimeout() {
        found();
        replica.heartbeat(second, Ballot.of(1, 2), 2, 1, true);
        cluster.pass(TIMEOUT, 1);
        cluster.drop(letter -> true);

        replica.canvass(third, Ballot.of(2, 3), 1);

        assertThat(answers()).containsExactly("1->3 Canvassed b=2.3 yes promised=1.2 commit=1");
    }

    @Test
    void grantsACanvassWhenTheLeaderIsNotConnected() {
        found();
        replica.heartbeat(second, Ballot.of(1, 2), 2, 1, false);
        cluster.drop(letter -> true);

        replica.canvass(third, Ballot.of(2, 3), 1);

        assertThat(answers()).containsExactly("1->3 Canvassed b=2.3 yes promised=1.2 commit=1");
    }

    @Test
    void deniesACanvassForOneTimeoutAfterItsStart() {
        replica.start(1000);
        replica.onTick(1000 + TIMEOUT - 1);
        replica.canvass(third, Ballot.of(1, 3), 0);
        replica.onTick(1000 + TIMEOUT);
        replica.canvass(third, Ballot.of(1, 3), 0);

        assertThat(cluster.waiting())
                .extracting(Letter::text)
                .filteredOn(text -> text.startsWith("Canvassed"))
                .containsExactly(
                        "Canvassed b=1.3 no promised=0.0 commit=0",
                        "Canvassed b=1.3 yes promised=0.0 commit=0");
    }

    @Test
    void changesNothingWhenItIsCanvassed() {
        found();
        int records = cluster.node(1).journal.size();

        replica.canvass(third, Ballot.of(50, 3), 1);
        replica.heartbeat(second, Ballot.of(1, 2), 2, 1, true);

        assertThat(answers()).contains("1->2 HeartbeatHeard b=1.2 commit=1");
        assertThat(cluster.node(1).journal.lines().subList(records, cluster.node(1).journal.size()))
                .containsExactly("promised 1.2");
    }

    @Test
    void deniesACanvassWhileItLeadsAndIsConnected() {
        found();
        lead();

        replica.canvass(third, Ballot.of(50, 3), 1);

        assertThat(answers()).containsExactly("1->3 Canvassed b=50.3 no promised=1.1 commit=1");
    }

    @Test
    void preparesOnlyWithAQuorumOfGrants() {
        found();
        canvass();

        grant(second);
        assertThat(replica.role()).isEqualTo(Role.CANVASSING);

        grant(second);
        assertThat(replica.role()).isEqualTo(Role.CANVASSING);

        grant(third);
        assertThat(replica.role()).isEqualTo(Role.PREPARING);
    }

    @Test
    void preparesOnlyWithAPrepareQuorumAndAnAcceptQuorumOfGrants() {
        HandCluster flexible = new HandCluster(5, 2, 4, 1000).started();
        Batch genesis = Batches.membership(Ballot.NONE, Roles.genesis(flexible.node(1).config));
        flexible.replica(1).chosen(second, genesis, 1);
        flexible.pass(TIMEOUT, 1);

        for (int id = 2; id <= 4; id++) {
            flexible.replica(1)
                    .canvassed(flexible.node(id).config.self(), Ballot.of(1, 1), true, 0, 0);
        }
        assertThat(flexible.replica(1).role()).isEqualTo(Role.CANVASSING);

        flexible.replica(1).canvassed(first, Ballot.of(1, 1), true, 0, 0);
        assertThat(flexible.replica(1).role()).isEqualTo(Role.PREPARING);
    }

    @Test
    void takesBackAGrantThatIsWithdrawn() {
        found();
        canvass();
        grant(second);

        replica.canvassed(second, Ballot.of(1, 1), false, Ballot.NONE, 1);
        grant(third);

        assertThat(replica.role()).isEqualTo(Role.CANVASSING);
    }

    @Test
    void doesNotCountGrantsOfAnEarlierCanvass() {
        found();
        canvass();
        replica.canvassed(second, Ballot.of(9, 1), true, Ballot.NONE, 1);
        replica.canvassed(third, Ballot.of(9, 1), true, Ballot.NONE, 1);

        assertThat(replica.role()).isEqualTo(Role.CANVASSING);
    }

    @Test
    void writesItsBallotDownBeforeItPrepares() {
        found();

        prepare();

        List<String> deeds = cluster.node(1).deeds;
        assertThat(deeds.subList(deeds.indexOf("campaigned 1.1"), deeds.size()))
                .containsExactly("campaigned 1.1", "Prepare b=1.1 from=2");
    }

    @Test
    void preparesAboveEveryBallotItHasHeardOf() {
        found();
        canvass();

        replica.canvassed(third, Ballot.of(1, 1), false, Ballot.of(41, 2), 1);
        grant(first, second);

        assertThat(replica.ballot()).isEqualTo(Ballot.of(42, 1));
    }

    @Test
    void fetchesWhatAGrantSaysIsChosenBeforeItPrepares() {
        found();
        canvass();
        cluster.drop(letter -> letter.is("Fetch"));
        replica.canvassed(first, Ballot.of(1, 1), true, Ballot.NONE, 1);

        replica.canvassed(third, Ballot.of(1, 1), true, Ballot.NONE, 4);

        assertThat(replica.role()).isEqualTo(Role.CANVASSING);
        assertThat(lastText("Fetch ")).isEqualTo("Fetch 2..4");

        replica.chosen(third, Batches.noOps(Ballot.NONE, 2, 3), 4);

        assertThat(replica.role()).isEqualTo(Role.PREPARING);
        assertThat(lastText("Prepare ")).isEqualTo("Prepare b=1.1 from=5");
    }

    @Test
    void fetchesWhatAPromiseSaysIsChosenBeforeItLeads() {
        found();
        prepare();
        replica.promise(first, replica.ballot(), 1, 0);

        replica.promise(third, replica.ballot(), 3, 0);

        assertThat(replica.role()).isEqualTo(Role.PREPARING);
        assertThat(lastText("Fetch ")).isEqualTo("Fetch 2..3");

        replica.chosen(third, Batches.noOps(Ballot.NONE, 2, 2), 3);

        assertThat(replica.role()).isEqualTo(Role.LEADING);
        assertThat(lastText("Heartbeat ")).isEqualTo("Heartbeat b=1.1 floor=4 last=3 connected");
    }

    @Test
    void leadsOnlyWithAQuorumOfWholePromises() {
        found();
        prepare();
        long ballot = replica.ballot();

        replica.promise(first, ballot, 1, 0);
        replica.promise(first, ballot, 1, 0);
        replica.promise(third, ballot, 1, 2);
        replica.promisedSlots(third, ballot, Batches.commands(Ballot.of(1, 3), 2, "b"));
        assertThat(replica.role()).isEqualTo(Role.PREPARING);

        replica.promisedSlots(third, ballot, Batches.commands(Ballot.of(1, 3), 3, "c"));
        assertThat(replica.role()).isEqualTo(Role.LEADING);
        assertThat(lastText("Accept ")).isEqualTo("Accept b=1.1 slot=3 c floor=2");
    }

    @Test
    void doesNotCountPromisesForAnotherBallot() {
        found();
        prepare();

        replica.promise(second, Ballot.of(7, 1), 1, 0);
        replica.promise(third, Ballot.of(7, 1), 1, 0);

        assertThat(replica.role()).isEqualTo(Role.PREPARING);
    }

    @Test
    void preparesAgainUntilItIsAnswered() {
        found();
        prepare();
        cluster.drop(letter -> true);

        cluster.pass(50, 1);

        assertThat(answers())
                .containsExactly(
                        "1->1 Prepare b=1.1 from=2",
                        "1->2 Prepare b=1.1 from=2",
                        "1->3 Prepare b=1.1 from=2");
    }

    @Test
    void canvassesAgainForAHigherBallotWhenPhase1IsNotAnsweredInTime() {
        found();
        prepare();
        cluster.drop(letter -> true);

        cluster.pass(2 * TIMEOUT, 1);

        assertThat(replica.role()).isEqualTo(Role.CANVASSING);
        assertThat(lastText("Canvass ")).isEqualTo("Canvass b=2.1 commit=1");
    }

    @Test
    void givesUpACanvassWhenAConnectedLeaderIsHeard() {
        found();
        canvass();

        replica.heartbeat(second, Ballot.of(1, 2), 2, 1, true);

        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);
        assertThat(replica.leader()).isEqualTo(2);
    }

    @Test
    void goesOnCanvassingWhenALeaderWithoutQuorumIsHeard() {
        found();
        canvass();

        replica.heartbeat(second, Ballot.of(1, 2), 2, 1, false);

        assertThat(replica.role()).isEqualTo(Role.CANVASSING);
    }

    @Test
    void givesACandidateItPromisedAFullTimeout() {
        found();
        for (int round = 1; round <= 10; round++) {
            replica.prepare(second, Ballot.of(round, 2), 2);
            cluster.pass(TIMEOUT - 10, 1);
        }

        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);
    }

    @Test
    void isPreemptedByAHigherBallotWhilePreparing() {
        found();
        prepare();

        replica.prepare(third, Ballot.of(2, 3), 2);

        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);
    }

    @Test
    void isPreemptedByARefusal() {
        found();
        lead();

        replica.nack(third, Ballot.of(2, 3));

        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);
        assertThat(replica.leader()).isZero();
        assertThat(replica.takesCommands()).isFalse();
    }

    @Test
    void isPreemptedByThePrepareTheAcceptAndTheHeartbeatOfAnother() {
        found();
        lead();
        replica.prepare(third, Ballot.of(2, 3), 2);
        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);

        lead();
        replica.accept(third, Batches.commands(Ballot.of(9, 3), 2, "x"), 2);
        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);

        lead();
        replica.heartbeat(third, Ballot.of(99, 3), 2, 1, true);
        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);
    }

    @Test
    void isNotPreemptedByARefusalThatNamesNoHigherBallot() {
        found();
        lead();

        replica.nack(third, Ballot.of(1, 1));

        assertThat(replica.role()).isEqualTo(Role.LEADING);
    }

    @Test
    void refusesTheLeaderOfALowerBallot() {
        found();
        replica.prepare(third, Ballot.of(5, 3), 2);
        cluster.drop(letter -> true);

        replica.heartbeat(second, Ballot.of(4, 2), 2, 1, true);

        assertThat(answers()).containsExactly("1->2 Nack promised=5.3");
        assertThat(replica.leader()).isZero();
    }

    @Test
    void ignoresABallotThatItsSenderDoesNotOwn() {
        found();
        int records = cluster.node(1).journal.size();

        replica.heartbeat(second, Ballot.of(5, 3), 2, 1, true);
        replica.prepare(second, Ballot.of(5, 3), 2);
        replica.accept(second, Batches.commands(Ballot.of(5, 3), 2, "x"), 2);

        assertThat(cluster.waiting()).isEmpty();
        assertThat(cluster.node(1).journal.size()).isEqualTo(records);
    }

    @Test
    void stepsDownWhenNoQuorumAnswersForATimeout() {
        found();
        lead();

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
        found();
        lead();

        for (int i = 0; i < 30; i++) {
            replica.heartbeatHeard(first, replica.ballot(), 1);
            replica.heartbeatHeard(third, replica.ballot(), 1);
            cluster.pass(50, 1);
        }

        assertThat(replica.role()).isEqualTo(Role.LEADING);
    }

    @Test
    void stepsDownWhenOpenSlotsMakeNoProgressThoughAQuorumAnswers() {
        found();
        lead();
        assertThat(cluster.tryPropose(1, "a")).isTrue();

        for (int i = 0; i < 30 && replica.role() == Role.LEADING; i++) {
            replica.heartbeatHeard(first, replica.ballot(), 1);
            replica.heartbeatHeard(third, replica.ballot(), 1);
            cluster.pass(50, 1);
        }

        assertThat(cluster.node(1).roles)
                .last()
                .asString()
                .endsWith("open slots made no progress for three time-outs");
    }

    @Test
    void takesCommandsOnlyWhileItLeads() {
        found();
        assertThat(cluster.tryPropose(1, "a")).isFalse();
        prepare();
        assertThat(cluster.tryPropose(1, "a")).isFalse();

        replica.promise(first, replica.ballot(), 1, 0);
        replica.promise(third, replica.ballot(), 1, 0);

        assertThat(replica.takesCommands()).isTrue();
        assertThat(cluster.tryPropose(1, "a")).isTrue();
    }

    @Test
    void leadsWithTheLastBallotThereIs() {
        found();
        replica.nack(third, Ballot.of(Ballot.MAX_ROUND - 1, 3));

        canvass();
        grant(first, second);

        assertThat(replica.ballot()).isEqualTo(Ballot.of(Ballot.MAX_ROUND, 1));
    }

    @Test
    void campaignsNoMoreWhenBallotsAreUsedUpAndSaysSoOnce() {
        found();
        replica.nack(third, Ballot.of(Ballot.MAX_ROUND, 3));
        cluster.drop(letter -> true);

        cluster.pass(10 * TIMEOUT, 1);

        assertThat(cluster.waiting()).isEmpty();
        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);
        assertThat(cluster.node(1).roles)
                .filteredOn(role -> role.contains("ballots are used up"))
                .hasSize(1);
    }
}
