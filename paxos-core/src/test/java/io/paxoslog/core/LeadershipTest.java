package io.paxoslog.core;

import static io.paxoslog.core.Roles.B1;
import static io.paxoslog.core.Roles.B2;
import static io.paxoslog.core.Roles.B3;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a leader proposes, when slots are chosen, and whether it keeps in touch. */
class LeadershipTest {
    private static final long BALLOT = Ballot.of(9, 1);
    private static final int TIMEOUT = 300;
    private static final int MEMBERS = 3;
    private static final int OPEN_SLOT_LIMIT = 100;

    private final Roles roles = new Roles();
    private final PromiseTally promises = new PromiseTally();
    private final Leadership leadership =
            new Leadership(
                    roles.config,
                    roles.peers,
                    roles.learner,
                    roles.openSlots,
                    roles.memberships,
                    TIMEOUT);

    LeadershipTest() {
        promises.begin(1);
    }

    /** Genesis is chosen, and this node leads. */
    private void lead() {
        roles.learner.chosen(Batches.membership(Ballot.NONE, roles.genesis()));
        begin();
    }

    private void begin() {
        for (int i = 0; i < MEMBERS; i++) {
            promises.promise(i, MemberId.of(i + 1, 101 + i), 0, 0);
        }
        leadership.begin(BALLOT, promises, 0);
    }

    private boolean propose(String... commands) {
        UnsafeBuffer entries = Batches.entries(commands);
        return leadership.propose(5, commands.length, entries, 0, entries.capacity());
    }

    /** This node and another hold and accept all that was proposed. */
    private void choose(String... words) {
        roles.openSlots.put(
                Batches.commands(BALLOT, leadership.lastSlot() - words.length + 1, words));
        leadership.accepted(0, leadership.lastSlot(), 0);
        leadership.accepted(1, leadership.lastSlot(), 0);
    }

    private List<String> accepts() {
        return roles.peers.said().stream().filter(line -> line.contains(" Accept ")).toList();
    }

    @Test
    void proposesGenesisAloneUntilItIsChosen() {
        begin();

        assertThat(propose("a")).isFalse();

        assertThat(accepts()).containsExactly("all: Accept b=9.1 slot=1 members floor=1");
        assertThat(leadership.takesCommands()).isFalse();
    }

    @Test
    void takesCommandsOnceEverybodyHasAcceptedGenesis() {
        begin();
        roles.openSlots.put(Batches.membership(BALLOT, roles.genesis()));
        leadership.accepted(0, 1, 0);
        leadership.accepted(1, 1, 0);
        assertThat(leadership.takesCommands()).isFalse();

        leadership.accepted(2, 1, 0);

        assertThat(roles.memberships.current().clusterId()).isEqualTo(77);
        assertThat(propose("a")).isTrue();
    }

    @Test
    void recordsInGenesisTheIdentitiesThatPromised() {
        List<Batch> proposed = new ArrayList<>();
        Leadership recorded =
                new Leadership(
                        roles.config,
                        new AcceptsOnly(proposed),
                        roles.learner,
                        roles.openSlots,
                        roles.memberships,
                        TIMEOUT);
        for (int i = 0; i < MEMBERS; i++) {
            promises.promise(i, MemberId.of(i + 1, 500 + i), 0, 0);
        }

        recorded.begin(BALLOT, promises, 0);

        Batch genesis = proposed.get(0);
        Membership membership =
                Membership.decode(
                        genesis.buffer(), Batch.ENTRY_PREFIX_BYTES, genesis.entryLength(0));
        assertThat(membership.member(2)).isEqualTo(MemberId.of(3, 502));
        assertThat(membership.prepareQuorum().size()).isEqualTo(2);
    }

    @Test
    void proposesAnOlderGenesisAgainInsteadOfItsOwn() {
        promises.promisedSlots(1, Batches.membership(B2, roles.genesis()));

        begin();

        assertThat(accepts()).containsExactly("all: Accept b=9.1 slot=1 members floor=1");
        assertThat(leadership.lastSlot()).isEqualTo(1);
    }

    @Test
    void doesNotProposeWhatWasReportedBehindGenesisBeforeThatIsChosen() {
        promises.promisedSlots(1, Batches.membership(B2, roles.genesis()));
        promises.promisedSlots(1, Batches.commands(B2, 2, "b"));
        begin();
        assertThat(leadership.lastSlot()).isEqualTo(1);

        roles.openSlots.put(Batches.membership(BALLOT, roles.genesis()));
        for (int i = 0; i < MEMBERS; i++) {
            leadership.accepted(i, 1, 0);
        }

        assertThat(accepts()).last().isEqualTo("all: Accept b=9.1 slot=2 b floor=2");
    }

