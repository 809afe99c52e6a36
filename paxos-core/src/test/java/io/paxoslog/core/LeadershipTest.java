package io.paxoslog.core;

import static io.paxoslog.core.Roles.B1;
import static io.paxoslog.core.Roles.B2;
import static io.paxoslog.core.Roles.B3;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a leader proposes, and when slots are chosen. */
class LeadershipTest {
    private static final long BALLOT = SteppedLeader.BALLOT;
    private static final int OPEN_SLOT_LIMIT = 100;

    private final SteppedLeader leader = new SteppedLeader();
    private final Roles roles = leader.roles();
    private final PromiseTally promises = leader.promises();
    private final Leadership leadership = leader.leadership();

    @Test
    void proposesGenesisAloneUntilItIsChosen() {
        leader.begin();

        assertThat(leader.propose("a")).isFalse();

        assertThat(leader.accepts()).containsExactly("all: Accept b=9.1 slot=1 members floor=1");
        assertThat(leadership.takesCommands()).isFalse();
    }

    @Test
    void takesCommandsOnceEverybodyHasAcceptedGenesis() {
        leader.begin();
        roles.openSlots.put(Batches.membership(BALLOT, roles.genesis()));
        leadership.accepted(0, 1, 0);
        leadership.accepted(1, 1, 0);
        assertThat(leadership.takesCommands()).isFalse();

        leadership.accepted(2, 1, 0);

        assertThat(roles.memberships.current().clusterId()).isEqualTo(77);
        assertThat(leader.propose("a")).isTrue();
    }

