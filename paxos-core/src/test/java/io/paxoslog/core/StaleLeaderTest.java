package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A leader that does not know yet that others have elected another one. */
class StaleLeaderTest {
    private final HandCluster cluster = new HandCluster(5).started();
    private long itsTime;

    /**
     * Node 1 leads and has proposed x in slot 2, which only node 2 holds. Meanwhile 3, 4 and 5 have
     * chosen v there, under a ballot of node 3, and nobody has told node 1, for which less time has
     * passed.
     */
    private void electAnotherLeaderBehindItsBack() {
        cluster.elect(1);
        itsTime = cluster.now();
        cluster.propose(1, "x");
        cluster.deliver(HandCluster.among(1, 2));
        cluster.elect(3, 3, 4, 5);
        cluster.propose(3, "v");
        cluster.deliver(HandCluster.among(3, 4, 5));
        cluster.drop(letter -> true);
        assertThat(cluster.node(3).committed).contains("2:v");
        assertThat(cluster.replica(1).role()).isEqualTo(Role.LEADING);
    }

    @Test
    void doesNotTellItsFollowersThatSlotsChosenBehindItsBackAreChosen() {
        electAnotherLeaderBehindItsBack();
        cluster.replica(1).canvass(cluster.node(5).config.self(), Ballot.of(9, 5), 2);
        cluster.replica(1).onTick(itsTime + 50, HandCluster.wallClockNs(itsTime + 50));
        cluster.deliver(letter -> letter.is("Fetch") || letter.is("Chosen"));
        cluster.replica(1)
                .chosen(
                        cluster.node(3).config.self(),
                        Batches.commandsOf(Ballot.of(2, 3), 0, Ballot.NONE, 2, "v"),
                        2);

        cluster.replica(1).onTick(itsTime + 100, HandCluster.wallClockNs(itsTime + 100));
        cluster.deliver(letter -> letter.from() == 1 && letter.to() == 2);

        assertThat(cluster.node(2).committed).containsExactly("1:members");
    }

    @Test
    void findsOutFromANackAndLearnsTheNewValue() {
        electAnotherLeaderBehindItsBack();

        cluster.run(600);

        assertThat(cluster.node(1).committed).startsWith("1:members", "2:v");
        assertThat(cluster.node(2).committed).startsWith("1:members", "2:v");
    }

    @Test
    void isNotFollowedByALeaderThatHasNotHeardItsOwnPrepareYet() {
        cluster.elect(1);
        long oldBallot = cluster.replica(1).ballot();
        cluster.pass(HandCluster.ELECTION_TIMEOUT, 1, 2, 3, 4, 5);
        cluster.drop(letter -> true);
        cluster.pass(150, 2);
        // Its own disk is slow: all that waits for it or comes after it is still under way.
        cluster.deliver(
                letter ->
                        letter.from() != 2
                                || letter.to() != 2
                                || letter.text().startsWith("Canvass"));
        assertThat(cluster.replica(2).role()).isEqualTo(Role.LEADING);
        cluster.drop(letter -> true);

        cluster.replica(2)
                .heartbeat(cluster.node(1).config.self(), oldBallot, 2, 2, true, 1, 0, 0, 0);

        assertThat(cluster.waiting())
                .extracting(Letter::toString)
                .containsExactly("2->1 Nack promised=" + Ballot.text(cluster.replica(2).ballot()));
    }
}
