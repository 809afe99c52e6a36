package io.paxoslog.core;

import static io.paxoslog.core.Roles.B1;
import static io.paxoslog.core.Roles.B2;
import static io.paxoslog.core.Roles.B3;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ranges in slot order that never overlap, in bounded memory. */
class OpenSlotsTest {
    private final OpenSlots slots = new OpenSlots(1 << 20);

    @Test
    void holdsNothingAtFirst() {
        assertThat(slots.lastSlot()).isZero();
        assertThat(slots.indexOf(1)).isEqualTo(-1);
        assertThat(slots.unbrokenFrom(1, B1)).isZero();
    }

    @Test
    void keepsSlotOrderInWhateverOrderBatchesCome() {
        slots.put(Batches.commands(B1, 7, "g"));
        slots.put(Batches.commands(B1, 1, "a"));
        slots.put(Batches.commands(B1, 4, "d", "e"));

        assertThat(texts(slots))
                .containsExactly("b=1.1 slot=1 a", "b=1.1 slot=4 d,e", "b=1.1 slot=7 g");
        assertThat(slots.lastSlot()).isEqualTo(7);
    }

    @Test
    void replacesTheSameSlots() {
        slots.put(Batches.commands(B1, 1, "a", "b"));

        slots.put(Batches.commands(B2, 1, "long replacement", "c"));

        assertThat(texts(slots)).containsExactly("b=2.2 slot=1 long replacement,c");
    }

    @Test
    void splitsARangeAroundItsMiddle() {
        slots.put(Batches.commands(B1, 1, "a", "b", "c", "d"));

        slots.put(Batches.commands(B2, 2, "B", "C"));

        assertThat(texts(slots))
                .containsExactly("b=1.1 slot=1 a", "b=2.2 slot=2 B,C", "b=1.1 slot=4 d");
    }

    @Test
    void cutsTheEndsOfItsNeighboursAndRemovesWhatLiesBetween() {
        slots.put(Batches.commands(B1, 1, "a", "b"));
        slots.put(Batches.commands(B1, 3, "c"));
        slots.put(Batches.commands(B1, 4, "d", "e"));

        slots.put(Batches.commands(B2, 2, "B", "C", "D"));

        assertThat(texts(slots))
                .containsExactly("b=1.1 slot=1 a", "b=2.2 slot=2 B,C,D", "b=1.1 slot=5 e");
    }

    @Test
    void splitsANoOpRange() {
        slots.put(Batches.noOps(B1, 1, 10));

        slots.put(Batches.commands(B2, 4, "d"));

        assertThat(texts(slots))
                .containsExactly(
                        "b=1.1 slot=1 no-op x3", "b=2.2 slot=4 d", "b=1.1 slot=5 no-op x6");
    }

    @Test
    void keepsOriginAndTimestampOfEachPart() {
        slots.put(Batches.commandsOf(B1, 11, B2, 1, "a", "b", "c"));
        slots.put(Batches.commandsOf(B3, 33, B3, 2, "B"));

        Batch last = slots.get(2).view(new Batch());

        assertThat(last.originBallot()).isEqualTo(B1);
        assertThat(last.timestamp()).isEqualTo(11);
    }

    @Test
    void keepsWhatHasAnEqualOrHigherBallotWhenOnlyTheHighestCounts() {
        slots.put(Batches.commands(B2, 2, "b"));
        slots.put(Batches.commands(B3, 4, "d"));

        slots.putWhereHighest(Batches.commands(B2, 1, "1", "2", "3", "4", "5"));

        assertThat(texts(slots))
                .containsExactly(
                        "b=2.2 slot=1 1",
                        "b=2.2 slot=2 b",
                        "b=2.2 slot=3 3",
                        "b=3.3 slot=4 d",
                        "b=2.2 slot=5 5");
    }

    @Test
    void replacesEveryLowerRangeWhenOnlyTheHighestCounts() {
        slots.put(Batches.commands(B1, 1, "a", "b"));
        slots.put(Batches.noOps(B1, 3, 2));

        slots.putWhereHighest(Batches.commands(B2, 2, "B", "C"));

        assertThat(texts(slots))
                .containsExactly("b=1.1 slot=1 a", "b=2.2 slot=2 B,C", "b=1.1 slot=4 no-op x1");
    }

    @Test
    void isUnbrokenOnlyWithoutHolesAndUnderOneBallot() {
        slots.put(Batches.commands(B1, 2, "b", "c"));
        slots.put(Batches.commands(B1, 4, "d"));
        slots.put(Batches.commands(B2, 5, "e"));
        slots.put(Batches.commands(B1, 7, "g"));

        assertThat(slots.unbrokenFrom(2, B1)).isEqualTo(4);
        assertThat(slots.unbrokenFrom(3, B1)).isEqualTo(4);
        assertThat(slots.unbrokenFrom(1, B1)).isZero();
        assertThat(slots.unbrokenFrom(5, B1)).isEqualTo(4);
        assertThat(slots.unbrokenFrom(5, B2)).isEqualTo(5);
        assertThat(slots.unbrokenFrom(8, B1)).isEqualTo(7);
    }

