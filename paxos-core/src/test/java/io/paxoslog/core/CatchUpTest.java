package io.paxoslog.core;

import static io.paxoslog.core.Roles.B2;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Asking for what is missing here. Node 1 is member 0, and so on. */
class CatchUpTest {
    private static final int PATIENCE = 50;
    private final Roles roles = new Roles();
    private final RecordingSnapshots snapshots = new RecordingSnapshots();
    private final CatchUp catchUp =
            new CatchUp(
                    roles.config.self(),
                    roles.peers,
                    snapshots,
                    roles.learner,
                    roles.acceptor,
                    roles.memberships,
                    roles.room,
                    PATIENCE);
    private long now;

    @BeforeEach
    void lookOnce() {
        look();
    }

    private void look() {
        now += PATIENCE;
        catchUp.onTick(now);
    }

    @Test
    void asksNobodyWhileNobodyKnowsMore() {
        catchUp.servedBy(1, 0);

        look();

        assertThat(roles.peers.said()).isEmpty();
    }

    @Test
    void asksAMemberThatKnowsMore() {
        catchUp.servedBy(2, 40);

        look();

        assertThat(roles.peers.said()).containsExactly("3: Fetch 1..40");
    }

    @Test
    void asksOnWhenItsServerIsNoMemberAnyMoreAndNoOtherLogReachesDown() {
        catchUp.servedBy(1, 40);
        look();
        catchUp.compacted(2, 30, 35, now);
        catchUp.left(1, MemberId.of(2, 102));
        // Nor does that of whoever has its number since.
        catchUp.compacted(1, 30, 35, now);
        roles.peers.said();

        for (int i = 0; i < 4; i++) {
            look();
        }

        assertThat(roles.peers.said()).anyMatch(said -> said.endsWith("Fetch 1..35"));
    }

    @Test
    void neverAsksItself() {
        catchUp.servedBy(0, 40);

        look();

        assertThat(roles.peers.said()).isEmpty();
    }

    @Test
    void isPatientWhileTheCommitIndexMoves() {
        catchUp.servedBy(2, 40);
        roles.chosenUpTo(5);
        look();
        assertThat(roles.peers.said()).isEmpty();

        look();

        assertThat(roles.peers.said()).containsExactly("3: Fetch 6..40");
    }

    @Test
    void asksTheOthersTooWhenTheOneThatSaidItCouldServeDoesNot() {
        catchUp.servedBy(2, 40);
        for (int i = 0; i < 12; i++) {
            look();
        }

        assertThat(roles.peers.said())
                .filteredOn(line -> !line.equals("3: Fetch 1..40"))
                .isNotEmpty()
                .containsOnly("2: Fetch 1..40");
    }

    @Test
    void looksNoMoreThanOnceInItsPatience() {
        catchUp.servedBy(2, 40);
        look();
        roles.peers.said();

        catchUp.onTick(now + PATIENCE - 1);

        assertThat(roles.peers.said()).isEmpty();
    }

    @Test
    void asksTheNextMemberWhenOneDoesNotAnswer() {
        catchUp.servedBy(1, 30);
        catchUp.servedBy(2, 40);

        look();
        look();
        look();

        assertThat(roles.peers.said())
                .containsExactly("2: Fetch 1..30", "3: Fetch 1..40", "2: Fetch 1..30");
    }

    @Test
    void asksForTheNextBurstAtOnceWhenOneIsOver() {
        catchUp.servedBy(2, 40);
        roles.chosenUpTo(10);

        catchUp.served(2, 10, now);

        assertThat(roles.peers.said()).containsExactly("3: Fetch 11..40");
    }

    @Test
    void doesNotAskAgainInTheMiddleOfABurst() {
        catchUp.servedBy(2, 40);
        roles.chosenUpTo(9);

        catchUp.served(2, 10, now);

        assertThat(roles.peers.said()).isEmpty();
    }

    @Test
    void doesNotAskAgainWhenItHasAll() {
        catchUp.servedBy(2, 10);
        roles.chosenUpTo(10);

        catchUp.served(2, 10, now);

        assertThat(roles.peers.said()).isEmpty();
    }

    @Test
    void goesOnAskingWhomItAskedBlindlyAsLongAsThatServesAndNobodyLeads() {
        catchUp.probe(now);
        assertThat(roles.peers.said()).containsExactly("2: Fetch 1..1000");
        roles.chosenUpTo(10);

        catchUp.served(1, 10, now);
        assertThat(roles.peers.said()).containsExactly("2: Fetch 11..1010");

        roles.chosenUpTo(20);
        catchUp.leaderProposed(2, 20);
        catchUp.served(1, 20, now);
        assertThat(roles.peers.said()).isEmpty();
    }

    @Test
    void asksWhoIsNamedAtOnce() {
        catchUp.fetchFrom(1, 7, now);

        assertThat(roles.peers.said()).containsExactly("2: Fetch 1..7");
        assertThat(catchUp.askedAt()).isEqualTo(now);
    }

    @Test
    void asksTheLeaderForOpenSlotsThatGotLost() {
        roles.acceptor.accept(2, Batches.commands(B2, 1, "a"), 1);
        catchUp.leaderProposed(1, 3);
        look();
        roles.peers.said();

        look();

        assertThat(roles.peers.said()).containsExactly("2: Fetch 2..3");
    }

    @Test
    void asksForOpenSlotsFromTheFirstThoughNothingIsHeld() {
        roles.acceptor.hearFloor(B2, 1);
        catchUp.leaderProposed(1, 3);

        look();

        assertThat(roles.peers.said()).containsExactly("2: Fetch 1..3");
    }