    @Test
    void recordsInGenesisTheIdentitiesThatPromised() {
        List<Batch> proposed = new ArrayList<>();
        Leadership recorded = leader.speakingTo(new AcceptsOnly(proposed));
        for (int i = 0; i < SteppedLeader.MEMBERS; i++) {
            promises.promise(i, MemberId.of(i + 1, 500 + i), 0, 0, 0);
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

        leader.begin();

        assertThat(leader.accepts()).containsExactly("all: Accept b=9.1 slot=1 members floor=1");
        assertThat(leadership.lastSlot()).isEqualTo(1);
    }

    @Test
    void doesNotProposeWhatWasReportedBehindGenesisBeforeThatIsChosen() {
        promises.promisedSlots(1, Batches.membership(B2, roles.genesis()));
        promises.promisedSlots(1, Batches.commands(B2, 2, "b"));
        leader.begin();
        assertThat(leadership.lastSlot()).isEqualTo(1);

        roles.openSlots.put(Batches.membership(BALLOT, roles.genesis()));
        for (int i = 0; i < SteppedLeader.MEMBERS; i++) {
            leadership.accepted(i, 1, 0);
        }

        assertThat(leader.accepts()).last().isEqualTo("all: Accept b=9.1 slot=2 b floor=2");
    }

    @Test
    void givesSlotsInOrderAndCarriesItsFloor() {
        leader.lead();

        leader.propose("a", "b");
        leader.choose("a", "b");
        leader.propose("c");

        assertThat(leader.accepts())
                .containsExactly(
                        "all: Accept b=9.1 slot=2 a,b floor=2",
                        "all: Accept b=9.1 slot=4 c floor=4");
    }

    @Test
    void isTheOriginOfItsOwnProposals() {
        List<Batch> proposed = new ArrayList<>();
        Leadership recorded = recordedLeader(proposed);
        UnsafeBuffer entries = Batches.entries("a");

        recorded.propose(1, entries, 0, entries.capacity());

        assertThat(proposed.get(0).originBallot()).isEqualTo(BALLOT);
        assertThat(proposed.get(0).timestamp()).isEqualTo(SteppedLeader.WALL_CLOCK_NS);
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
        Leadership recorded = leader.speakingTo(new AcceptsOnly(proposed));
        roles.learner.chosen(Batches.membership(Ballot.NONE, roles.genesis()));
        recorded.begin(BALLOT, promises, 0);
        return recorded;
    }

    @Test
    void fillsGapsBetweenReportedSlotsWithNoOps() {
        promises.promisedSlots(1, Batches.commands(B2, 4, "d"));
        promises.promisedSlots(2, Batches.commands(B3, 6, "f"));

        leader.lead();

        assertThat(leader.accepts())
                .containsExactly(
                        "all: Accept b=9.1 slot=2 no-op x2 floor=2",
                        "all: Accept b=9.1 slot=4 d floor=2",
                        "all: Accept b=9.1 slot=5 no-op x1 floor=2",
                        "all: Accept b=9.1 slot=6 f floor=2");
        assertThat(leader.propose("g")).isTrue();
    }

    @Test
    void proposesNothingAgainAtOrBelowItsCommitIndex() {
        promises.promisedSlots(1, Batches.commands(B2, 1, "a", "b", "c", "d"));
        roles.learner.chosen(Batches.membership(Ballot.NONE, roles.genesis()));
        roles.chosenUpTo(3);

        leader.begin();

        assertThat(leader.accepts()).containsExactly("all: Accept b=9.1 slot=4 d floor=4");
    }

    @Test
    void proposesReportedSlotsOnlyAsFarAsTheWindowReaches() {
        promises.promisedSlots(1, Batches.commands(B2, 100, "x", "y", "z"));
        promises.promisedSlots(1, Batches.noOps(B2, 2, 98));
        leader.lead();

        // 100 slots may be open above commit index 1.
        assertThat(leader.accepts())
                .containsExactly(
                        "all: Accept b=9.1 slot=2 no-op x98 floor=2",
                        "all: Accept b=9.1 slot=100 x,y floor=2");
        assertThat(leadership.takesCommands()).isFalse();

        roles.openSlots.put(Batches.noOps(BALLOT, 2, 98));
        leadership.accepted(0, 99, 0);
        leadership.accepted(1, 99, 0);

        assertThat(leader.accepts()).containsExactly("all: Accept b=9.1 slot=102 z floor=100");
        assertThat(leadership.takesCommands()).isTrue();
    }

    @Test
    void cutsAGapAtTheWindowToo() {
        promises.promisedSlots(1, Batches.commands(B2, 500, "x"));

        leader.lead();

        assertThat(leader.accepts()).containsExactly("all: Accept b=9.1 slot=2 no-op x100 floor=2");
    }

    @Test
    void takesSlotsUpToTheWindowAndNoMore() {
        leader.lead();
        String[] commands = new String[OPEN_SLOT_LIMIT - 1];
        Arrays.fill(commands, "c");
        leader.propose(commands);

        assertThat(leader.propose("two", "more")).isFalse();
        assertThat(leader.propose("last")).isTrue();
        assertThat(leader.propose("one more")).isFalse();

        assertThat(leadership.lastSlot()).isEqualTo(OPEN_SLOT_LIMIT + 1);
    }

    @Test
    void takesBytesUpToTheLimitAndNoMore() {
        leader.lead();
        int limit = roles.config.openBytesLimit();
        int overhead = Batch.ENTRY_PREFIX_BYTES;

        assertThat(leader.propose("x".repeat(limit / 2 - overhead))).isTrue();
        assertThat(leader.propose("x".repeat(limit / 2 - overhead + 1))).isFalse();
        assertThat(leader.propose("x".repeat(limit / 2 - overhead))).isTrue();
        assertThat(leader.propose("")).isFalse();
    }

    @Test
    void takesOneBatchOfAnySizeWhenNothingIsOpen() {
        leader.lead();

        assertThat(leader.propose("x".repeat(roles.config.openBytesLimit() + 1))).isTrue();
        assertThat(leader.propose("y")).isFalse();
    }

    @Test
    void takesBytesAgainOnceTheyAreChosen() {
        leader.lead();
        String half = "x".repeat(roles.config.openBytesLimit() / 2 + 1);
        leader.propose(half);
        assertThat(leader.propose(half)).isFalse();

        leader.choose(half);

        assertThat(leader.propose(half)).isTrue();
    }

    @Test
    void choosesWhatAQuorumHasAcceptedAndItselfHolds() {
        leader.lead();
        leader.propose("a", "b");
        roles.openSlots.put(Batches.commands(BALLOT, 2, "a", "b"));

        leadership.accepted(1, 3, 0);
        assertThat(roles.learner.commitIndex()).isEqualTo(1);
        leadership.accepted(2, 2, 0);

        assertThat(roles.committed).containsExactly("1:members", "2:a");
    }

    @Test
    void waitsUntilItHoldsItselfWhatOthersHaveAccepted() {
        leader.lead();
        leader.propose("a");
        leadership.accepted(1, 2, 0);
        leadership.accepted(2, 2, 0);
        assertThat(roles.learner.commitIndex()).isEqualTo(1);

        roles.openSlots.put(Batches.commands(BALLOT, 2, "a"));
        leadership.commit(0);

        assertThat(roles.learner.commitIndex()).isEqualTo(2);
    }

    @Test
    void doesNotCountVotesBeyondWhatItHasProposed() {
        leader.lead();
        leadership.accepted(0, 9, 0);
        leadership.accepted(1, 9, 0);

        leader.propose("a");
        roles.openSlots.put(Batches.commands(BALLOT, 2, "a"));
        leadership.commit(0);

        assertThat(roles.learner.commitIndex()).isEqualTo(1);
    }

    @Test
    void startsWithoutTheVotesOfItsLastBallot() {
        leader.lead();
        leader.propose("a");
        leadership.accepted(1, 2, 0);

        leadership.begin(Ballot.of(10, 1), promises, 0);
        leader.propose("b");
        roles.openSlots.put(Batches.commands(Ballot.of(10, 1), 2, "b"));
        leadership.accepted(0, 2, 0);

        assertThat(roles.learner.commitIndex()).isEqualTo(1);
    }

    @Test
    void takesNothingThatWouldPassTheLastSlotThereIs() {
        roles.learner.chosen(Batches.membership(Ballot.NONE, roles.genesis()));
        roles.learner.recoverCommitted(Ballot.NONE, Batch.MAX_SLOT - 3);
        leader.begin();

        assertThat(leader.propose("a", "b", "c")).isFalse();
        assertThat(leader.propose("a", "b")).isTrue();
        assertThat(leader.propose("c")).isFalse();

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
