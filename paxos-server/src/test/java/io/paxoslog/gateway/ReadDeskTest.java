package io.paxoslog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.client.ReadKind;
import io.paxoslog.service.SessionLimits;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads at a node: what each kind waits for, what it is refused for, and what is never held. */
class ReadDeskTest {
    private static final GatewayConfig CONFIG =
            new GatewayConfig(4, 1000, 4000, 16, 4096, 10_000, 5, 400);
    private static final int TIMEOUT_MS = 100;
    private static final int IMAGE = 3;

    private final Desk desk = new Desk(CONFIG, new SessionLimits(5, 100, 200, 10_000));
    private FakeLink link;

    @BeforeEach
    void hello() {
        desk.tick(1);
        link = desk.hello(IMAGE);
    }

    private boolean read(ReadKind kind, long slot, long firstRead, String... texts) {
        return desk.hear(IMAGE, desk.frames().reads(kind, slot, TIMEOUT_MS, firstRead, texts));
    }

    private List<String> said() {
        desk.speak();
        return link.takeSaid();
    }

    /** Chooses a command of a session of another client. */
    private void chooseCommand() {
        desk.chooseForeign(1, 1);
    }

    @Test
    void aStaleReadIsAnsweredAtOnceOnAnyNode() {
        desk.isLeading = false;
        said();
        read(ReadKind.STALE, 0, 7, "a", "b");
        assertThat(said()).containsExactly("read 7 ANSWERED at 1 a", "read 8 ANSWERED at 1 b");
        assertThat(link.links).containsOnly(1000L + IMAGE);
        assertThat(desk.clients.reads().held()).isZero();
    }

    @Test
    void aReadOfASlotWaitsUntilThatIsApplied() {
        read(ReadKind.AT_LEAST, 2, 7, "a");
        assertThat(said()).isEmpty();
        chooseCommand();
        assertThat(said()).containsExactly("read 7 ANSWERED at 2 a");
    }

    @Test
    void readsThatWaitDoNotHoldUpOthers() {
        read(ReadKind.AT_LEAST, 9, 7, "a");
        read(ReadKind.STALE, 0, 8, "b");
        assertThat(said()).containsExactly("read 8 ANSWERED at 1 b");
        assertThat(desk.clients.reads().held()).isEqualTo(1);
    }

    @Test
    void whatIsNotAppliedInTimeIsGivenUpWithTheReason() {
        read(ReadKind.AT_LEAST, 9, 7, "a");
        desk.tick(1 + TIMEOUT_MS - 1);
        assertThat(said()).isEmpty();
        desk.tick(1 + TIMEOUT_MS);
        assertThat(said())
                .containsExactly("read 7 NOT_IN_TIME slot 9 is not applied on this node yet, 1 is");
        assertThat(desk.clients.reads().held()).isZero();
        for (int i = 0; i < 9; i++) {
            chooseCommand();
        }
        assertThat(said()).isEmpty();
        assertThat(desk.queries).isZero();
    }

    @Test
    void whoWaitsForTheStateMachineIsToldInTimeAndOnlyOnce() {
        desk.applies(false);
        read(ReadKind.STALE, 0, 7, "a");
        assertThat(said()).isEmpty();
        assertThat(desk.clients.reads().describe(1))
                .isEqualTo("read 7 of the client at 127.0.0.1:4000 (1 bytes: a)");
        desk.tick(1 + TIMEOUT_MS);
        assertThat(said()).containsExactly("read 7 NOT_IN_TIME the state machine is busy");
        assertThat(desk.clients.reads().held()).isEqualTo(1);
        desk.applies(true);
        assertThat(said()).isEmpty();
        assertThat(desk.clients.reads().held()).isZero();
    }

    @Test
    void asManyAsMayAreHeldAndOneMoreIsRefused() {
        read(ReadKind.AT_LEAST, 9, 1, "a", "b", "c", "d", "e");
        assertThat(said()).isEmpty();
        read(ReadKind.STALE, 0, 6, "f");
        assertThat(said()).containsExactly("read 6 FULL this node holds 5 reads");
        desk.tick(1 + TIMEOUT_MS);
        said();
        read(ReadKind.STALE, 0, 7, "g");
        assertThat(said()).containsExactly("read 7 ANSWERED at 1 g");
    }