    @Test
    void doesNotAskForOpenSlotsBeforeAFloorIsHeard() {
        catchUp.leaderProposed(1, 3);

        look();

        assertThat(roles.peers.said()).isEmpty();
    }

    @Test
    void doesNotAskForOpenSlotsWhileVotesMove() {
        roles.acceptor.accept(2, Batches.commands(B2, 1, "a"), 1);
        catchUp.leaderProposed(1, 3);
        roles.peers.said();

        look();

        assertThat(roles.peers.said()).isEmpty();
    }

    @Test
    void doesNotAskForOpenSlotsOnceTheLeaderIsGone() {
        roles.acceptor.hearFloor(B2, 1);
        catchUp.leaderProposed(1, 3);

        catchUp.leaderGone();
        look();

        assertThat(roles.peers.said()).isEmpty();
    }

    @Test
    void remembersTheHighestSlotOfOneLeaderOnly() {
        roles.acceptor.hearFloor(B2, 1);
        catchUp.leaderProposed(1, 9);
        catchUp.leaderProposed(1, 4);
        look();
        assertThat(roles.peers.said()).containsExactly("2: Fetch 1..9");

        catchUp.leaderProposed(2, 4);
        look();

        assertThat(roles.peers.said()).containsExactly("3: Fetch 1..4");
    }

    @Test
    void asksAnotherLogWhenOneBeginsLater() {
        catchUp.servedBy(1, 30);
        catchUp.servedBy(2, 40);

        catchUp.compacted(1, 20, 25, now);

        assertThat(roles.peers.said()).containsExactly("3: Fetch 1..40");
        assertThat(snapshots.asked()).isEmpty();
    }

    @Test
    void asksALogThatMayReachDownBeforeItWantsASnapshot() {
        catchUp.servedBy(1, 30);
        catchUp.compacted(1, 20, 25, now);
        assertThat(roles.peers.said()).containsExactly("3: Fetch 1..30");
        assertThat(snapshots.asked()).isEmpty();

        look();

        assertThat(snapshots.asked()).containsExactly("wanted from 2 above 0");
    }

    @Test
    void wantsASnapshotWhenNoLogReachesDown() {
        catchUp.compacted(1, 20, 25, now);
        catchUp.compacted(2, 18, 17, now);

        assertThat(snapshots.asked()).containsExactly("wanted from 2 above 0");
        assertThat(catchUp.askedAt()).isEqualTo(now);
    }

    @Test
    void namesAnotherSourceEachTimeSoThatOneWhichIsGoneHoldsUpNobody() {
        catchUp.compacted(1, 20, 25, now);
        catchUp.compacted(2, 18, 17, now);

        look();
        look();

        assertThat(snapshots.asked())
                .containsExactly(
                        "wanted from 2 above 0", "wanted from 3 above 0", "wanted from 2 above 0");
    }

    @Test
    void wantsASnapshotWhenWhoSaidThatItCouldServeDoesNotForLong() {
        catchUp.servedBy(2, 40);
        catchUp.compacted(1, 20, 25, now);
        look();
        look();
        look();
        assertThat(snapshots.asked()).isEmpty();

        look();

        assertThat(snapshots.asked()).containsExactly("wanted from 2 above 0");
    }

    @Test
    void doesNotWantASnapshotForSlotsThatAreHereByNow() {
        roles.chosenUpTo(19);

        catchUp.compacted(1, 20, 25, now);
        catchUp.compacted(2, 20, 25, now);

        assertThat(snapshots.asked()).isEmpty();
        assertThat(roles.peers.said()).isEmpty();
    }

    @Test
    void wantsNoSnapshotFromWhoHasNone() {
        catchUp.compacted(1, 20, 0, now);
        catchUp.compacted(2, 20, 0, now);
        look();

        assertThat(snapshots.asked()).isEmpty();
    }

    @Test
    void asksTheLogAboveASnapshotAtOnce() {
        catchUp.servedBy(1, 40);
        catchUp.compacted(1, 20, 25, now);
        roles.peers.said();
        roles.chosenUpTo(25);

        catchUp.jumped(now);

        assertThat(roles.peers.said()).containsExactly("2: Fetch 26..40");
    }

    @Test
    void believesWhatCameOverWhatWasSaid() {
        catchUp.servedBy(1, 40);
        catchUp.compacted(1, 20, 25, now);
        roles.peers.said();
        roles.chosenUpTo(5);

        catchUp.served(1, 5, now);

        assertThat(roles.peers.said()).containsExactly("2: Fetch 6..40");
    }

    @Test
    void looksElsewhereAtOnceWhenACandidateNamesALogThatBeginsLater() {
        catchUp.compacted(1, 20, 25, now);
        catchUp.compacted(2, 20, 25, now);
        snapshots.asked();
        roles.peers.said();

        catchUp.fetchFrom(1, 30, now);

        assertThat(roles.peers.said()).isEmpty();
        assertThat(snapshots.asked()).containsExactly("wanted from 3 above 0");
    }

    @Test
    void worksWithTicksBelowZero() {
        CatchUp early =
                new CatchUp(
                        roles.config.self(),
                        roles.peers,
                        snapshots,
                        roles.learner,
                        roles.acceptor,
                        roles.memberships,
                        roles.room,
                        PATIENCE);
        early.servedBy(1, 5);

        early.onTick(-100_000);

        assertThat(roles.peers.said()).containsExactly("2: Fetch 1..5");
    }
}
