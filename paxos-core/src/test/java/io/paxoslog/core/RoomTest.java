package io.paxoslog.core;

import static io.paxoslog.core.Roles.B1;
import static io.paxoslog.core.Roles.B2;
import static io.paxoslog.core.Roles.B3;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A node whose disk is short of room holds up nobody it need not hold up, and lies to nobody. */
class RoomTest {
    private final HandCluster cluster = new HandCluster(3).started();

    private void room(Room room, int... ids) {
        for (int id : ids) {
            cluster.replica(id).room(room);
        }
    }

    private long elections() {
        return IntStream.rangeClosed(1, 3)
                .mapToLong(
                        id ->
                                cluster.node(id).roles.stream()
                                        .filter(line -> line.startsWith("LEADING"))
                                        .count())
                .sum();
    }

    private static Roles shortOfRoom(Room room) {
        Roles roles = new Roles();
        roles.acceptor.hearFloor(B2, 1);
        roles.room.is(room);
        roles.deeds.clear();
        return roles;
    }

    @Test
    void doesNotVoteOnNewCommandsAndSaysSo() {
        Roles roles = shortOfRoom(Room.REPORTED);

        roles.acceptor.accept(2, Batches.commands(B2, 1, "a"), 1);

        assertThat(roles.deeds).containsExactly("2: LacksRoom");
    }

    @Test
    void votesOnWhatPhase1Reported() {
        Roles roles = shortOfRoom(Room.REPORTED);
        Batch reported = Batches.commands(B1, 1, "a");

        roles.acceptor.accept(2, reported.slots(B2, 1, 1), 1);

        assertThat(roles.deeds).last().isEqualTo("2: Accepted b=2.2 upTo=1");
        assertThat(roles.journal.lines()).last().asString().isEqualTo("accepted b=2.2 slot=1 a");
    }

    @Test
    void votesOnNoOpsAndMembershipsAndDecisions() {
        Roles roles = shortOfRoom(Room.REPORTED);

        roles.acceptor.accept(2, Batches.membership(B2, roles.genesis()), 1);
        roles.acceptor.accept(2, Batches.noOps(B2, 2, 3), 1);

        assertThat(roles.deeds).last().isEqualTo("2: Accepted b=2.2 upTo=4");
    }

    @Test
    void onlyPromisesWhenTheReserveIsUsedUp() {
        Roles roles = shortOfRoom(Room.BALLOTS);

        roles.acceptor.accept(2, Batches.noOps(B2, 1, 1), 1);
        roles.acceptor.prepare(3, B3, 1);

        assertThat(roles.deeds)
                .containsExactly(
                        "2: LacksRoom all", "promised 3.3", "3: Promise b=3.3 commit=0 slots=0");
    }

    /** A vote is for all slots up to one: what comes behind a refused batch may not count. */
    @Test
    void votesForNothingBehindABatchThatItRefused() {
        Roles roles = shortOfRoom(Room.COMMANDS);
        roles.acceptor.accept(2, Batches.commands(B2, 1, "a"), 1);
        roles.room.is(Room.REPORTED);
        roles.acceptor.accept(2, Batches.commands(B2, 2, "b"), 1);

        roles.acceptor.accept(2, Batches.noOps(B2, 3, 1), 1);
        assertThat(roles.deeds).last().isEqualTo("2: Accepted b=2.2 upTo=1");

        roles.room.is(Room.COMMANDS);
        roles.acceptor.accept(2, Batches.commands(B2, 4, "d"), 1);
        assertThat(roles.deeds).last().isEqualTo("2: Accepted b=2.2 upTo=1");

        roles.acceptor.accept(2, Batches.commands(B2, 2, "b"), 1);
        assertThat(roles.deeds).last().isEqualTo("2: Accepted b=2.2 upTo=4");
    }

