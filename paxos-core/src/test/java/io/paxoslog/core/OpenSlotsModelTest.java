package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The same random history through ranges and through a map with one entry per slot. */
class OpenSlotsModelTest {
    private static final int SEEDS = 400;
    private static final int STEPS = 150;
    private static final int SLOTS = 60;

    /** What a slot holds; the word is null for a no-op. */
    private record Held(long ballot, String word, long origin, long timestamp) {}

    private final Batch view = new Batch();
    private final Batch one = new Batch();
    private Random random;
    private OpenSlots ranges;
    private TreeMap<Long, Held> model;
    private long shedBelow;
    private long dropped;
    private int words;

    @Test
    void holdsWhatAMapWouldHold() {
        for (int seed = 0; seed < SEEDS; seed++) {
            // Every third history has so little memory that values are refused and shed.
            play(seed, seed % 3 == 0 ? 256 * 12 : 1 << 20);
        }
    }

    private void play(int seed, long memory) {
        random = new Random(seed);
        ranges = new OpenSlots(memory);
        model = new TreeMap<>();
        shedBelow = 0;
        dropped = 0;
        words = 0;
        for (int step = 0; step < STEPS; step++) {
            change();
            compare("seed " + seed + ", step " + step);
        }
    }

    private void change() {
        switch (random.nextInt(10)) {
            case 0 -> drop();
            case 1 -> {
                shedBelow = Math.max(shedBelow, dropped + random.nextInt(SLOTS));
                ranges.mayShedBelow(shedBelow);
            }
            case 2, 3, 4 -> put(randomBatch(), true);
            default -> put(randomBatch(), false);
        }
    }

    private void drop() {
        dropped += random.nextInt(8);
        ranges.dropUpTo(dropped);
        model.headMap(dropped, true).clear();
    }

    private Batch randomBatch() {
        long ballot = Ballot.of(1 + random.nextInt(5), 1);
        long first = dropped + 1 + random.nextInt(SLOTS);
        int count = 1 + random.nextInt(6);
        if (random.nextInt(5) == 0) {
            return Batches.noOps(ballot, first, count);
        }
        String[] commands = new String[count];
        for (int i = 0; i < count; i++) {
            commands[i] = "w".repeat(random.nextInt(30)) + words++;
        }
        return Batches.commandsOf(Ballot.of(1, 1), words, ballot, first, commands);
    }

    private void put(Batch batch, boolean whereHighest) {
        boolean isTaken = whereHighest ? ranges.putWhereHighest(batch) : ranges.put(batch);
        if (!isTaken && whereHighest) {
            takeOverFromRanges();
            return;
        }
        if (!isTaken) {
            return;
        }
        List<String> texts = Batches.words(batch);
        for (int i = 0; i < batch.count(); i++) {
            String word = batch.kind() == Batch.NO_OP ? null : texts.get(i);
            Held held = new Held(batch.ballot(), word, batch.originBallot(), batch.timestamp());
            model.merge(
                    batch.firstSlot() + i,
                    held,
                    (old, now) -> whereHighest && old.ballot() >= now.ballot() ? old : now);
        }
    }

    /** A batch that found memory for some of its slots only may be held in part. */
    private void takeOverFromRanges() {
        model.clear();
        for (int i = 0; i < ranges.size(); i++) {
            HeldRange range = ranges.get(i);
            for (long slot = Math.max(range.firstSlot, dropped + 1);
                    slot <= range.lastSlot;
                    slot++) {
                model.put(
                        slot,
                        range.isShed ? new Held(range.ballot, "shed", 0, 0) : heldAt(range, slot));
            }
        }
    }

    private Held heldAt(HeldRange range, long slot) {
        one.slice(range.view(view), slot, slot);
        String word = one.kind() == Batch.NO_OP ? null : Batches.words(one).get(0);
        return new Held(one.ballot(), word, one.originBallot(), one.timestamp());
    }

    private void compare(String when) {
        long lastBefore = 0;
        int slots = 0;
        for (int i = 0; i < ranges.size(); i++) {
            HeldRange range = ranges.get(i);
            assertThat(range.firstSlot).as(when).isGreaterThan(lastBefore);
            lastBefore = range.lastSlot;
            for (long slot = Math.max(range.firstSlot, dropped + 1);
                    slot <= range.lastSlot;
                    slot++) {
                slots++;
                compareSlot(when, range, slot, model.get(slot));
            }
        }
        assertThat(slots).as(when).isEqualTo(model.size());
        compareQuestions(when);
    }

    private void compareSlot(String when, HeldRange range, long slot, Held held) {
        String where = when + ", slot " + slot;
        assertThat(held).as(where).isNotNull();
        assertThat(range.ballot).as(where).isEqualTo(held.ballot());
        if (range.isShed) {
            assertThat(slot).as(where).isLessThan(shedBelow);
        } else {
            assertThat(heldAt(range, slot)).as(where).isEqualTo(held);
        }
    }

    private void compareQuestions(String when) {
        long from = dropped + 1 + random.nextInt(SLOTS);
        long ballot = Ballot.of(1 + random.nextInt(5), 1);
        long unbroken = from - 1;
        while (model.containsKey(unbroken + 1) && model.get(unbroken + 1).ballot() == ballot) {
            unbroken++;
        }
        assertThat(ranges.unbrokenFrom(from, ballot)).as(when).isEqualTo(unbroken);
        assertThat(ranges.indexOf(from) >= 0).as(when).isEqualTo(model.containsKey(from));
        Map.Entry<Long, Held> last = model.lastEntry();
        assertThat(last == null ? ranges.lastSlot() <= dropped : ranges.lastSlot() == last.getKey())
                .as(when)
                .isTrue();
    }
}
