package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What followers learn between heartbeats, while nothing more is proposed. Node 1 leads. */
class AllChosenTest {
    private final HandCluster cluster = new HandCluster(3);

    @BeforeEach
    void found() {
        cluster.founded();
        cluster.settle();
        assertThat(cluster.replica(1).commitIndex()).isEqualTo(2);
        cluster.pass(1, 1);
        cluster.drop(letter -> true);
    }

    private List<Letter> allTold() {
        return cluster.waiting().stream().filter(Letter.to(2, "AllChosen")).toList();
    }

    private int told() {
        return allTold().size();
    }

    private Letter toldToNode2() {
        return allTold().get(0);
    }

    private void choose(String command) {
        cluster.propose(1, command);
        cluster.deliver(Letter.any("Accept", "Accepted"));
    }

    @Test
    void followersAreToldAtOnce() {
        choose("b");
        assertThat(cluster.replica(2).commitIndex()).isEqualTo(2);
        cluster.deliver(Letter.any("AllChosen"));
        assertThat(cluster.replica(2).commitIndex()).isEqualTo(3);
        assertThat(cluster.replica(3).commitIndex()).isEqualTo(3);
        assertThat(cluster.node(2).committed).contains("3:b");
        assertThat(cluster.waiting()).noneMatch(Letter.any("HeartbeatHeard", "Accepted"));
    }

    @Test
    void onceATickAndThenOfTheLatest() {
        choose("b");
        choose("c");
        choose("d");
        assertThat(told()).isEqualTo(1);
        cluster.pass(1, 1);
        assertThat(told()).isEqualTo(2);
        cluster.pass(1, 1);
        assertThat(told()).isEqualTo(2);
        cluster.deliver(Letter.any("AllChosen"));
        assertThat(cluster.replica(2).commitIndex()).isEqualTo(5);
    }

    @Test
    void theNextAcceptTellsWhereOneIsOnItsWay() {
        cluster.propose(1, "b");
        cluster.deliver(Letter.any("Accept"));
        cluster.propose(1, "c");
        cluster.deliver(Letter.any("Accepted"));
        assertThat(cluster.replica(1).commitIndex()).isEqualTo(3);
        cluster.pass(1, 1);
        assertThat(told()).isZero();
    }

    @Test
    void aHeartbeatTellsAsMuch() {
        choose("b");
        choose("c");
        cluster.drop(letter -> true);
        cluster.pass(HandCluster.HEARTBEAT, 1);
        assertThat(told()).isEqualTo(1);
        cluster.drop(Letter.any("AllChosen"));
        cluster.deliver(Letter.any("Heartbeat"));
        assertThat(cluster.replica(2).commitIndex()).isEqualTo(4);
        cluster.pass(HandCluster.HEARTBEAT, 1);
        assertThat(told()).isZero();
    }

    @Test
    void whoPromisedAHigherBallotRefuses() {
        choose("b");
        Letter late = toldToNode2();
        cluster.elect(3, 2, 3);
        cluster.drop(letter -> true);
        cluster.hear(late);
        assertThat(cluster.waiting()).anyMatch(Letter.from(2, "Nack"));
    }

    @Test
    void itIsNoSignOfLife() {
        choose("b");
        Letter allChosen = toldToNode2();
        for (int i = 0; i < 2 * HandCluster.ELECTION_TIMEOUT; i++) {
            cluster.pass(1, 2);
            cluster.hear(allChosen);
        }
        assertThat(cluster.waiting()).anyMatch(Letter.from(2, "Canvass"));
    }
}