    @Test
    void votesAgainOnWhatItHolds() {
        Roles roles = shortOfRoom(Room.COMMANDS);
        roles.acceptor.accept(2, Batches.commands(B2, 1, "a"), 1);
        roles.room.is(Room.REPORTED);
        roles.deeds.clear();

        roles.acceptor.accept(2, Batches.commands(B2, 1, "a"), 1);

        assertThat(roles.deeds).containsExactly("2: Accepted b=2.2 upTo=1");
    }

    @Test
    void oneFullFollowerStopsNobodyAndCatchesUp() {
        cluster.elect(1);
        room(Room.REPORTED, 3);
        cluster.run(100);
        int written = cluster.node(3).journal.size();

        cluster.propose(1, "a", "b");
        cluster.run(2_000);

        assertThat(cluster.replica(1).commitIndex()).isEqualTo(3);
        assertThat(cluster.replica(3).commitIndex()).isEqualTo(1);
        assertThat(cluster.node(3).journal.size()).isEqualTo(written);
        assertThat(elections()).isEqualTo(1);

        room(Room.COMMANDS, 3);
        cluster.run(500);
        assertThat(cluster.node(3).committed).contains("2:a", "3:b");
    }

    @Test
    void learnsNoCommandsFromOthersWhileItIsShort() {
        Roles roles = new Roles();
        roles.room.is(Room.REPORTED);

        assertThat(roles.room.learns(Batches.commands(B1, 1, "a"))).isFalse();
        assertThat(roles.room.learns(Batches.noOps(B1, 1, 1))).isTrue();
    }

    @Test
    void takesNoCommandsWithoutAQuorumThatHasRoomAndLeadsOn() {
        cluster.elect(1);
        room(Room.REPORTED, 2, 3);
        cluster.run(100);

        assertThat(cluster.replica(1).takesCommands()).isFalse();
        assertThat(cluster.replica(1).lacksRoom()).isTrue();
        assertThat(cluster.tryPropose(1, "a")).isFalse();
        cluster.run(5_000);
        assertThat(cluster.replica(1).role()).isEqualTo(Role.LEADING);
        assertThat(elections()).isEqualTo(1);

        room(Room.COMMANDS, 2);
        cluster.run(400);
        assertThat(cluster.replica(1).lacksRoom()).isFalse();
        cluster.propose(1, "a");
        cluster.run(100);
        assertThat(cluster.node(2).committed).contains("2:a");
    }

    @Test
    void aDeadMemberHasNoRoomEither() {
        cluster.elect(1);
        room(Room.REPORTED, 2);
        cluster.node(3).isUp = false;

        for (int i = 0; i < 40; i++) {
            cluster.pass(10, 1, 2);
            cluster.settle();
        }

        assertThat(cluster.replica(1).lacksRoom()).isTrue();
        assertThat(cluster.tryPropose(1, "a")).isFalse();
    }

    @Test
    void knowsOfFullMembersWhenItIsElected() {
        cluster.elect(1);
        cluster.propose(1, "a");
        cluster.run(100);
        room(Room.REPORTED, 1, 3);
        for (int i = 0; i < 200 && cluster.replica(2).role() != Role.LEADING; i++) {
            cluster.pass(10, 2, 3);
            cluster.deliver(letter -> !letter.text().startsWith("Heartbeat"));
        }

        assertThat(cluster.replica(2).role()).isEqualTo(Role.LEADING);
        assertThat(cluster.replica(2).lacksRoom()).isTrue();
        assertThat(cluster.tryPropose(2, "b")).isFalse();
    }

    @Test
    void aFullLeaderTakesNoCommandsAtOnceAndMakesWay() {
        cluster.elect(1);
        cluster.run(100);
        room(Room.REPORTED, 1);

        assertThat(cluster.tryPropose(1, "a")).isFalse();
        cluster.run(2_000);

        assertThat(cluster.replica(1).role()).isEqualTo(Role.FOLLOWING);
        assertThat(elections()).isEqualTo(2);
        int leader = cluster.replica(1).leader();
        cluster.propose(leader, "a");
        cluster.run(100);
        assertThat(cluster.replica(leader).commitIndex()).isGreaterThan(1);
    }

