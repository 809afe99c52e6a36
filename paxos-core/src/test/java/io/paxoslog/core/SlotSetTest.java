package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Slots that came, in ranges that may overlap. */
class SlotSetTest {
    private final SlotSet slots = new SlotSet();

    @Test
    void countsASlotOnceHoweverOftenItCame() {
        slots.add(1, 5);
        slots.add(4, 8);
        slots.add(2, 3);

        assertThat(slots.countFrom(1)).isEqualTo(8);
    }

    @Test
    void doesNotCountGaps() {
        slots.add(1, 2);
        slots.add(5, 6);

        assertThat(slots.countFrom(1)).isEqualTo(4);
    }

    @Test
    void countsFromTheMiddleOfARange() {
        slots.add(1, 10);

        assertThat(slots.countFrom(8)).isEqualTo(3);
        assertThat(slots.countFrom(11)).isZero();
    }

    @Test
    void isEmptyOnceCleared() {
        slots.add(1, 10);

        slots.clear();

        assertThat(slots.countFrom(1)).isZero();
    }

    @Test
    void takesTheLargestRangeThereIs() {
        slots.add(1, Batch.MAX_SLOT - 1);

        assertThat(slots.countFrom(1)).isEqualTo(Batch.MAX_SLOT - 1);
    }

    @Test
    void countsWhatASlotBySlotModelCounts() {
        for (int seed = 0; seed < 300; seed++) {
            compareWithModel(new Random(seed), "seed " + seed);
        }
    }

    private static void compareWithModel(Random random, String seed) {
        SlotSet set = new SlotSet();
        BitSet model = new BitSet();
        for (int step = 0; step < 40; step++) {
            int first = 1 + random.nextInt(120);
            int last = first + random.nextInt(12);
            set.add(first, last);
            model.set(first, last + 1);
            int from = random.nextInt(130);
            assertThat(set.countFrom(from))
                    .as("%s, step %d, from %d", seed, step, from)
                    .isEqualTo(model.get(from, 200).cardinality());
        }
    }
}
