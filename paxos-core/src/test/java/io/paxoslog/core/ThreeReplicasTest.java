package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Three replicas from their first start on; letters arrive, get lost, come late and come twice. */
class ThreeReplicasTest {
    private final HandCluster cluster = new HandCluster(3).started();

    private void assertAllHave(String... committed) {
        for (int id = 1; id <= 3; id++) {
            assertThat(cluster.node(id).committed).as("node %d", id).containsExactly(committed);
        }
    }

    @Test
    void electOneLeaderByThemselves() {
        cluster.run(2000);

        long leaders =
                List.of(1, 2, 3).stream()
                        .filter(id -> cluster.replica(id).role() == Role.LEADING)
                        .count();
        assertThat(leaders).isEqualTo(1);
        assertAllHave("1:members");
        for (int id = 1; id <= 3; id++) {
            assertThat(cluster.replica(id).clusterId())
                    .isEqualTo(cluster.replica(1).clusterId())
                    .isPositive();
        }
    }

    @Test
    void electNobodyBeforeGenesisWhileOneIsMissing() {
        for (int i = 0; i < 200; i++) {
            cluster.pass(10, 1, 2);
            cluster.deliver(HandCluster.among(1, 2));
            cluster.drop(letter -> true);
        }

        assertThat(cluster.replica(1).role()).isNotEqualTo(Role.LEADING);
        assertThat(cluster.replica(2).role()).isNotEqualTo(Role.LEADING);
    }

    @Test
    void chooseWhatIsProposedInOneOrder() {
        cluster.elect(1);

        cluster.propose(1, "a", "b");
        cluster.propose(1, "c");
        cluster.run(100);

        assertAllHave("1:members", "2:a", "3:b", "4:c");
    }

    @Test
    void goOnWithoutOne() {
        cluster.elect(1);
        cluster.node(3).isUp = false;

        cluster.propose(1, "a");
        cluster.run(600);
        cluster.propose(1, "b");
        cluster.run(100);
        assertThat(cluster.node(1).committed).containsExactly("1:members", "2:a", "3:b");

        cluster.node(3).isUp = true;
        cluster.run(1000);
        assertAllHave("1:members", "2:a", "3:b");
    }

    @Test
    void keepWhatWasChosenWhenTheLeaderIsGone() {
        cluster.elect(1);
        cluster.propose(1, "a");
        cluster.deliver(HandCluster.among(1, 2));
        cluster.drop(letter -> true);
        assertThat(cluster.node(1).committed).endsWith("2:a");
        cluster.node(1).isUp = false;

        cluster.elect(3, 2, 3);
        cluster.propose(3, "b");
        cluster.deliver(HandCluster.among(2, 3));

        assertThat(cluster.node(3).committed).containsExactly("1:members", "2:a", "3:b");
    }

    @Test
    void closeAGapThatALostProposalLeft() {
        cluster.elect(1);
        cluster.propose(1, "lost");
        cluster.drop(letter -> letter.text().contains("lost"));
        cluster.propose(1, "kept");
        cluster.deliverOnce(letter -> letter.to() == 2);
        cluster.drop(letter -> true);

        cluster.elect(3, 2, 3);
        cluster.deliver(HandCluster.among(2, 3));

        assertThat(cluster.node(3).committed).containsExactly("1:members", "2:-", "3:kept");
    }

    @Test
    void askAgainForProposalsThatGotLost() {
        cluster.elect(1);
        cluster.propose(1, "a");
        cluster.drop(letter -> letter.is("Accept") && letter.to() != 1);

        cluster.run(500);

        assertAllHave("1:members", "2:a");
    }

    @Test
    void doNotMindMessagesThatComeTwiceOrAYearLate() {
        cluster.elect(1);
        cluster.propose(1, "a");
        List<Letter> old = cluster.waiting();
        cluster.settle();
        cluster.elect(2);
        cluster.propose(2, "b");
        List<Letter> newer = cluster.waiting();
        cluster.settle();

        old.forEach(cluster::hear);
        newer.forEach(cluster::hear);
        newer.forEach(cluster::hear);
        cluster.settle();
        cluster.run(600);

        assertAllHave("1:members", "2:a", "3:b");
    }

    @Test
    void comeBackFromTheirJournalsAllAtOnce() {
        cluster.elect(1);
        cluster.propose(1, "a");
        cluster.run(200);
        for (int id = 1; id <= 3; id++) {
            cluster.restart(id, cluster.node(id).journal.size());
        }

        cluster.run(150);
        cluster.elect(2);
        cluster.propose(2, "b");
        cluster.run(200);

        for (int id = 1; id <= 3; id++) {
            assertThat(cluster.node(id).committed).as("node %d", id).endsWith("3:b");
            assertThat(cluster.replica(id).commitIndex()).isEqualTo(3);
        }
    }

    @Test
    void serveAFollowerThatTheLeaderDoesNotReach() {
        cluster.elect(1);
        cluster.propose(1, "a");
        for (int i = 0; i < 100; i++) {
            cluster.pass(10, 1, 2, 3);
            cluster.drop(letter -> letter.from() == 1 && letter.to() == 3);
            cluster.deliver(letter -> letter.from() != 1 || letter.to() != 3);
        }

        assertThat(cluster.node(3).committed).containsExactly("1:members", "2:a");
        assertThat(cluster.replica(1).role()).isEqualTo(Role.LEADING);
    }

    @Test
    void stopANodeWhoseDirectoryWasEmptied() {
        cluster.elect(1);

        cluster.wipe(3);
        cluster.run(600);

        assertThat(cluster.node(3).stops).hasSize(1);
        assertThat(cluster.node(3).stops.get(0)).contains("knows node 3", "an emptied one");
        assertThat(cluster.node(3).journal.lines()).noneMatch(line -> line.startsWith("accepted"));
        assertThat(cluster.replica(1).role()).isEqualTo(Role.LEADING);
    }

    @Test
    void runAsOneAlone() {
        HandCluster alone = new HandCluster(1).started();

        alone.elect(1);
        alone.propose(1, "a");
        alone.settle();

        assertThat(alone.node(1).committed).containsExactly("1:members", "2:a");
    }

    @Test
    void leadWithASmallPrepareQuorumAndALargeAcceptQuorum() {
        HandCluster flexible = new HandCluster(5, 2, 4, 1000).started();
        flexible.elect(1);

        flexible.run(1000);
        flexible.propose(1, "a");
        flexible.run(100);

        assertThat(flexible.replica(1).role()).isEqualTo(Role.LEADING);
        assertThat(flexible.node(5).committed).containsExactly("1:members", "2:a");
    }
}