    @Test
    void asManyBytesAsMayAreHeldAndOneMoreIsRefused() {
        String text = "x".repeat(400 - 12);
        read(ReadKind.AT_LEAST, 9, 1, text);
        assertThat(said()).isEmpty();
        desk.tick(1 + TIMEOUT_MS);
        said();
        read(ReadKind.STALE, 0, 2, text + "x");
        assertThat(said()).containsExactly("read 2 FULL this node holds 0 reads");
    }

    @Test
    void aQueryThatIsTooLargeIsRefused() {
        read(ReadKind.STALE, 0, 1, "x".repeat(1001));
        assertThat(said()).containsExactly("read 1 TOO_LARGE");
    }

    @Test
    void aReadForAnotherClusterIsNotAnswered() {
        desk.hear(IMAGE, desk.frames().reads(ReadKind.STALE, 8, 0, TIMEOUT_MS, 1, "a"));
        desk.hear(IMAGE, desk.frames().reads(ReadKind.STALE, 9, 0, TIMEOUT_MS, 2, "a"));
        assertThat(said())
                .containsExactly(
                        "read 1 NOT_OFFERED this node is of another cluster",
                        "read 2 ANSWERED at 1 a");
    }

    @Test
    void aReadOfTheLeaderIsSentToTheLeader() {
        desk.isLeading = false;
        desk.leader = 2;
        said();
        for (ReadKind kind : List.of(ReadKind.LOG, ReadKind.READ_INDEX, ReadKind.LEASE)) {
            read(kind, 0, 1, "a");
            assertThat(said())
                    .containsExactlyInAnyOrder("read 1 NOT_LEADER", "redirect 2 10.0.0.2:9000");
        }
        assertThat(desk.askedLeader).isEmpty();
    }

    @Test
    void aReadIndexIsAnsweredOnceTheCoreHasConfirmedItAndThatIsApplied() {
        read(ReadKind.READ_INDEX, 0, 1, "a");
        read(ReadKind.FOLLOWER, 0, 2, "b");
        read(ReadKind.READ_INDEX, 0, 3, "c");
        assertThat(said()).isEmpty();
        assertThat(desk.askedLeader).containsExactly(1L, 2L, 3L);
        desk.clients.reads().indexed(2, 2);
        assertThat(said()).isEmpty();
        chooseCommand();
        assertThat(said()).containsExactly("read 1 ANSWERED at 2 a", "read 2 ANSWERED at 2 b");
        desk.clients.reads().indexed(3, 2);
        assertThat(said()).containsExactly("read 3 ANSWERED at 2 c");
    }

    @Test
    void aReadUnderALeaseAsksNobody() {
        read(ReadKind.LEASE, 0, 1, "a", "b");
        assertThat(desk.askedLeader).isEmpty();
        desk.clients.reads().indexedByLease(desk.askedLease.get(0), 1);
        assertThat(said()).containsExactly("read 1 ANSWERED at 1 a", "read 2 ANSWERED at 1 b");
    }

    @Test
    void aLeaseThatRanOutWhileItWasReadGivesNoAnswer() {
        read(ReadKind.LEASE, 0, 1, "a", "b");
        desk.clients.reads().indexedByLease(desk.askedLease.get(0), 1);
        desk.holdsLease = false;
        assertThat(said())
                .containsExactly(
                        "read 1 NOT_IN_TIME the lease ran out while it was answered",
                        "read 2 NOT_IN_TIME the lease ran out while it was answered");
        assertThat(desk.clients.reads().held()).isZero();
    }

    @Test
    void theLeaseOfALaterBallotIsNotTheOneUnderWhichItCame() {
        read(ReadKind.LEASE, 0, 1, "a");
        desk.clients.reads().indexedByLease(desk.askedLease.get(0), 1);
        desk.round++;
        assertThat(said()).contains("read 1 NOT_IN_TIME the lease ran out while it was answered");
    }

    @Test
    void whereNoLeaseIsHeldItIsConfirmedAsAnyOther() {
        desk.holdsLease = false;
        read(ReadKind.LEASE, 0, 1, "a");
        assertThat(desk.askedLease).isEmpty();
        desk.clients.reads().indexed(desk.askedLeader.get(0), 1);
        assertThat(said()).containsExactly("read 1 ANSWERED at 1 a");
    }

    @Test
    void whereLeasesAreOffItSaysWhichSettingTurnsThemOn() {
        desk.offersLeases = false;
        read(ReadKind.LEASE, 0, 1, "a");
        assertThat(said())
                .containsExactly(
                        "read 1 NOT_OFFERED leases are off on this node: its lease-ms is 0");
    }

