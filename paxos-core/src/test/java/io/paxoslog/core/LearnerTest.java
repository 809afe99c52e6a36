package io.paxoslog.core;

import static io.paxoslog.core.Roles.B1;
import static io.paxoslog.core.Roles.B2;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A commit index without gaps, from knowledge in any order. */
class LearnerTest {
    private final Roles roles = new Roles();
    private final Learner learner = roles.learner;

    @Test
    void takesFromAWatermarkWhatIsHeldUnderItsBallot() {
        roles.openSlots.put(Batches.commands(B1, 1, "a", "b", "c"));

        assertThat(learner.chosenUpTo(B1, 2)).isTrue();

        assertThat(roles.committed).containsExactly("1:a", "2:b");
        assertThat(roles.journal.lines()).containsExactly("committed 1.1 upTo=2");
    }

    @Test
    void takesTheRestOfABatchThatWasCutByAWatermark() {
        roles.openSlots.put(Batches.commands(B1, 1, "a", "b", "c"));
        learner.chosenUpTo(B1, 2);

        learner.chosenUpTo(B1, 3);

        assertThat(roles.committed).containsExactly("1:a", "2:b", "3:c");
        assertThat(roles.openSlots.size()).isZero();
    }

    @Test
    void leavesWhatIsHeldUnderAnotherBallot() {
        roles.openSlots.put(Batches.commands(B1, 1, "a"));

        assertThat(learner.chosenUpTo(B2, 1)).isFalse();

        assertThat(learner.commitIndex()).isZero();
        assertThat(roles.journal.lines()).isEmpty();
    }

    @Test
    void stopsAtASlotThatIsHeldUnderAnotherBallot() {
        roles.openSlots.put(Batches.commands(B2, 1, "a"));
        roles.openSlots.put(Batches.commands(B1, 2, "old"));
        roles.openSlots.put(Batches.commands(B2, 3, "c"));

        learner.chosenUpTo(B2, 3);

        assertThat(roles.committed).containsExactly("1:a");
    }

    @Test
    void stopsAtAHole() {
        roles.openSlots.put(Batches.commands(B1, 1, "a"));
        roles.openSlots.put(Batches.commands(B1, 3, "c"));

        learner.chosenUpTo(B1, 3);

        assertThat(roles.committed).containsExactly("1:a");
    }

    @Test
    void leavesWhatHasLostItsBytes() {
        Roles small = new Roles(256);
        small.openSlots.put(Batches.commands(B1, 1, "a"));
        small.openSlots.mayShedBelow(2);
        small.openSlots.put(Batches.commands(B1, 2, "b"));

        assertThat(small.learner.chosenUpTo(B1, 2)).isFalse();
    }

    @Test
    void writesOneCommitRecordForManyBatches() {
        roles.openSlots.put(Batches.commands(B1, 1, "a"));
        roles.openSlots.put(Batches.commands(B1, 2, "b"));
        roles.openSlots.put(Batches.commands(B1, 3, "c"));

        learner.chosenUpTo(B1, 3);

        assertThat(roles.journal.lines()).containsExactly("committed 1.1 upTo=3");
    }

    @Test
    void takesChosenValuesThatJoinTheCommitIndexAndLeavesTheirBallotOut() {
        assertThat(learner.chosen(Batches.commands(B2, 1, "a", "b"))).isTrue();

        assertThat(roles.committed).containsExactly("1:a", "2:b");
        assertThat(roles.journal.lines()).containsExactly("chosen b=none slot=1 a,b");
    }

    @Test
    void takesFromChosenValuesOnlyThePartAboveTheCommitIndex() {
        learner.chosen(Batches.commands(B1, 1, "a", "b"));

        learner.chosen(Batches.commands(B1, 1, "a", "b", "c"));

        assertThat(roles.committed).containsExactly("1:a", "2:b", "3:c");
        assertThat(roles.journal.lines()).endsWith("chosen b=none slot=3 c");
    }

    @Test
    void leavesChosenValuesBehindAGap() {
        assertThat(learner.chosen(Batches.commands(B1, 2, "b"))).isFalse();

        assertThat(roles.journal.lines()).isEmpty();
    }

    @Test
    void leavesChosenValuesItKnows() {
        learner.chosen(Batches.commands(B1, 1, "a"));

        assertThat(learner.chosen(Batches.commands(B1, 1, "a"))).isFalse();

        assertThat(roles.committed).containsExactly("1:a");
    }

    @Test
    void forgetsTheOpenValueThatAChosenOneReplaces() {
        roles.openSlots.put(Batches.commands(B1, 1, "mine"));

        learner.chosen(Batches.commands(B2, 1, "theirs"));

        assertThat(roles.committed).containsExactly("1:theirs");
        assertThat(roles.openSlots.size()).isZero();
    }

    @Test
    void adoptsAMembershipFromAWatermark() {
        roles.openSlots.put(Batches.membership(B1, roles.genesis()));

        learner.chosenUpTo(B1, 1);

        assertThat(roles.memberships.current().clusterId()).isEqualTo(77);
        assertThat(roles.journal.lines())
                .containsExactly("membership slot=1", "committed 1.1 upTo=1");
    }

    @Test
    void writesAMembershipDownBeforeTheValueThatCarriesItOver() {
        learner.chosen(Batches.membership(B1, roles.genesis()));

        assertThat(roles.memberships.isFounded()).isTrue();
        assertThat(roles.journal.lines())
                .containsExactly("membership slot=1", "chosen b=none slot=1 members");
    }

    @Test
    void writesDownWhatIsBelowAMembershipFirst() {
        Membership genesis = roles.genesis();
        learner.chosen(Batches.membership(B1, genesis));
        roles.journal.lines();
        Membership next = SuccessionTest.after(genesis, 1, 10, 1, 2);
        roles.openSlots.put(Batches.commands(B2, 2, "a"));
        roles.openSlots.put(Batches.membership(B2, 3, next));
        roles.openSlots.put(Batches.commands(B2, 4, "b"));

        learner.chosenUpTo(B2, 4);

        assertThat(roles.journal.lines())
                .endsWith("committed 2.2 upTo=2", "membership slot=3", "committed 2.2 upTo=4");
    }

    @Test
    void writesNoMembershipDownThatIsVoid() {
        Membership genesis = roles.genesis();
        learner.chosen(Batches.membership(B1, genesis));
        Membership next = SuccessionTest.after(genesis, 2, 10, 1, 2);

        learner.chosen(Batches.membership(B2, 2, next));

        assertThat(learner.commitIndex()).isEqualTo(2);
        assertThat(roles.journal.lines()).doesNotContain("membership slot=2");
        assertThat(roles.memberships.slot()).isEqualTo(1);
    }
}
