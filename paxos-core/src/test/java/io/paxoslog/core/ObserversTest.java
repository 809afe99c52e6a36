package io.paxoslog.core;

import static io.paxoslog.core.Seat.OBSERVER;
import static io.paxoslog.core.Seat.VOTER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Members that learn and apply everything, and count nowhere. Nodes 1 to 3 vote, 4 and 5 observe.
 */
class ObserversTest {
    private static final int LIMIT = 10;

    private final HandCluster cluster = new HandCluster(3, 2, 2, LIMIT).started();

    private void change(int leader, Change.Member... members) {
        Change change = cluster.changeTo(leader, members);
        assertThat(cluster.replica(leader).change(change))
                .as(cluster.replica(leader).changeRefusal())
                .isTrue();
        cluster.run(400);
    }

    private Change.Member[] seats(Seat... seats) {
        return IntStream.rangeClosed(1, seats.length)
                .mapToObj(id -> cluster.member(id, seats[id - 1]))
                .toArray(Change.Member[]::new);
    }

    private void observed() {
        cluster.elect(1);
        cluster.propose(1, "a");
        cluster.run(50);
        cluster.join();
        cluster.join();
        change(1, seats(VOTER, VOTER, VOTER, OBSERVER, OBSERVER));
    }

    private void keepOnly(int... ids) {
        for (int id = 1; id <= cluster.size(); id++) {
            int node = id;
            cluster.node(id).isUp = IntStream.of(ids).anyMatch(up -> up == node);
        }
        cluster.drop(letter -> true);
    }

    private long commitOf(int id) {
        return cluster.replica(id).commitIndex();
    }

    @Test
    void learnWhatIsChosenAndSayNoVote() {
        observed();
        cluster.node(4).deeds.clear();

        cluster.propose(1, "b");
        cluster.run(100);

        assertThat(cluster.replica(4).membership().voters()).isEqualTo(3);
        assertThat(cluster.replica(4).isObserver()).isTrue();
        assertThat(cluster.replica(1).isObserver()).isFalse();
        for (int id = 4; id <= 5; id++) {
            assertThat(cluster.node(id).committed)
                    .containsExactlyElementsOf(cluster.node(1).committed)
                    .endsWith("14:b");
        }
        assertThat(cluster.node(4).deeds)
                .anyMatch(deed -> deed.startsWith("HeartbeatHeard"))
                .noneMatch(deed -> deed.startsWith("Accepted "));
    }

    @Test
    void slowNobodyWhenTheyAreAway() {
        observed();
        keepOnly(1, 2);

        cluster.propose(1, "b");
        cluster.run(1_000);

        assertThat(cluster.replica(1).role()).isEqualTo(Role.LEADING);
        assertThat(commitOf(2)).isEqualTo(14);
        keepOnly(1, 2, 4);
        cluster.run(200);
        assertThat(commitOf(4)).isEqualTo(14);
    }

    /** Whatever an observer says, also one that does not know yet that it is one. */
    private void answerAsVoters(int leader, long upTo, int... ids) {
        for (int id : ids) {
            long ballot = cluster.replica(leader).ballot();
            cluster.replica(leader).accepted(cluster.node(id).config.self(), ballot, upTo);
        }
    }

    @Test
    void chooseNothing() {
        observed();
        keepOnly(1, 4, 5);

        cluster.propose(1, "b");
        cluster.settle();
        answerAsVoters(1, 14, 4, 5);

        assertThat(commitOf(1)).isEqualTo(13);
    }

    @Test
    void keepNobodyInOffice() {
        observed();
        keepOnly(1, 4, 5);

        cluster.run(400);

        assertThat(cluster.replica(1).role()).isNotEqualTo(Role.LEADING);
    }

    @Test
    void electNobodyAndAreNotElected() {
        observed();
        keepOnly(2, 4, 5);

        cluster.run(3_000);

        assertThat(cluster.replica(2).role()).isEqualTo(Role.CANVASSING);
        for (int id = 4; id <= 5; id++) {
            assertThat(cluster.node(id).roles).noneMatch(role -> role.startsWith("CANVASSING"));
        }
        // A promise without being asked counts no more than a yes to a canvass.
        assertThat(cluster.node(2).journal.lines()).noneMatch(line -> line.contains("campaigned"));
    }

    @Test
    void promiseForNobody() {
        observed();
        keepOnly(2, 4, 5);
        cluster.pass(3 * HandCluster.ELECTION_TIMEOUT, 2, 3, 4, 5);
        cluster.drop(letter -> true);
        cluster.node(3).isUp = true;
        for (int i = 0; i < 100 && cluster.replica(2).role() != Role.PREPARING; i++) {
            cluster.pass(10, 2);
            cluster.deliver(letter -> !letter.is("Prepare"));
        }
        assertThat(cluster.replica(2).role()).isEqualTo(Role.PREPARING);

        cluster.deliver(letter -> letter.to() != 3 && letter.from() != 3);

        assertThat(cluster.replica(2).role()).isEqualTo(Role.PREPARING);
        cluster.settle();
        assertThat(cluster.replica(2).role()).isEqualTo(Role.LEADING);
    }