    @Test
    void aReadUnderALeaseGoesElsewhereWithTheLeader() {
        read(ReadKind.LEASE, 0, 1, "a");
        desk.isLeading = false;
        desk.leader = 2;
        assertThat(said()).contains("read 1 NOT_LEADER");
    }

    /** One kind's confirmation says nothing about another's. */
    @Test
    void aQuorumReadIsAnsweredOnceAQuorumHasConfirmedIt() {
        read(ReadKind.READ_INDEX, 0, 1, "a");
        read(ReadKind.QUORUM, 0, 2, "b");
        long quorum = desk.askedQuorum.get(0);
        desk.clients.reads().indexed(quorum - 1, 1);
        assertThat(said()).containsExactly("read 1 ANSWERED at 1 a");
        desk.clients.reads().indexedByQuorum(quorum, 1);
        assertThat(said()).containsExactly("read 2 ANSWERED at 1 b");
    }

    @Test
    void aSlotThatIsAskedForHoldsInEveryMode() {
        read(ReadKind.READ_INDEX, 3, 1, "a");
        desk.clients.reads().indexed(1, 1);
        chooseCommand();
        assertThat(said()).isEmpty();
        chooseCommand();
        assertThat(said()).containsExactly("read 1 ANSWERED at 3 a");
    }

    @Test
    void readsOfWhoLeadsNoMoreGoElsewhereAndThoseOfAnyNodeWait() {
        read(ReadKind.READ_INDEX, 0, 1, "a");
        read(ReadKind.FOLLOWER, 0, 2, "b");
        read(ReadKind.QUORUM, 0, 3, "c");
        read(ReadKind.LOG, 0, 4, "d");
        said();
        desk.isLeading = false;
        desk.leader = 2;
        assertThat(said()).contains("read 1 NOT_LEADER").doesNotContain("read 2 NOT_LEADER");
        assertThat(desk.clients.reads().held()).isEqualTo(2);
        desk.clients.reads().indexed(2, 1);
        assertThat(said()).containsExactly("read 2 ANSWERED at 1 b");
    }

    @Test
    void aReadThroughTheLogIsAnsweredAtItsSlot() {
        said();
        assertThat(read(ReadKind.LOG, 0, 1, "a", "b")).isTrue();
        assertThat(said()).isEmpty();
        desk.choose();
        chooseCommand();
        assertThat(said()).containsExactly("read 1 ANSWERED at 2 a", "read 2 ANSWERED at 3 b");
        assertThat(desk.clients.reads().held()).isZero();
    }

    @Test
    void aReadThroughTheLogWaitsWhileTheReplicaTakesNothing() {
        said();
        desk.beFull(true);
        assertThat(read(ReadKind.LOG, 0, 1, "a")).isFalse();
        assertThat(read(ReadKind.STALE, 0, 2, "b")).isTrue();
        assertThat(said()).containsExactly("read 2 ANSWERED at 1 b");
        desk.beFull(false);
        assertThat(read(ReadKind.LOG, 0, 1, "a")).isTrue();
    }

    /** By then its client asks the next leader. */
    @Test
    void aReadThroughTheLogThatIsChosenTooLateIsNotAnsweredTwice() {
        said();
        read(ReadKind.LOG, 0, 1, "a");
        desk.tick(1 + TIMEOUT_MS);
        assertThat(said())
                .containsExactly("read 1 NOT_IN_TIME its slot is not chosen, or not applied here");
        desk.choose();
        assertThat(said()).isEmpty();
        assertThat(desk.clients.reads().held()).isZero();
    }

    @Test
    void nothingIsLookedForThatItsClientHasNoRoomToHear() {
        link.room = 0;
        read(ReadKind.STALE, 0, 1, "a");
        said();
        assertThat(desk.queries).isZero();
        link.room = Integer.MAX_VALUE;
        assertThat(said()).containsExactly("read 1 ANSWERED at 1 a");
    }

    @Test
    void anAnswerThatALinkDoesNotTakeIsSaidLater() {
        link.fragmentBytes = 60;
        link.room = 1;
        read(ReadKind.STALE, 0, 1, "a", "b", "c");
        said();
        assertThat(link.room).isZero();
        link.room = Integer.MAX_VALUE;
        link.said.clear();
        assertThat(said())
                .containsExactlyInAnyOrder("read 2 ANSWERED at 1 b", "read 3 ANSWERED at 1 c");
    }

