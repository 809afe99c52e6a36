package io.paxoslog.core;

import static io.paxoslog.core.Roles.B1;
import static io.paxoslog.core.Roles.B2;
import static io.paxoslog.core.Roles.B3;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who promised, and which values a new leader must keep. */
class PromiseTallyTest {
    private static final long MEMBER = MemberId.of(1, 101);
    private final PromiseTally tally = new PromiseTally();

    @BeforeEach
    void prepareFromTheFirstSlot() {
        tally.begin(1);
    }

    @Test
    void countsAPromiseWithoutSlotsAtOnce() {
        tally.promise(1, MEMBER, 0, 0, 0);

        assertThat(tally.promisedBy()).isEqualTo(0b10);
    }

    @Test
    void countsNobodyWhoOnlyReportedSlots() {
        tally.promisedSlots(1, Batches.commands(B1, 1, "a"));

        assertThat(tally.promisedBy()).isZero();
    }

    @Test
    void countsAPromiseOnlyWhenAllItsSlotsHaveCome() {
        tally.promise(0, MEMBER, 0, 3, 0);
        tally.promisedSlots(0, Batches.commands(B1, 1, "a", "b"));
        assertThat(tally.promisedBy()).isZero();

        tally.promisedSlots(0, Batches.commands(B1, 5, "e"));

        assertThat(tally.promisedBy()).isEqualTo(0b1);
    }

    @Test
    void countsASlotOnceThoughItCameTwice() {
        tally.promise(0, MEMBER, 0, 3, 0);

        tally.promisedSlots(0, Batches.commands(B1, 1, "a", "b"));
        tally.promisedSlots(0, Batches.commands(B1, 1, "a", "b"));

        assertThat(tally.promisedBy()).isZero();
    }

    @Test
    void doesNotCountTheSlotsOfAnotherMember() {
        tally.promise(0, MEMBER, 0, 1, 0);

        tally.promisedSlots(1, Batches.commands(B1, 1, "a"));

        assertThat(tally.promisedBy()).isZero();
    }

    @Test
    void doesNotCountSlotsAtOrBelowTheCommitIndexOfThePromise() {
        tally.promisedSlots(0, Batches.commands(B1, 1, "a", "b", "c"));

        tally.promise(0, MEMBER, 3, 2, 0);

        assertThat(tally.promisedBy()).isZero();
    }

    @Test
    void doesNotCountSlotsBelowTheOneThatPrepareNamed() {
        tally.begin(3);
        tally.promisedSlots(0, Batches.commands(B1, 1, "a", "b", "c"));

        tally.promise(0, MEMBER, 0, 2, 0);
        assertThat(tally.promisedBy()).isZero();

        tally.promise(0, MEMBER, 0, 1, 0);
        assertThat(tally.promisedBy()).isEqualTo(0b1);
    }

    @Test
    void countsAgainAPromiseSaidAgainWithAHigherCommitIndex() {
        tally.promise(0, MEMBER, 0, 3, 0);
        tally.promisedSlots(0, Batches.commands(B1, 3, "c"));

        tally.promise(0, MEMBER, 2, 1, 0);

        assertThat(tally.promisedBy()).isEqualTo(0b1);
        assertThat(tally.commitIndex(0)).isEqualTo(2);
    }

    @Test
    void keepsTheValueOfTheHighestBallot() {
        tally.promisedSlots(0, Batches.commands(B2, 1, "pear"));
        tally.promisedSlots(1, Batches.commands(B1, 1, "apple"));
        assertThat(reported()).containsExactly("b=2.2 slot=1 pear");

        tally.promisedSlots(2, Batches.commands(B3, 1, "plum"));
        assertThat(reported()).containsExactly("b=3.3 slot=1 plum");
    }

    @Test
    void keepsTheHighestBallotSlotBySlot() {
        tally.promisedSlots(0, Batches.commands(B2, 3, "c2", "d2"));

        tally.promisedSlots(1, Batches.commands(B1, 1, "a1", "b1", "c1", "d1", "e1"));
        tally.promisedSlots(2, Batches.commands(B3, 2, "b3", "c3"));

        assertThat(reported())
                .containsExactly(
                        "b=1.1 slot=1 a1",
                        "b=3.3 slot=2 b3,c3",
                        "b=2.2 slot=4 d2",
                        "b=1.1 slot=5 e1");
    }

    @Test
    void findsTheMemberWithTheHighestCommitIndexOfASet() {
        tally.promise(0, MEMBER, 5, 0, 0);
        tally.promise(1, MEMBER, 9, 0, 0);
        tally.promise(2, MEMBER, 7, 0, 0);

        assertThat(tally.mostCommitted(0b111)).isEqualTo(1);
        assertThat(tally.mostCommitted(0b101)).isEqualTo(2);
        assertThat(tally.mostCommitted(0b001)).isZero();
    }

    @Test
    void remembersUnderWhichIdentityEachMemberPromised() {
        tally.promise(0, MemberId.of(1, 101), 0, 0, 0);
        tally.promise(1, MemberId.of(2, 5), 0, 0, 0);
        tally.promise(1, MemberId.of(2, 6), 0, 0, 0);

        assertThat(tally.identities(2)).containsExactly(MemberId.of(1, 101), MemberId.of(2, 6));
    }

    @Test
    void forgetsPromisesAndValuesOfTheBallotBefore() {
        tally.promisedSlots(0, Batches.commands(B1, 1, "a"));
        tally.promise(0, MEMBER, 0, 1, 0);

        tally.begin(1);
        assertThat(tally.promisedBy()).isZero();

        tally.promise(0, MEMBER, 0, 1, 0);
        assertThat(tally.promisedBy()).isZero();
        assertThat(reported()).isEmpty();
    }

    private List<String> reported() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < tally.reported().size(); i++) {
            texts.add(Batches.text(tally.reported().get(i).view(new Batch())));
        }
        return texts;
    }
}