    @Test
    void givesSlotsInOrderAndCarriesItsFloor() {
        lead();

        propose("a", "b");
        choose("a", "b");
        propose("c");

        assertThat(accepts())
                .containsExactly(
                        "all: Accept b=9.1 slot=2 a,b floor=2",
                        "all: Accept b=9.1 slot=4 c floor=4");
    }

    @Test
    void isTheOriginOfItsOwnProposals() {
        List<Batch> proposed = new ArrayList<>();
        Leadership recorded = recordedLeader(proposed);
        UnsafeBuffer entries = Batches.entries("a");

        recorded.propose(1234, 1, entries, 0, entries.capacity());

        assertThat(proposed.get(0).originBallot()).isEqualTo(BALLOT);
        assertThat(proposed.get(0).timestamp()).isEqualTo(1234);
    }

    @Test
    void keepsOriginAndTimestampOfWhatWasReported() {
        promises.promisedSlots(1, Batches.commandsOf(B1, 42, B3, 2, "a", "b"));
        List<Batch> proposed = new ArrayList<>();

        recordedLeader(proposed);

        assertThat(proposed).hasSize(1);
        assertThat(proposed.get(0).ballot()).isEqualTo(BALLOT);
        assertThat(proposed.get(0).originBallot()).isEqualTo(B1);
        assertThat(proposed.get(0).timestamp()).isEqualTo(42);
        assertThat(Batches.words(proposed.get(0))).containsExactly("a", "b");
    }

    @Test
    void splitsWhatWasReportedWhereOriginOrTimestampChanges() {
        promises.promisedSlots(1, Batches.commandsOf(B1, 42, B3, 2, "a"));
        promises.promisedSlots(1, Batches.commandsOf(B2, 42, B3, 3, "b"));
        promises.promisedSlots(1, Batches.commandsOf(B2, 43, B3, 4, "c"));
        List<Batch> proposed = new ArrayList<>();

        recordedLeader(proposed);

        assertThat(proposed).extracting(Batch::originBallot).containsExactly(B1, B2, B2);
        assertThat(proposed).extracting(Batch::timestamp).containsExactly(42L, 42L, 43L);
    }

    private Leadership recordedLeader(List<Batch> proposed) {
        Leadership recorded =
                new Leadership(
                        roles.config,
                        new AcceptsOnly(proposed),
                        roles.learner,
                        roles.openSlots,
                        roles.memberships,
                        TIMEOUT);
        roles.learner.chosen(Batches.membership(Ballot.NONE, roles.genesis()));
        recorded.begin(BALLOT, promises, 0);
        return recorded;
    }

    @Test
    void fillsGapsBetweenReportedSlotsWithNoOps() {
        promises.promisedSlots(1, Batches.commands(B2, 4, "d"));
        promises.promisedSlots(2, Batches.commands(B3, 6, "f"));

        lead();

        assertThat(accepts())
                .containsExactly(
                        "all: Accept b=9.1 slot=2 no-op x2 floor=2",
                        "all: Accept b=9.1 slot=4 d floor=2",
                        "all: Accept b=9.1 slot=5 no-op x1 floor=2",
                        "all: Accept b=9.1 slot=6 f floor=2");
        assertThat(propose("g")).isTrue();
    }

    @Test
    void proposesNothingAgainAtOrBelowItsCommitIndex() {
        promises.promisedSlots(1, Batches.commands(B2, 1, "a", "b", "c", "d"));
        roles.learner.chosen(Batches.membership(Ballot.NONE, roles.genesis()));
        roles.chosenUpTo(3);

        begin();

        assertThat(accepts()).containsExactly("all: Accept b=9.1 slot=4 d floor=4");
    }

    @Test
    void proposesReportedSlotsOnlyAsFarAsTheWindowReaches() {
        promises.promisedSlots(1, Batches.commands(B2, 100, "x", "y", "z"));
        promises.promisedSlots(1, Batches.noOps(B2, 2, 98));
        lead();

        // 100 slots may be open above commit index 1.
        assertThat(accepts())
                .containsExactly(
                        "all: Accept b=9.1 slot=2 no-op x98 floor=2",
                        "all: Accept b=9.1 slot=100 x,y floor=2");
        assertThat(leadership.takesCommands()).isFalse();

        roles.openSlots.put(Batches.noOps(BALLOT, 2, 98));
        leadership.accepted(0, 99, 0);
        leadership.accepted(1, 99, 0);

        assertThat(accepts()).containsExactly("all: Accept b=9.1 slot=102 z floor=100");
        assertThat(leadership.takesCommands()).isTrue();
    }

