package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clusters that change their members, all of it with real replicas. */
class ChangeTest {
    private static final int LIMIT = 10;

    private final HandCluster cluster = new HandCluster(3, 2, 2, LIMIT).started();

    private void founded() {
        cluster.elect(1);
        cluster.propose(1, "a");
        cluster.run(50);
    }

    private int leader() {
        for (int id = 1; id <= cluster.size(); id++) {
            if (cluster.replica(id).role() == Role.LEADING && cluster.node(id).stops.isEmpty()) {
                return id;
            }
        }
        throw new AssertionError("nobody leads");
    }

    private static List<Integer> nodesOf(Membership membership) {
        List<Integer> nodes = new ArrayList<>();
        for (int i = 0; i < membership.size(); i++) {
            nodes.add(MemberId.node(membership.member(i)));
        }
        return nodes;
    }

    private void change(int... members) {
        Change change = cluster.changeTo(1, members);
        assertThat(cluster.replica(1).change(change))
                .as(cluster.replica(1).changeRefusal())
                .isTrue();
    }

    @Test
    void addsANodeThatLearnsFirst() {
        founded();
        cluster.join();

        change(1, 2, 3, 4);
        cluster.run(300);

        // The entry is at slot 3, in force from 13; a no-op there closes the change.
        for (int id = 1; id <= 4; id++) {
            assertThat(nodesOf(cluster.replica(id).membership())).containsExactly(1, 2, 3, 4);
            assertThat(cluster.replica(id).membershipSlot()).isEqualTo(3);
            assertThat(cluster.replica(id).commitIndex()).isEqualTo(13);
            assertThat(cluster.node(id).stops).isEmpty();
        }
        cluster.propose(1, "b");
        cluster.run(100);
        assertThat(cluster.node(4).committed)
                .containsExactlyElementsOf(cluster.node(1).committed)
                .endsWith("14:b");
        assertThat(cluster.replica(1).isChanging()).isFalse();
    }

    @Test
    void countsTheVotesOfTheNewMembersFromItsFirstSlotOn() {
        founded();
        cluster.join();
        change(1, 2, 3, 4);
        cluster.run(300);

        cluster.node(2).isUp = false;
        cluster.propose(1, "three of four");
        cluster.run(60);
        assertThat(cluster.replica(1).commitIndex()).isEqualTo(14);

        cluster.node(3).isUp = false;
        cluster.propose(1, "two of four");
        cluster.run(60);
        assertThat(cluster.replica(1).commitIndex()).isEqualTo(14);
    }

    @Test
    void removesANodeWhichIsToldToStop() {
        founded();

        change(1, 2);
        cluster.run(300);

        assertThat(nodesOf(cluster.replica(1).membership())).containsExactly(1, 2);
        assertThat(cluster.node(3).stops).hasSize(1);
        assertThat(cluster.node(3).stops.get(0)).contains("node 3 is no member", "slot 3");
        assertThat(cluster.node(1).stops).isEmpty();
        assertThat(cluster.node(2).stops).isEmpty();
    }

    @Test
    void replacesAllNodesAndHandsOver() {
        founded();
        cluster.join();
        cluster.join();
        cluster.join();

        change(4, 5, 6);
        cluster.run(3000);

        int leader = leader();
        assertThat(leader).isGreaterThan(3);
        for (int id = 1; id <= 3; id++) {
            assertThat(cluster.node(id).stops).as("node %d", id).hasSize(1);
        }
        cluster.propose(leader, "b");
        cluster.run(100);
        assertThat(cluster.node(4).committed)
                .contains("2:a")
                .containsExactlyElementsOf(cluster.node(5).committed)
                .containsExactlyElementsOf(cluster.node(6).committed);
        assertThat(cluster.node(4).committed.get(cluster.node(4).committed.size() - 1))
                .endsWith(":b");
    }

    @Test
    void proposesNothingBeforeQuorumsOfTheNewMembersAreThere() {
        founded();
        cluster.join().isUp = false;
        cluster.join().isUp = false;

        change(1, 4, 5);
        cluster.run(2000);

        assertThat(cluster.replica(1).role()).isEqualTo(Role.LEADING);
        assertThat(cluster.replica(1).membershipSlot()).isEqualTo(1);
        assertThat(cluster.replica(1).isChanging()).isTrue();
        assertThat(cluster.replica(1).changeWaitsFor()).contains("4 5");
        cluster.propose(1, "b");
        cluster.run(50);
        assertThat(cluster.node(2).committed).endsWith("3:b");

        assertThat(cluster.replica(1).giveUpChange()).isTrue();
        assertThat(cluster.replica(1).isChanging()).isFalse();
        cluster.node(4).isUp = true;
        cluster.node(5).isUp = true;
        cluster.run(1000);
        assertThat(cluster.replica(1).membershipSlot()).isEqualTo(1);
        assertThat(cluster.node(4).committed).isEmpty();
    }

    @Test
    void refusesAChangeThatWasMadeFromAnotherMembership() {
        founded();
        Change stale = cluster.changeTo(1, 1, 2);
        change(1, 3);
        assertThat(cluster.replica(1).change(stale)).isFalse();
        assertThat(cluster.replica(1).changeRefusal()).contains("another change is on its way");
        cluster.run(300);

        assertThat(cluster.replica(1).change(stale)).isFalse();
        assertThat(cluster.replica(1).changeRefusal()).contains("changed at slot 3");
        assertThat(cluster.replica(3).change(stale)).isFalse();
        assertThat(cluster.replica(3).changeRefusal()).contains("does not lead");
    }

    @Test
    void neverTakesANodeBackUnderTheIdItHad() {
        founded();
        change(1, 2);
        cluster.run(300);

        assertThat(cluster.replica(1).change(cluster.changeTo(1, 1, 2, 3))).isFalse();
        assertThat(cluster.replica(1).changeRefusal()).contains("above 3");
    }

    @Test
    void goesOnWithTheNewMembersWhenTheOldLeaderIsGoneRightAfterTheEntryIsChosen() {
        founded();
        cluster.join();
        cluster.join();
        cluster.join();
        change(4, 5, 6);
        for (int i = 0; i < 100 && cluster.replica(1).membershipSlot() == 1; i++) {
            cluster.pass(10, 1, 2, 3, 4, 5, 6);
            cluster.deliver(letter -> cluster.replica(1).membershipSlot() == 1);
        }
        assertThat(cluster.replica(1).membershipSlot()).isEqualTo(3);
        cluster.node(1).isUp = false;
        cluster.drop(letter -> letter.from() == 1);

        cluster.run(5000);

        int leader = leader();
        assertThat(leader).isGreaterThan(3);
        cluster.propose(leader, "b");
        cluster.run(100);
        assertThat(cluster.node(5).committed.get(cluster.node(5).committed.size() - 1))
                .endsWith(":b");
    }

    @Test
    void knowsBothMembershipsAgainAfterARestart() {
        founded();
        cluster.join();
        change(1, 2, 3, 4);
        cluster.run(300);

        cluster.restart(2, cluster.node(2).journal.size());
        assertThat(nodesOf(cluster.replica(2).membership())).containsExactly(1, 2, 3, 4);
        cluster.run(1000);
        cluster.propose(leader(), "b");
        cluster.run(100);
        assertThat(cluster.replica(2).commitIndex()).isEqualTo(cluster.replica(4).commitIndex());
    }
}
