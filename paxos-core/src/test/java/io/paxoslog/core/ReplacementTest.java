package io.paxoslog.core;

import static io.paxoslog.core.Seat.OBSERVER;
import static io.paxoslog.core.Seat.SPARE;
import static io.paxoslog.core.Seat.VOTER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spares that take the place of voters that are not heard. Node 1 leads. */
class ReplacementTest {
    private static final int AFTER = 1_000;

    private HandCluster cluster;

    /** Voters, and behind them what the others are to be. */
    private void with(int voters, Seat... others) {
        int majority = ReplicaConfig.majorityOf(voters);
        with(voters, majority, majority, others);
    }

    private void with(int voters, int prepare, int accept, Seat... others) {
        cluster = new HandCluster(voters, prepare, accept, 10).replacingAfter(AFTER).started();
        cluster.elect(1);
        cluster.propose(1, "a");
        cluster.run(50);
        List<Change.Member> members = new ArrayList<>();
        for (int id = 1; id <= voters; id++) {
            members.add(cluster.member(id, VOTER));
        }
        for (Seat seat : others) {
            members.add(cluster.member(cluster.join().id(), seat));
        }
        change(members);
    }

    private void change(List<Change.Member> members) {
        Membership now = cluster.replica(1).membership();
        Change change =
                new Change(
                        cluster.replica(1).membershipSlot(),
                        members,
                        now.prepareQuorum().size(),
                        now.acceptQuorum().size(),
                        10);
        assertThat(cluster.replica(1).change(change)).isTrue();
        cluster.run(300);
    }

    private List<Integer> nodes(Seat seat) {
        return cluster.replica(1).newestMembership().members().stream()
                .filter(member -> member.seat() == seat)
                .map(member -> MemberId.node(member.identity()))
                .toList();
    }

    private void lose(int... ids) {
        for (int id : ids) {
            cluster.node(id).isUp = false;
        }
    }

    private List<String> said() {
        return cluster.node(1).warnings.stream().filter(line -> line.contains("spare")).toList();
    }

    @Test
    void aSpareTakesThePlaceOfAVoterThatIsNotHeard() {
        with(3, SPARE);
        lose(2);

        cluster.run(AFTER - 100);
        assertThat(nodes(VOTER)).containsExactly(1, 2, 3);
        cluster.run(600);

        assertThat(nodes(VOTER)).containsExactly(1, 3, 4);
        assertThat(nodes(SPARE)).isEmpty();
        assertThat(said())
                .containsExactly(
                        "node 2 was not heard for 1000 ms: node 4, a spare, takes its place; no spare is left then");
        lose(3);
        cluster.propose(1, "b");
        cluster.run(100);
        assertThat(cluster.node(4).committed).anyMatch(line -> line.endsWith(":b"));
    }

    @Test
    void oneAfterTheOther() {
        with(5, SPARE, SPARE);
        lose(2, 3);

        cluster.run(AFTER + 600);
        assertThat(nodes(VOTER)).containsExactly(1, 3, 4, 5, 6);
        cluster.run(AFTER);
        assertThat(nodes(VOTER)).containsExactly(1, 4, 5, 6, 7);
        assertThat(said()).hasSize(2);
    }

    @Test
    void nobodyWithoutQuorumsThatAnswer() {
        // Two votes choose, but it takes three promises to elect.
        with(4, 3, 2, SPARE);
        lose(2, 3);

        cluster.run(3 * AFTER);

        assertThat(cluster.replica(1).role()).isEqualTo(Role.LEADING);
        assertThat(said()).isEmpty();
    }

    @Test
    void nobodyBeforeALeaderHasMissedItForItself() {
        with(3, SPARE);
        lose(2);
        cluster.run(AFTER / 2);
        cluster.node(1).isUp = false;
        cluster.run(AFTER / 2);
        cluster.node(1).isUp = true;
        cluster.run(AFTER / 2);
        assertThat(cluster.replica(3).newestMembership().voters()).isEqualTo(3);
        assertThat(cluster.replica(3).newestMembership().seat(3)).isEqualTo(SPARE);

        cluster.run(2 * AFTER);

        assertThat(cluster.replica(3).newestMembership().indexOfNode(2)).isNegative();
    }

    @Test
    void anObserverIsNoSpareAndASpareThatIsAwayIsNone() {
        with(3, OBSERVER, SPARE);
        lose(2, 5);

        cluster.run(3 * AFTER);

        assertThat(nodes(VOTER)).containsExactly(1, 2, 3);
        cluster.node(5).isUp = true;
        cluster.run(600);
        assertThat(nodes(VOTER)).containsExactly(1, 3, 5);
        assertThat(nodes(OBSERVER)).containsExactly(4);
    }

    @Test
    void preferablyInAZoneOfItsOwn() {
        with(3, SPARE, SPARE);
        change(
                List.of(
                        cluster.member(1, VOTER).in("east"),
                        cluster.member(2, VOTER).in("west"),
                        cluster.member(3, VOTER).in("north"),
                        cluster.member(4, SPARE).in("north"),
                        cluster.member(5, SPARE).in("west")));
        lose(2);

        cluster.run(AFTER + 600);

        assertThat(nodes(VOTER)).containsExactly(1, 3, 5);
        assertThat(nodes(SPARE)).containsExactly(4);
    }

    private void returns(int id) {
        cluster.replica(1).returning(cluster.node(id).config.self(), cluster.replica(1).ballot());
    }

    @Test
    void whoReturnsIsHeard() {
        with(3, SPARE);
        lose(2);
        returns(2);
        cluster.run(100);
        assertThat(cluster.replica(1).role()).isEqualTo(Role.LEADING);
        cluster.run(AFTER - 300);
        // For its sake there is another ballot only now and then.
        returns(2);

        cluster.run(AFTER - 200);

        assertThat(nodes(VOTER)).containsExactly(1, 2, 3);
    }

    @Test
    void nobodyUnlessItIsAskedFor() {
        cluster = new HandCluster(3, 2, 2, 10).started();
        cluster.elect(1);
        cluster.propose(1, "a");
        cluster.run(50);
        cluster.join();
        change(
                List.of(
                        cluster.member(1, VOTER),
                        cluster.member(2, VOTER),
                        cluster.member(3, VOTER),
                        cluster.member(4, SPARE)));
        lose(2);

        cluster.run(60_000);

        assertThat(nodes(VOTER)).containsExactly(1, 2, 3);
    }
}