    @Test
    void cutsAGapAtTheWindowToo() {
        promises.promisedSlots(1, Batches.commands(B2, 500, "x"));

        lead();

        assertThat(accepts()).containsExactly("all: Accept b=9.1 slot=2 no-op x100 floor=2");
    }

    @Test
    void takesSlotsUpToTheWindowAndNoMore() {
        lead();
        String[] commands = new String[OPEN_SLOT_LIMIT - 1];
        java.util.Arrays.fill(commands, "c");
        propose(commands);

        assertThat(propose("two", "more")).isFalse();
        assertThat(propose("last")).isTrue();
        assertThat(propose("one more")).isFalse();

        assertThat(leadership.lastSlot()).isEqualTo(OPEN_SLOT_LIMIT + 1);
    }

    @Test
    void takesBytesUpToTheLimitAndNoMore() {
        lead();
        int limit = roles.config.openBytesLimit();
        int overhead = Batch.ENTRY_PREFIX_BYTES;

        assertThat(propose("x".repeat(limit / 2 - overhead))).isTrue();
        assertThat(propose("x".repeat(limit / 2 - overhead + 1))).isFalse();
        assertThat(propose("x".repeat(limit / 2 - overhead))).isTrue();
        assertThat(propose("")).isFalse();
    }

    @Test
    void takesOneBatchOfAnySizeWhenNothingIsOpen() {
        lead();

        assertThat(propose("x".repeat(roles.config.openBytesLimit() + 1))).isTrue();
        assertThat(propose("y")).isFalse();
    }

    @Test
    void takesBytesAgainOnceTheyAreChosen() {
        lead();
        String half = "x".repeat(roles.config.openBytesLimit() / 2 + 1);
        propose(half);
        assertThat(propose(half)).isFalse();

        choose(half);

        assertThat(propose(half)).isTrue();
    }

    @Test
    void choosesWhatAQuorumHasAcceptedAndItselfHolds() {
        lead();
        propose("a", "b");
        roles.openSlots.put(Batches.commands(BALLOT, 2, "a", "b"));

        leadership.accepted(1, 3, 0);
        assertThat(roles.learner.commitIndex()).isEqualTo(1);
        leadership.accepted(2, 2, 0);

        assertThat(roles.committed).containsExactly("1:members", "2:a");
    }

    @Test
    void waitsUntilItHoldsItselfWhatOthersHaveAccepted() {
        lead();
        propose("a");
        leadership.accepted(1, 2, 0);
        leadership.accepted(2, 2, 0);
        assertThat(roles.learner.commitIndex()).isEqualTo(1);

        roles.openSlots.put(Batches.commands(BALLOT, 2, "a"));
        leadership.commit(0);

        assertThat(roles.learner.commitIndex()).isEqualTo(2);
    }

    @Test
    void doesNotCountVotesBeyondWhatItHasProposed() {
        lead();
        leadership.accepted(0, 9, 0);
        leadership.accepted(1, 9, 0);

        propose("a");
        roles.openSlots.put(Batches.commands(BALLOT, 2, "a"));
        leadership.commit(0);

        assertThat(roles.learner.commitIndex()).isEqualTo(1);
    }

    @Test
    void startsWithoutTheVotesOfItsLastBallot() {
        lead();
        propose("a");
        leadership.accepted(1, 2, 0);

        leadership.begin(Ballot.of(10, 1), promises, 0);
        propose("b");
        roles.openSlots.put(Batches.commands(Ballot.of(10, 1), 2, "b"));
        leadership.accepted(0, 2, 0);

        assertThat(roles.learner.commitIndex()).isEqualTo(1);
    }

    @Test
    void sendsHeartbeatsAtTheirTime() {
        lead();
        roles.peers.said();

        leadership.onTick(49);
        assertThat(roles.peers.said()).isEmpty();

        leadership.onTick(50);
        assertThat(roles.peers.said())
                .containsExactly("all: Heartbeat b=9.1 floor=2 last=1 connected");
    }

    @Test
    void saysInHeartbeatsThatNoQuorumAnswers() {
        lead();
        roles.peers.said();

        leadership.onTick(TIMEOUT + 1);

        assertThat(roles.peers.said()).containsExactly("all: Heartbeat b=9.1 floor=2 last=1 alone");
    }

