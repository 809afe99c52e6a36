package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Whether a ballot could win, asked and answered before any is used, seen at node 1 of three. */
class CanvassTest {
    private static final int TIMEOUT = HandCluster.ELECTION_TIMEOUT;

    private final Candidate candidate = new Candidate();
    private final HandCluster cluster = candidate.cluster();
    private final Replica replica = candidate.replica();
    private final long first = candidate.member(1);
    private final long second = candidate.member(2);
    private final long third = candidate.member(3);

    @Test
    void canvassesWhenNoLeaderWasHeardForATimeout() {
        candidate.found();

        cluster.pass(2 * TIMEOUT, 1);

        assertThat(candidate.answers())
                .contains(
                        "1->1 Canvass b=1.1 commit=1",
                        "1->2 Canvass b=1.1 commit=1",
                        "1->3 Canvass b=1.1 commit=1");
        assertThat(cluster.node(1).journal.lines()).noneMatch(line -> line.contains("1.1"));
    }

    @Test
    void doesNotCanvassWhileAConnectedLeaderIsHeard() {
        candidate.found();

        for (int i = 0; i < 20; i++) {
            replica.heartbeat(second, Ballot.of(1, 2), 2, 1, true, 1, 0, 0, 0);
            cluster.pass(100, 1);
        }

        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);
    }

    @Test
    void canvassesThoughALeaderWithoutQuorumIsHeard() {
        candidate.found();

        for (int i = 0; i < 20 && replica.role() == Role.FOLLOWING; i++) {
            replica.heartbeat(second, Ballot.of(1, 2), 2, 1, false, 1, 0, 0, 0);
            cluster.pass(100, 1);
        }

        assertThat(replica.role()).isEqualTo(Role.CANVASSING);
    }

    @Test
    void deniesACanvassWhileItHearsAConnectedLeader() {
        candidate.found();
        replica.heartbeat(second, Ballot.of(1, 2), 2, 1, true, 1, 0, 0, 0);
        cluster.pass(TIMEOUT - 10, 1);
        cluster.drop(letter -> true);

        replica.canvass(third, Ballot.of(2, 3), 1);

        assertThat(candidate.answers())
                .containsExactly("1->3 Canvassed b=2.3 no promised=1.2 commit=1");
    }

    @Test
    void grantsACanvassOnceTheLeaderWasNotHeardForTheShortestTimeout() {
        candidate.found();
        replica.heartbeat(second, Ballot.of(1, 2), 2, 1, true, 1, 0, 0, 0);
        cluster.pass(TIMEOUT, 1);
        cluster.drop(letter -> true);

        replica.canvass(third, Ballot.of(2, 3), 1);

        assertThat(candidate.answers())
                .containsExactly("1->3 Canvassed b=2.3 yes promised=1.2 commit=1");
    }

    @Test
    void grantsACanvassWhenTheLeaderIsNotConnected() {
        candidate.found();
        replica.heartbeat(second, Ballot.of(1, 2), 2, 1, false, 1, 0, 0, 0);
        cluster.drop(letter -> true);

        replica.canvass(third, Ballot.of(2, 3), 1);

        assertThat(candidate.answers())
                .containsExactly("1->3 Canvassed b=2.3 yes promised=1.2 commit=1");
    }

    @Test
    void deniesACanvassForOneTimeoutAfterItsStart() {
        replica.start(1000, 0);
        replica.onTick(1000 + TIMEOUT - 1, 0);
        replica.canvass(third, Ballot.of(1, 3), 0);
        replica.onTick(1000 + TIMEOUT, 0);
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
        candidate.found();
        int records = cluster.node(1).journal.size();

        replica.canvass(third, Ballot.of(50, 3), 1);
        replica.heartbeat(second, Ballot.of(1, 2), 2, 1, true, 1, 0, 0, 0);

        assertThat(candidate.answers()).contains("1->2 HeartbeatHeard b=1.2 commit=1");
        assertThat(cluster.node(1).journal.lines().subList(records, cluster.node(1).journal.size()))
                .containsExactly("promised 1.2");
    }

    @Test
    void deniesACanvassWhileItLeadsAndIsConnected() {
        candidate.found();
        candidate.lead();

        replica.canvass(third, Ballot.of(50, 3), 1);

        assertThat(candidate.answers())
                .containsExactly("1->3 Canvassed b=50.3 no promised=1.1 commit=1");
    }

    @Test
    void preparesOnlyWithAQuorumOfGrants() {
        candidate.found();
        candidate.canvass();

        candidate.grant(second);
        assertThat(replica.role()).isEqualTo(Role.CANVASSING);

        candidate.grant(second);
        assertThat(replica.role()).isEqualTo(Role.CANVASSING);

        candidate.grant(third);
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
        candidate.found();
        candidate.canvass();
        candidate.grant(second);

        replica.canvassed(second, Ballot.of(1, 1), false, Ballot.NONE, 1);
        candidate.grant(third);

        assertThat(replica.role()).isEqualTo(Role.CANVASSING);
    }

    @Test
    void doesNotCountGrantsOfAnEarlierCanvass() {
        candidate.found();
        candidate.canvass();
        replica.canvassed(second, Ballot.of(9, 1), true, Ballot.NONE, 1);
        replica.canvassed(third, Ballot.of(9, 1), true, Ballot.NONE, 1);

        assertThat(replica.role()).isEqualTo(Role.CANVASSING);
    }

    @Test
    void givesUpACanvassWhenAConnectedLeaderIsHeard() {
        candidate.found();
        candidate.canvass();

        replica.heartbeat(second, Ballot.of(1, 2), 2, 1, true, 1, 0, 0, 0);

        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);
        assertThat(replica.leader()).isEqualTo(2);
    }

    @Test
    void goesOnCanvassingWhenALeaderWithoutQuorumIsHeard() {
        candidate.found();
        candidate.canvass();

        replica.heartbeat(second, Ballot.of(1, 2), 2, 1, false, 1, 0, 0, 0);

        assertThat(replica.role()).isEqualTo(Role.CANVASSING);
    }
}