    @Test
    void keepsARangeUntilItsLastSlotIsDropped() {
        slots.put(Batches.commands(B1, 1, "a", "b"));

        slots.dropUpTo(1);
        assertThat(texts(slots)).containsExactly("b=1.1 slot=1 a,b");

        slots.dropUpTo(2);
        assertThat(slots.size()).isZero();
    }

    @Test
    void refusesAValueForWhichThereIsNoMemoryAndChangesNothing() {
        OpenSlots small = new OpenSlots(512);
        small.put(Batches.commands(B1, 1, "a"));
        small.put(Batches.commands(B1, 2, "b"));

        assertThat(small.put(Batches.commands(B2, 1, "A"))).isFalse();

        assertThat(texts(small)).containsExactly("b=1.1 slot=1 a", "b=1.1 slot=2 b");
    }

    @Test
    void takesNoOpsHoweverShortMemoryIs() {
        OpenSlots small = new OpenSlots(256);
        small.put(Batches.commands(B1, 1, "a"));

        assertThat(small.put(Batches.noOps(B1, 2, 1000))).isTrue();
    }

    @Test
    void shedsTheOldestBytesBelowTheFloorWhenMemoryIsShort() {
        OpenSlots small = new OpenSlots(512);
        small.put(Batches.commands(B1, 1, "a"));
        small.put(Batches.commands(B1, 2, "b"));
        small.mayShedBelow(3);

        assertThat(small.put(Batches.commands(B1, 3, "c"))).isTrue();

        assertThat(small.get(0).isShed).isTrue();
        assertThat(small.get(1).isShed).isFalse();
        assertThat(small.unbrokenFrom(1, B1)).isEqualTo(3);
    }

    @Test
    void shedsNothingAtOrAboveTheFloor() {
        OpenSlots small = new OpenSlots(256);
        small.put(Batches.commands(B1, 5, "a", "b"));
        small.mayShedBelow(6);

        assertThat(small.put(Batches.commands(B1, 7, "c"))).isFalse();
    }

    @Test
    void joinsShedNeighboursOfOneBallotSoThatALaggardStaysSmall() {
        OpenSlots small = new OpenSlots(1024);
        small.mayShedBelow(100_000);
        for (int slot = 1; slot <= 10_000; slot++) {
            assertThat(small.put(Batches.commands(B1, slot, "x"))).isTrue();
        }

        assertThat(small.size()).isLessThan(10);
        assertThat(small.unbrokenFrom(1, B1)).isEqualTo(10_000);
    }

    @Test
    void doesNotJoinShedRangesOfDifferentBallotsOrAcrossAHole() {
        OpenSlots small = new OpenSlots(256);
        small.mayShedBelow(100);
        small.put(Batches.commands(B1, 1, "a"));
        small.put(Batches.commands(B2, 2, "b"));
        small.put(Batches.commands(B2, 4, "d"));
        small.put(Batches.commands(B2, 5, "e"));

        assertThat(small.size()).isEqualTo(4);
        assertThat(small.unbrokenFrom(1, B1)).isEqualTo(1);
        assertThat(small.unbrokenFrom(2, B2)).isEqualTo(2);
    }

    @Test
    void holdsAValueAgainInPlaceOfOneThatWasShed() {
        OpenSlots small = new OpenSlots(512);
        small.mayShedBelow(2);
        small.put(Batches.commands(B1, 1, "a"));
        small.put(Batches.commands(B1, 2, "b"));
        small.put(Batches.commands(B1, 3, "c"));
        small.dropUpTo(0);

        small.mayShedBelow(4);
        small.put(Batches.commands(B2, 1, "A"));

        assertThat(small.get(0).isShed).isFalse();
        assertThat(Batches.text(small.get(0).view(new Batch()))).isEqualTo("b=2.2 slot=1 A");
    }

    @Test
    void growsPastItsFirstCapacity() {
        for (int slot = 1; slot <= 1000; slot++) {
            slots.put(Batches.commands(B1, slot, "v" + slot));
        }
        slots.dropUpTo(400);
        for (int slot = 1001; slot <= 3000; slot++) {
            slots.put(Batches.commands(B1, slot, "v" + slot));
        }

        assertThat(slots.size()).isEqualTo(2600);
        assertThat(texts(slots))
                .startsWith("b=1.1 slot=401 v401")
                .endsWith("b=1.1 slot=3000 v3000");
    }

    static List<String> texts(OpenSlots slots) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            texts.add(Batches.text(slots.get(i).view(new Batch())));
        }
        return texts;
    }
}