    @Test
    void isConnectedWhileAnAcceptQuorumAnswersWithinOneTimeout() {
        lead();

        leadership.heard(0, 100);
        leadership.heard(2, 100);

        assertThat(leadership.isConnected(TIMEOUT + 100)).isTrue();
        assertThat(leadership.isConnected(TIMEOUT + 101)).isFalse();
    }

    @Test
    void countsVotesAsAnswers() {
        lead();

        leadership.accepted(0, 0, 200);
        leadership.accepted(1, 0, 200);

        assertThat(leadership.isConnected(TIMEOUT + 200)).isTrue();
    }

    @Test
    void givesEverybodyOneTimeoutToAnswerANewLeader() {
        lead();

        assertThat(leadership.isConnected(TIMEOUT)).isTrue();
        assertThat(leadership.isConnected(TIMEOUT + 1)).isFalse();
    }

    @Test
    void isStuckWhenOpenSlotsMakeNoProgressForThreeTimeouts() {
        lead();
        propose("a");

        assertThat(leadership.isStuck(3 * TIMEOUT)).isFalse();
        assertThat(leadership.isStuck(3 * TIMEOUT + 1)).isTrue();
    }

    @Test
    void isNotStuckWhenNothingIsOpen() {
        lead();

        assertThat(leadership.isStuck(100 * TIMEOUT)).isFalse();
        propose("a");
        assertThat(leadership.isStuck(101 * TIMEOUT)).isFalse();
    }

    @Test
    void isNotStuckWhileSomethingIsChosen() {
        lead();
        propose("a");
        propose("b");
        roles.openSlots.put(Batches.commands(BALLOT, 2, "a"));
        leadership.accepted(0, 2, 2 * TIMEOUT);
        leadership.accepted(1, 2, 2 * TIMEOUT);

        assertThat(leadership.isStuck(5 * TIMEOUT)).isFalse();
        assertThat(leadership.isStuck(5 * TIMEOUT + 1)).isTrue();
    }

    @Test
    void sendsOpenSlotsAgainToWhoMissedThem() {
        lead();
        propose("a", "b");
        propose("c");
        roles.openSlots.put(Batches.commands(BALLOT, 2, "a", "b"));
        roles.openSlots.put(Batches.commands(BALLOT, 4, "c"));
        roles.peers.said();

        leadership.resend(3, 3, 9);

        assertThat(roles.peers.said())
                .containsExactly(
                        "3: Accept b=9.1 slot=3 b floor=2", "3: Accept b=9.1 slot=4 c floor=2");
    }

    @Test
    void doesNotSendAgainWhatItHoldsUnderAnotherBallot() {
        lead();
        roles.openSlots.put(Batches.commands(B2, 2, "old"));
        roles.peers.said();

        leadership.resend(3, 2, 9);

        assertThat(roles.peers.said()).isEmpty();
    }

    @Test
    void sendsAgainNoMoreThanWasAskedForAndNoMoreThanAStretch() {
        lead();
        String large = "x".repeat(100_000);
        for (int i = 0; i < 8; i++) {
            propose(large);
            roles.openSlots.put(Batches.commands(BALLOT, 2 + i, large));
        }
        roles.peers.said();

        leadership.resend(3, 2, 3);
        assertThat(roles.peers.said()).hasSize(2);

        leadership.resend(3, 2, 9);
        assertThat(roles.peers.said()).hasSize(3);
    }

    @Test
    void sendsNothingAgainForSlotsThatCannotBe() {
        lead();
        propose("a");
        roles.openSlots.put(Batches.commands(BALLOT, 2, "a"));
        roles.peers.said();

        leadership.resend(3, Long.MAX_VALUE, Long.MAX_VALUE);

        assertThat(roles.peers.said()).isEmpty();
    }

    @Test
    void takesNothingThatWouldPassTheLastSlotThereIs() {
        roles.learner.chosen(Batches.membership(Ballot.NONE, roles.genesis()));
        roles.learner.recoverCommitted(Ballot.NONE, Batch.MAX_SLOT - 3);
        begin();

        assertThat(propose("a", "b", "c")).isFalse();
        assertThat(propose("a", "b")).isTrue();
        assertThat(propose("c")).isFalse();

        assertThat(leadership.lastSlot()).isEqualTo(Batch.MAX_SLOT - 1);
    }

    /** Keeps the batches of Accepts said to all. */
    private record AcceptsOnly(List<Batch> batches) implements Peers {
        @Override
        public PeerMessages to(int node) {
            throw new AssertionError("nothing is said to one node");
        }

        @Override
        public PeerMessages toAll() {
            return new LetterWriter((text, content) -> content.accept(new AcceptKeeper(batches)));
        }
    }
}
