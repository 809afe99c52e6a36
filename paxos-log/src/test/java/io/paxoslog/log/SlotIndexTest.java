package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The index agrees with the plainest one there is: a map from each slot to its record. Whoever
 * looks from the place on that it names finds that record, or another with the same value.
 */
class SlotIndexTest {
    private static final int DISTANCE_BYTES = 20_000;

    private record Row(long firstSlot, long lastSlot, long rank, int segment, int offset) {
        boolean isFoundFrom(SlotIndex.Place place, long slot) {
            return segment == place.segment
                    && offset >= place.offset
                    && rank == place.rank
                    && firstSlot <= slot
                    && slot <= lastSlot;
        }
    }

    private final SlotIndex index = new SlotIndex();
    private final Map<Long, Row> model = new HashMap<>();

    /** By their places. */
    private final List<Row> records = new ArrayList<>();

    private void add(long firstSlot, int count, long rank, int record) {
        Row row = new Row(firstSlot, firstSlot + count - 1, rank, segment(record), offset(record));
        records.add(row);
        index.add(firstSlot, count, rank, row.segment(), row.offset());
        for (long slot = firstSlot; slot < firstSlot + count; slot++) {
            Row old = model.get(slot);
            if (old == null || old.rank() <= rank) {
                model.put(slot, row);
            }
        }
    }

    private static int segment(int record) {
        return record >> 8;
    }

    private static int offset(int record) {
        return (record & 0xFF) * DISTANCE_BYTES;
    }

    private void compare(long lastSlot) {
        SlotIndex.Place place = new SlotIndex.Place();
        for (long slot = 0; slot <= lastSlot; slot++) {
            Row row = model.get(slot);
            assertThat(index.find(slot, place)).as("slot %d", slot).isEqualTo(row != null);
            if (row != null) {
                assertThat(slot).isBetween(place.firstSlot, place.lastSlot);
                assertThat(place.rank).as("slot %d", slot).isEqualTo(row.rank());
                Row found = find(place, slot);
                assertThat(found.offset() - place.offset).isLessThan(SlotIndex.REACH_BYTES);
            }
        }
    }

    private Row find(SlotIndex.Place place, long slot) {
        return records.stream().filter(row -> row.isFoundFrom(place, slot)).findFirst().get();
    }

    @Test
    void takesOneRowForRecordsNearOneAnother() {
        for (int record = 1; record <= 2_000; record++) {
            add(1 + 10L * (record - 1), 10, 1, record);
        }
        compare(20_010);
        // 256 records a segment, 14 within reach.
        assertThat(index.runs()).isEqualTo(7 * 19 + 15);
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 11, 16, 5_000, 15_123, 19_990, 20_000, 20_011})
    void forgetsWhatLiesBelowASlotForGood(long lowest) {
        for (int record = 1; record <= 2_000; record++) {
            add(1 + 10L * (record - 1), 10, record % 3, record);
        }
        index.dropBelow(lowest);
        index.dropBelow(lowest - 1);
        index.add(1, 30, SlotIndex.CHOSEN, 9, 0);
        model.keySet().removeIf(slot -> slot < lowest);
        for (long slot = lowest; slot <= 30; slot++) {
            model.put(slot, new Row(1, 30, SlotIndex.CHOSEN, 9, 0));
        }
        records.add(new Row(1, 30, SlotIndex.CHOSEN, 9, 0));
        add(20_001, 20, 5, 2_001);
        model.keySet().removeIf(slot -> slot < lowest);
        compare(20_030);
    }

    @Test
    void takesARowOfItsOwnForEachRank() {
        add(1, 10, 1, 1);
        add(11, 10, 2, 2);
        add(21, 10, 2, 3);
        add(31, 10, SlotIndex.CHOSEN, 4);
        compare(45);
        assertThat(index.runs()).isEqualTo(3);
    }

    @Test
    void replacesTheMiddleOfManyRecordsOfOneRow() {
        for (int record = 1; record <= 6; record++) {
            add(1 + 10L * (record - 1), 10, 1, record);
        }
        add(25, 20, 2, 7);
        compare(65);
        assertThat(index.runs()).isEqualTo(3);
    }

    @Test
    void replacesTheMiddleOfARecord() {
        add(1, 100, 1, 1);
        add(40, 10, 2, 2);
        compare(110);
        assertThat(index.runs()).isEqualTo(3);
    }

    @Test
    void replacesManyRecordsByOneRow() {
        for (int record = 1; record <= 1_000; record++) {
            add(record, 1, 1, record);
        }
        add(1, 1_000, 2, 5_000);
        compare(1_001);
        assertThat(index.runs()).isEqualTo(1);
    }

    @Test
    void keepsChosenSlotsWhateverComesLater() {
        add(5, 5, SlotIndex.CHOSEN, 1);
        add(1, 20, 9, 2);
        compare(25);
        assertThat(index.runs()).isEqualTo(3);
    }

    @Test
    void fillsAHoleFarBelow() {
        for (int record = 1; record <= 1_000; record++) {
            add(5_000 + record, 1, 1, record);
        }
        for (int record = 1; record <= 1_000; record++) {
            add(1 + 5L * (record - 1), 5, SlotIndex.CHOSEN, record + 2_000);
        }
        compare(6_001);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void agreesWithAMapWhateverComes(long seed) {
        Random random = new Random(seed);
        for (int record = 1; record <= 3_000; record++) {
            long rank =
                    random.nextInt(50) == 0 ? SlotIndex.CHOSEN : record / 100 + random.nextInt(3);
            add(1 + random.nextInt(3_000), 1 + random.nextInt(20), rank, record);
        }
        compare(3_030);
    }

    @Test
    void findsNothingWhenEmpty() {
        compare(3);
    }

    @Test
    void isReadWhileItGrows() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<String> wrong = new AtomicReference<>();
        add(1, 1, 1, 1);
        Thread reader =
                new Thread(
                        () -> {
                            SlotIndex.Place place = new SlotIndex.Place();
                            while (!done.get()) {
                                if (!index.find(1, place) || place.firstSlot != 1) {
                                    wrong.set("slot 1 lost");
                                }
                            }
                        });
        reader.start();
        for (int record = 2; record <= 200_000; record++) {
            index.add(record, 1, 1, segment(record), offset(record));
            if (record % 1_000 == 0) {
                index.add(1 + record / 2, 10, 2, segment(record), offset(record));
            }
        }
        done.set(true);
        reader.join();
        assertThat(wrong.get()).isNull();
    }
}