    @Test
    void leadershipStaysWhereItIsWhileItsSuccessorWouldTakeNoCommandsEither() {
        cluster.elect(1);
        room(Room.REPORTED, 1, 2);

        cluster.run(30_000);

        assertThat(cluster.replica(1).role()).isEqualTo(Role.LEADING);
        assertThat(elections()).isEqualTo(1);
    }

    @Test
    void neverPassesLeadershipAroundWhenAllAreFull() {
        cluster.elect(1);
        for (Room room : new Room[] {Room.REPORTED, Room.BALLOTS}) {
            room(room, 1, 2, 3);

            cluster.run(30_000);

            assertThat(cluster.replica(1).role()).isEqualTo(Role.LEADING);
            assertThat(elections()).isEqualTo(1);
        }
    }

    @Test
    void aLeaderKeepsWhatItProposedWhileItHadRoom() {
        cluster.elect(1);
        cluster.propose(1, "a");
        room(Room.REPORTED, 1);

        cluster.run(100);

        assertThat(cluster.node(1).committed).contains("2:a");
    }

    /** Nobody sends a leader again what it had no room for itself; a new Phase 1 reports it. */
    @Test
    void aLeaderGetsBackWhatItHadNoRoomForAsSoonAsItHasSome() {
        cluster.elect(1);
        cluster.run(1_000);
        cluster.propose(1, "a");
        room(Room.BALLOTS, 1);
        cluster.run(20);
        assertThat(cluster.replica(1).commitIndex()).isEqualTo(1);

        room(Room.COMMANDS, 1);
        cluster.run(100);

        assertThat(cluster.node(1).committed).contains("2:a");
        assertThat(cluster.replica(1).role()).isEqualTo(Role.LEADING);
    }

    /** What is on its way when followers run out of room is chosen under the next ballot. */
    @Test
    void whatWasProposedBeforeAllWereFullIsChosenAllTheSame() {
        cluster.elect(1);
        cluster.run(100);
        cluster.propose(1, "a");
        room(Room.REPORTED, 1, 2, 3);

        cluster.run(10_000);

        for (int id = 1; id <= 3; id++) {
            assertThat(cluster.node(id).committed).contains("2:a");
        }
        assertThat(elections()).isEqualTo(2);
    }

    @Test
    void standsStillWhereNobodyHasRoomForWhatIsOpenAndGoesOnByItself() {
        cluster.elect(1);
        cluster.run(100);
        cluster.propose(1, "a");
        room(Room.BALLOTS, 2, 3);
        cluster.run(30_000);
        assertThat(elections()).isEqualTo(1);
        assertThat(cluster.replica(1).commitIndex()).isEqualTo(1);

        room(Room.COMMANDS, 2, 3);
        cluster.run(2_000);

        assertThat(cluster.node(2).committed).contains("2:a");
    }

    @Test
    void decidesWhileItTakesNoCommands() {
        cluster.elect(1);
        cluster.run(100);
        room(Room.REPORTED, 1, 2, 3);
        cluster.run(100);

        assertThat(
                        cluster.replica(1)
                                .decide(
                                        Decision.limits(
                                                new Decision.Limits(5, 6, 100_000, 1_000_000), 0)))
                .isTrue();
        cluster.run(100);

        assertThat(cluster.node(3).decided).hasSize(1);
    }

    @Test
    void asksSeldomForOpenSlotsThatItWouldNotTake() {
        cluster.elect(1);
        cluster.run(100);
        cluster.node(2).deeds.clear();
        cluster.propose(1, "a");
        room(Room.REPORTED, 2, 3);
        cluster.run(800);

        assertThat(cluster.node(2).deeds)
                .filteredOn(deed -> deed.startsWith("Fetch"))
                .hasSizeBetween(1, 3);
    }
}
