package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
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

    private void thoseBeforeHaveStopped() {
        for (int id = 1; id <= 3; id++) {
            assertThat(cluster.node(id).stops).as("node %d", id).hasSize(1);
        }
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

    /** Nobody leads back whoever is no member, so no ballot above its promise tells it. */
    @Test
    void toldToStopIsAlsoWhoMayHaveLostVotes() {
        founded();
        cluster.node(3).isUp = false;
        change(1, 2);
        cluster.run(300);
        long promised = Ballot.of(99, 1);
        cluster.node(3).journal.promised(promised);
        cluster.losePower(3, promised);

        cluster.run(2_000);

        assertThat(cluster.node(3).stops).hasSize(1);
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
        thoseBeforeHaveStopped();
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

    @Test
    void proposesNothingBeforeTheNewMembersAreCaughtUp() {
        founded();
        chooseMoreThanAWindow();
        cluster.join();
        change(1, 4);
        isProposedOnceNode4IsCaughtUp(500);
    }

    private void chooseMoreThanAWindow() {
        for (int i = 0; i < 3 * LIMIT; i++) {
            cluster.propose(1, "c" + i);
            cluster.run(10);
        }
    }

    /** For so many ticks, as if it had to be sent very much. */
    private void isProposedOnceNode4IsCaughtUp(int ticks) {
        for (int i = 0; i < ticks; i += 10) {
            cluster.pass(10, 1, 2, 3, 4);
            cluster.deliver(letter -> !letter.is("Chosen"));
        }
        assertThat(cluster.replica(1).membershipSlot()).isEqualTo(1);
        assertThat(cluster.replica(1).changeWaitsFor()).contains("4");

        cluster.run(300);
        assertThat(cluster.replica(1).membershipSlot()).isGreaterThan(1);
    }

    /** Quorums of the members to come would be there without it, and it would be no help. */
    @Test
    void waitsForANewMemberThatAnswers() {
        founded();
        chooseMoreThanAWindow();
        cluster.join();
        change(1, 2, 3, 4);
        isProposedOnceNode4IsCaughtUp(40 * HandCluster.ELECTION_TIMEOUT);
    }

    @Test
    void waitsNotForLongForANewMemberThatDoesNotAnswer() {
        founded();
        chooseMoreThanAWindow();
        cluster.join().isUp = false;
        change(1, 2, 3, 4);
        cluster.run(5 * HandCluster.ELECTION_TIMEOUT);
        assertThat(cluster.replica(1).membershipSlot()).isEqualTo(1);

        cluster.run(40 * HandCluster.ELECTION_TIMEOUT);
        assertThat(cluster.replica(1).membershipSlot()).isGreaterThan(1);
        assertThat(cluster.replica(1).isChanging()).isFalse();
    }

    /** Node 6 was away when the entry was chosen: it knows none of those that it is one of. */
    @Test
    void thoseBeforeStayUntilWhoWasAwayKnowsTheOthers() {
        founded();
        cluster.join();
        cluster.join();
        cluster.join().isUp = false;
        change(4, 5, 6);
        while (cluster.replica(1).membershipSlot() == 1) {
            cluster.run(10);
        }
        cluster.node(6).isUp = true;
        for (int i = 0; i < 40 * HandCluster.ELECTION_TIMEOUT; i += 10) {
            cluster.pass(10, 1, 2, 3, 4, 5, 6);
            cluster.deliver(letter -> !letter.is("Chosen") || letter.to() != 6);
        }
        assertThat(cluster.replica(1).role()).isEqualTo(Role.LEADING);
        assertThat(cluster.node(1).stops).isEmpty();
        assertThat(cluster.node(2).stops).isEmpty();

        cluster.run(3_000);
        assertThat(cluster.replica(6).membershipSlot()).isGreaterThan(1);
        assertThat(leader()).isGreaterThan(3);
        thoseBeforeHaveStopped();
    }

    @Test
    void thoseBeforeStayNotForLongForWhoDoesNotAnswer() {
        founded();
        cluster.join();
        cluster.join();
        cluster.join().isUp = false;
        change(4, 5, 6);
        cluster.run(60 * HandCluster.ELECTION_TIMEOUT);

        assertThat(leader()).isGreaterThan(3);
        thoseBeforeHaveStopped();
    }

    @Test
    void countsNobodyAsThereWhoAnsweredOnlyBeforeTheChangeWasAskedFor() {
        founded();
        cluster.node(3).isUp = false;

        change(1, 3);
        cluster.run(HandCluster.ELECTION_TIMEOUT);

        assertThat(cluster.replica(1).membershipSlot()).isEqualTo(1);
        assertThat(cluster.replica(1).changeWaitsFor()).contains("3");
        cluster.propose(1, "b");
        cluster.run(50);
        assertThat(cluster.node(1).committed).contains("3:b");
    }

    @Test
    void proposesNothingBeforeSomethingOfItsOwnIsChosen() {
        founded();
        cluster.elect(2);
        cluster.run(600);
        int leader = leader();
        assertThat(cluster.replica(leader).commitIndex()).isEqualTo(2);

        assertThat(cluster.replica(leader).change(cluster.changeTo(leader, 1, 2))).isTrue();
        cluster.run(300);

        // A no-op at slot 3, then the entry.
        assertThat(cluster.replica(leader).membershipSlot()).isEqualTo(4);
    }

    @Test
    void commandsWaitWhileTheWindowBeforeAChangeIsFilled() {
        founded();
        change(1, 2);
        cluster.propose(1, "b", "c");
        passWithout("Accepted", 100);
        // The entry is at slot 5, but slot 13 has to wait until slot 3 is chosen.
        assertThat(cluster.replica(1).lastSlot()).isEqualTo(12);
        assertThat(cluster.replica(1).isSettled()).isFalse();

        assertThat(cluster.replica(1).takesCommands()).isTrue();
        assertThat(cluster.tryPropose(1, "d")).isFalse();

        cluster.run(100);
        cluster.propose(1, "d");
        cluster.run(100);
        assertThat(cluster.node(1).committed).endsWith("16:d");
    }

    private void passWithout(String letters, int ticks) {
        for (int i = 0; i < ticks; i += 10) {
            cluster.pass(10, 1, 2, 3);
            cluster.deliver(letter -> !letter.is(letters));
        }
    }

    /** The entry is chosen at slot 3, and nothing above it; all old members know that. */
    private void chooseTheEntryAlone() {
        int[] all = IntStream.rangeClosed(1, cluster.size()).toArray();
        for (int i = 0; i < 60; i++) {
            cluster.pass(10, all);
            cluster.drop(letter -> isAccept(letter, "no-op") && letter.to() != 1);
            cluster.deliver(letter -> !isAccept(letter, "no-op") || letter.to() == 1);
        }
        for (int id = 1; id <= 3; id++) {
            assertThat(cluster.replica(id).commitIndex()).isEqualTo(3);
        }
    }

    @Test
    void cutsWhatIsProposedAtTheFirstSlotOfAMembership() {
        founded();
        change(2, 3);
        chooseTheEntryAlone();
        cluster.node(1).isUp = false;

        cluster.elect(2, 2, 3);
        cluster.node(1).isUp = true;
        cluster.run(500);

        List<String> accepts =
                cluster.node(2).deeds.stream().filter(deed -> deed.startsWith("Accept ")).toList();
        assertThat(accepts).anyMatch(deed -> deed.contains(" slot=4 no-op x9 "));
        assertThat(accepts).anyMatch(deed -> deed.contains(" slot=13 no-op "));
    }

    @Test
    void leadsNobodyBackWhileAChangeIsOpen() {
        founded();
        long before = cluster.replica(1).ballot();
        change(1, 2);
        for (int i = 0; i < 30; i++) {
            cluster.pass(10, 1, 2, 3);
            cluster.drop(letter -> letter.text().startsWith("Accepted ") && letter.to() == 1);
            cluster.deliver(letter -> !letter.is("Accepted"));
        }
        assertThat(cluster.replica(2).lastSlot()).isEqualTo(12);
        cluster.drop(letter -> true);
        cluster.losePower(3, before);
        cluster.pass(3 * HandCluster.ELECTION_TIMEOUT, 1, 2, 3);
        cluster.drop(letter -> true);
        for (int i = 0; i < 100 && cluster.replica(2).role() != Role.LEADING; i++) {
            cluster.pass(10, 2);
            cluster.deliver(
                    letter -> HandCluster.among(1, 2).test(letter) && !letter.is("Accepted"));
        }
        assertThat(cluster.replica(2).role()).isEqualTo(Role.LEADING);
        cluster.pass(100, 2);
        cluster.deliver(letter -> letter.to() == 3);

        assertThat(cluster.replica(3).lastSlot()).isEqualTo(12);
        assertThat(cluster.replica(3).role()).isEqualTo(Role.RETURNING);
    }

    @Test
    void aRemovedNodeDoesNotCampaign() {
        founded();
        change(1, 2);
        for (int i = 0; i < 100 && cluster.replica(3).commitIndex() < 12; i++) {
            cluster.run(10);
        }
        assertThat(cluster.node(3).stops).isEmpty();
        cluster.drop(letter -> true);

        cluster.pass(2_000, 3);

        assertThat(cluster.waiting()).noneMatch(letter -> letter.is("Canvass"));
    }

    @Test
    void whoeverMayNotLeadKnowsNoLeaderOnceItHearsNone() {
        founded();
        change(1, 2);
        for (int i = 0; i < 100 && cluster.replica(3).commitIndex() < 12; i++) {
            cluster.run(10);
        }
        assertThat(cluster.replica(3).leader()).isEqualTo(1);

        cluster.pass(2_000, 3);

        // Whoever joins asks who the members are only while it knows no leader.
        assertThat(cluster.replica(3).leader()).isZero();
    }

    @Test
    void aRemovedLeaderGoesOnUntilSomethingIsChosenWithoutIt() {
        founded();
        change(2, 3);
        cluster.run(1_000);

        assertThat(cluster.node(1).transfers)
                .singleElement()
                .asString()
                .contains("slots are chosen without it");
        assertThat(leader()).isNotEqualTo(1);
        assertThat(cluster.node(1).stops).hasSize(1);
    }

    @Test
    void aRemovedLeaderLeadsUntilTheNewMembersKnowThatTheyAre() {
        HandCluster moves = new HandCluster(1, 1, 1, LIMIT).started();
        moves.run(500);
        moves.join();
        for (String command : List.of("a", "b", "c", "d")) {
            moves.propose(1, command);
            moves.run(60);
        }
        assertThat(moves.replica(1).change(moves.changeTo(1, 2))).isTrue();
        for (int i = 0; i < 60; i++) {
            moves.pass(10, 1, 2);
            moves.drop(letter -> letter.text().startsWith("Chosen ") && knows(moves, 2));
            moves.deliver(letter -> !letter.is("Chosen") || !knows(moves, 2));
        }
        // Node 2 alone votes on it, and knows it chosen no further than slot 15.
        assertThat(moves.replica(1).commitIndex()).isEqualTo(16);
        assertThat(moves.replica(2).commitIndex()).isLessThan(16);
        assertThat(moves.replica(1).role()).isEqualTo(Role.LEADING);

        moves.run(1_000);

        assertThat(moves.replica(2).role()).isEqualTo(Role.LEADING);
        assertThat(moves.node(1).stops).hasSize(1);
    }

    private static boolean knows(HandCluster cluster, int id) {
        return cluster.replica(id).commitIndex() >= 2;
    }

    @Test
    void aSingleNodeBecomesThreeAndOneAgain() {
        HandCluster grows = new HandCluster(1, 1, 1, LIMIT).started();
        grows.run(500);
        grows.join();
        grows.join();
        assertThat(grows.replica(1).change(grows.changeTo(1, 1, 2, 3))).isTrue();
        grows.run(500);
        assertThat(grows.replica(3).membership().size()).isEqualTo(3);
        assertThat(grows.replica(1).change(grows.changeTo(1, 2))).isTrue();
        grows.run(2_000);

        assertThat(grows.replica(2).role()).isEqualTo(Role.LEADING);
        grows.propose(2, "alone");
        grows.run(50);
        assertThat(grows.node(2).committed.get(grows.node(2).committed.size() - 1))
                .endsWith(":alone");
    }

    private static boolean isAccept(Letter letter, String what) {
        return letter.is("Accept") && letter.text().contains(what);
    }

    /** Node 1 sends what is open to these nodes again, as they ask for it. */
    private void sendOpenSlots(long first, long last, int... nodes) {
        for (int node : nodes) {
            cluster.replica(1).fetch(cluster.node(node).config.self(), first, last);
        }
    }

    @Test
    void choosesNothingOfTheNewMembersByVotesOfTheOldOnes() {
        founded();
        cluster.join();
        cluster.join();
        cluster.join();
        change(4, 5, 6);
        for (int i = 0; i < 60 && cluster.replica(1).membershipSlot() == 1; i++) {
            cluster.pass(10, 1, 2, 3, 4, 5, 6);
            cluster.deliver(letter -> !isAccept(letter, "no-op"));
        }
        assertThat(cluster.replica(1).lastSlot()).isEqualTo(13);

        // Of their votes those arrive that cover both memberships at once.
        cluster.deliver(letter -> letter.is("Accept") && letter.to() <= 3);
        cluster.drop(letter -> letter.is("Accepted") && !letter.text().endsWith("upTo=13"));
        cluster.deliver(letter -> letter.is("Accepted") && letter.from() <= 3);

        assertThat(cluster.replica(1).commitIndex()).isEqualTo(12);
        cluster.settle();
        assertThat(cluster.replica(1).commitIndex()).isEqualTo(13);
    }

    @Test
    void proposesNothingWhereTheNewMembersHaveNotPromised() {
        founded();
        cluster.join();
        cluster.join();
        change(2, 4, 5);
        chooseTheEntryAlone();
        cluster.node(1).isUp = false;
        cluster.drop(letter -> true);
        cluster.pass(3 * HandCluster.ELECTION_TIMEOUT, 2, 3, 4, 5);
        cluster.drop(letter -> true);
        for (int i = 0; i < 100 && cluster.replica(2).lastSlot() < 12; i++) {
            cluster.pass(10, 2);
            cluster.deliver(letter -> !letter.is("Prepare") || letter.to() <= 3);
        }
        cluster.pass(50, 2);
        cluster.deliver(letter -> !letter.is("Prepare") || letter.to() <= 3);
        assertThat(cluster.replica(2).role()).isEqualTo(Role.LEADING);
        assertThat(cluster.replica(2).lastSlot()).isEqualTo(12);
        assertThat(cluster.replica(2).commitIndex()).isEqualTo(12);

        cluster.settle();

        assertThat(cluster.replica(2).lastSlot()).isEqualTo(13);
        assertThat(cluster.replica(2).commitIndex()).isEqualTo(13);
    }

    @Test
    void keepsWhatTheNewMembersReport() {
        founded();
        cluster.join();
        cluster.join();
        change(2, 4, 5);
        chooseTheEntryAlone();
        cluster.drop(letter -> true);
        // The rest of the window is chosen by 1 and 2, which does not hear of that.
        sendOpenSlots(4, 12, 2);
        cluster.deliver(letter -> letter.to() <= 2 && !isAccept(letter, "slot=13"));
        assertThat(cluster.replica(1).commitIndex()).isEqualTo(12);
        assertThat(cluster.replica(2).commitIndex()).isEqualTo(3);
        cluster.propose(1, "x");
        // Slots 13 and 14 are chosen by 4 and 5, whose promises node 2 hears last.
        cluster.drop(letter -> letter.to() == 2 || letter.to() == 3);
        sendOpenSlots(13, 14, 4, 5);
        cluster.deliver(letter -> letter.to() != 2 && letter.to() != 3);
        assertThat(cluster.replica(1).commitIndex()).isEqualTo(14);
        cluster.node(1).isUp = false;
        cluster.drop(letter -> true);
        cluster.pass(3 * HandCluster.ELECTION_TIMEOUT, 2, 3, 4, 5);
        cluster.drop(letter -> true);
        for (int i = 0; i < 100 && cluster.replica(2).role() != Role.LEADING; i++) {
            cluster.pass(10, 2);
            cluster.deliver(letter -> !letter.text().startsWith("Promise") || letter.from() <= 3);
        }
        assertThat(cluster.replica(2).role()).isEqualTo(Role.LEADING);
        cluster.settle();
        cluster.pass(60, 2);
        cluster.settle();

        cluster.tryPropose(2, "y");
        cluster.settle();

        assertThat(cluster.node(2).committed).contains("14:x");
    }
}