    @Test
    void aCandidateWaitsForNothingThatOnlyAnObserverKnows() {
        observed();
        cluster.propose(1, "b");
        cluster.deliver(letter -> letter.to() == 4 || !letter.is("AllChosen"));
        assertThat(commitOf(4)).isEqualTo(14);
        assertThat(commitOf(2)).isEqualTo(13);
        cluster.node(1).isUp = false;
        cluster.drop(letter -> true);
        cluster.pass(3 * HandCluster.ELECTION_TIMEOUT, 2, 3);
        cluster.drop(letter -> true);

        for (int i = 0; i < 100 && cluster.replica(2).role() != Role.PREPARING; i++) {
            cluster.pass(10, 2);
            cluster.deliver(letter -> !letter.is("Prepare") && !letter.is("Chosen"));
        }
        // The observer's promise comes first, and nobody answers what is asked for.
        cluster.deliver(letter -> letter.is("Prepare"));
        cluster.deliver(letter -> letter.from() == 4);
        assertThat(cluster.replica(2).role()).isEqualTo(Role.PREPARING);
        cluster.deliver(letter -> !letter.is("Fetch") && !letter.is("Chosen"));

        assertThat(cluster.replica(2).role()).isEqualTo(Role.LEADING);
        cluster.run(100);
        assertThat(cluster.node(2).committed).contains("14:b");
    }

    @Test
    void becomeVotersAndVotersObservers() {
        observed();

        change(1, seats(OBSERVER, VOTER, VOTER, VOTER, OBSERVER));
        cluster.run(2_000);

        assertThat(cluster.node(1).stops).isEmpty();
        assertThat(cluster.node(1).transfers).first().asString().contains("it votes no more");
        assertThat(cluster.replica(1).role()).isEqualTo(Role.FOLLOWING);
        assertThat(cluster.replica(1).isObserver()).isTrue();
        int leader = IntStream.of(2, 3, 4).filter(this::leads).findFirst().orElseThrow();
        int other = leader == 4 ? 3 : 4;
        keepOnly(leader, other, 1);
        cluster.propose(leader, "b");
        cluster.run(200);
        assertThat(cluster.node(leader).committed).anyMatch(line -> line.endsWith(":b"));
        assertThat(commitOf(1)).isEqualTo(commitOf(leader));
    }

    private boolean leads(int id) {
        return cluster.replica(id).role() == Role.LEADING;
    }

    @Test
    void areKnownToEachLeaderAndAfterRestarts() {
        observed();
        for (int id = 1; id <= 5; id++) {
            cluster.restart(id, cluster.node(id).journal.size());
        }
        cluster.node(1).isUp = false;
        cluster.run(3_000);
        int leader = leads(2) ? 2 : 3;

        cluster.propose(leader, "b");
        cluster.run(200);

        assertThat(cluster.replica(5).isObserver()).isTrue();
        assertThat(cluster.node(5).committed).anyMatch(line -> line.endsWith(":b"));
    }

    @Test
    void stopWhenTheyAreRemovedAndDoNotComeBack() {
        observed();

        change(1, seats(VOTER, VOTER, VOTER, OBSERVER));
        cluster.run(400);

        assertThat(cluster.node(5).stops).hasSize(1);
        assertThat(cluster.node(5).stops.get(0)).contains("node 5 is no member");
        assertThat(cluster.node(4).stops).isEmpty();
        Change again = cluster.changeTo(1, seats(VOTER, VOTER, VOTER, OBSERVER, OBSERVER));
        assertThat(cluster.replica(1).change(again)).isFalse();
        assertThat(cluster.replica(1).changeRefusal()).contains("never used again");
    }

    @Test
    void costNoBallotWhenTheyMayHaveForgotten() {
        observed();
        long ballot = cluster.replica(1).ballot();
        cluster.losePower(4, ballot);

        cluster.propose(1, "b");
        cluster.run(2_000);

        assertThat(cluster.replica(1).ballot()).isEqualTo(ballot);
        assertThat(cluster.replica(4).role()).isEqualTo(Role.RETURNING);
        assertThat(commitOf(4)).isEqualTo(commitOf(1));

        // The ballot that leads it back ends what was prepared: whoever wants it asks again.
        for (int i = 0; i < 20 && cluster.replica(4).isObserver(); i++) {
            cluster.replica(1)
                    .change(cluster.changeTo(1, seats(VOTER, VOTER, OBSERVER, VOTER, OBSERVER)));
            cluster.run(1_000);
        }
        assertThat(cluster.replica(4).role()).isNotEqualTo(Role.RETURNING);
        assertThat(cluster.replica(4).isObserver()).isFalse();
    }

    @Test
    void areAskedBeforeASlotIsSkipped() {
        observed();
        cluster.propose(1, "poison");
        cluster.run(50);
        for (int id = 1; id <= 3; id++) {
            cluster.replica(id).serviceAt(13, 14, 0);
        }
        cluster.replica(4).serviceAt(14, 0, 0);
        cluster.replica(5).serviceAt(13, 14, 0);
        cluster.pass(60, 1);
        cluster.settle();

        assertThat(cluster.replica(1).decide(Decision.skip(14, 0))).isFalse();

        assertThat(cluster.replica(1).refusal())
                .isEqualTo("node 4 does not hold at slot 14: it has applied up to slot 14");
    }

    @Test
    void oneMustVote() {
        observed();

        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> cluster.changeTo(1, cluster.member(4, OBSERVER)))
                .hasMessage("members: one at least must vote");
    }
}