    /** 400 bytes wait; what is beyond is asked for again by its client. */
    @Test
    void answersThatWaitAreBounded() {
        link.fragmentBytes = 60;
        link.room = 1;
        read(ReadKind.STALE, 0, 1, "x".repeat(150), "y".repeat(150));
        said();
        desk.tick(2);
        assertThat(desk.clients.reads().held()).isZero();
        link.room = 0;
        read(ReadKind.STALE, 0, 3, "z");
        link.room = Integer.MAX_VALUE;
        assertThat(said()).hasSize(2);
    }

    @Test
    void whatAClientThatIsGoneHasAskedIsNotHeldForLong() {
        read(ReadKind.AT_LEAST, 9, 1, "a");
        read(ReadKind.READ_INDEX, 0, 2, "b");
        desk.clients.links().imageLost(IMAGE);
        desk.clients.reads().indexed(1, 1);
        desk.speak();
        desk.tick(1 + TIMEOUT_MS);
        desk.speak();
        assertThat(desk.clients.reads().held()).isZero();
        assertThat(desk.queries).isZero();
    }

    /** Applies a command that does something. */
    private void applyCommand() {
        long session = desk.chooseSessionOfOld(7);
        desk.chooseForeign(session, 1);
    }

    @Test
    void whatWaitsForNewsIsAnsweredOutOfOrderOnceThereIsSome() {
        read(ReadKind.STALE, 0, 1, "W", "a");
        read(ReadKind.STALE, 0, 3, "b");
        assertThat(said()).containsExactly("read 2 ANSWERED at 1 a", "read 3 ANSWERED at 1 b");
        assertThat(desk.clients.reads().held()).isEqualTo(2);
        assertThat(desk.clients.reads().awaitsAnswers()).isTrue();
        applyCommand();
        assertThat(said()).containsExactly("read 1 ANSWERED at 3 W");
        assertThat(desk.clients.reads().held()).isZero();
        assertThat(desk.clients.reads().awaitsAnswers()).isFalse();
    }

    @Test
    void whatWaitsForNewsIsAnsweredWithWhatThereIsWhenItsTimeIsOver() {
        read(ReadKind.READ_INDEX, 0, 1, "W");
        desk.clients.reads().indexed(1, 1);
        read(ReadKind.STALE, 0, 2, "W");
        assertThat(said()).isEmpty();
        desk.tick(1 + TIMEOUT_MS - 1);
        assertThat(said()).isEmpty();
        desk.tick(1 + TIMEOUT_MS);
        assertThat(said())
                .containsExactlyInAnyOrder("read 1 ANSWERED at 1 W", "read 2 ANSWERED at 1 W");
        assertThat(desk.clients.reads().held()).isZero();
        desk.tick(1 + 2 * TIMEOUT_MS);
        applyCommand();
        assertThat(said()).isEmpty();
    }

    @Test
    void atMostHalfOfTheReadsThatMayBeHeldWait() {
        read(ReadKind.STALE, 0, 1, "W");
        read(ReadKind.STALE, 0, 2, "W");
        assertThat(said()).isEmpty();
        read(ReadKind.STALE, 0, 3, "W");
        assertThat(said()).containsExactly("read 3 ANSWERED at 1 W");
        applyCommand();
        assertThat(said()).hasSize(2);
        read(ReadKind.STALE, 0, 4, "W");
        assertThat(said()).isEmpty();
    }

    @Test
    void aReadUnderALeaseDoesNotWaitForNews() {
        read(ReadKind.LEASE, 0, 1, "W");
        desk.clients.reads().indexedByLease(desk.askedLease.get(0), 1);
        assertThat(said()).containsExactly("read 1 ANSWERED at 1 W");
    }

    @Test
    void whatAClientThatIsGoneWaitsForIsNotHeldForLong() {
        read(ReadKind.STALE, 0, 1, "W");
        assertThat(said()).isEmpty();
        desk.clients.links().imageLost(IMAGE);
        desk.tick(1 + TIMEOUT_MS);
        desk.speak();
        assertThat(desk.clients.reads().held()).isZero();
    }

    @Test
    void readsAreNoCommands() {
        read(ReadKind.STALE, 0, 1, "a");
        read(ReadKind.READ_INDEX, 0, 2, "b");
        read(ReadKind.QUORUM, 0, 3, "c");
        read(ReadKind.FOLLOWER, 0, 4, "d");
        assertThat(desk.heardCommands()).isZero();
    }
}
