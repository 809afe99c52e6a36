package io.paxoslog.core;

import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The same random history through ranges and through a map with one entry per slot. */
class OpenSlotsModelTest {
    private static final int SEEDS = 100;
    private static final int STEPS = 120;
    private static final int SLOTS = 60;

    /** What a slot holds; the word is null for a no-op. */
    private record Held(long ballot, String word, long origin, long timestamp) {
        Held under(long otherBallot) {
            return new Held(otherBallot, word, origin, timestamp);
        }
    }

    private static final Held SHED = new Held(Ballot.NONE, "shed", 0, 0);

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
            for (long s = Math.max(range.firstSlot, dropped + 1); s <= range.lastSlot; s++) {
                model.put(s, range.isShed ? SHED.under(range.ballot) : heldAt(range, s));
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
            require(range.firstSlot > lastBefore, when, range.firstSlot);
            lastBefore = range.lastSlot;
            for (long s = Math.max(range.firstSlot, dropped + 1); s <= range.lastSlot; s++) {
                slots++;
                compareSlot(when, range, s, model.get(s));
            }
        }
        require(slots == model.size(), when, slots);
        compareQuestions(when);
    }

    private void compareSlot(String when, HeldRange range, long slot, Held held) {
        require(held != null && range.ballot == held.ballot(), when, slot);
        require(range.isShed ? slot < shedBelow : heldAt(range, slot).equals(held), when, slot);
    }

    private void compareQuestions(String when) {
        long from = dropped + 1 + random.nextInt(SLOTS);
        long ballot = Ballot.of(1 + random.nextInt(5), 1);
        long unbroken = from - 1;
        while (model.containsKey(unbroken + 1) && model.get(unbroken + 1).ballot() == ballot) {
            unbroken++;
        }
        require(ranges.unbrokenFrom(from, ballot) == unbroken, when, from);
        require(ranges.indexOf(from) >= 0 == model.containsKey(from), when, from);
        long last = model.isEmpty() ? 0 : model.lastKey();
        require(Math.max(ranges.lastSlot(), dropped) == Math.max(last, dropped), when, last);
    }

    /** Asked several million times, so the words are only put together when it fails. */
    private static void require(boolean isRight, String when, long slot) {
        if (!isRight) {
            throw new AssertionError(when + ": ranges and model differ at slot " + slot);
        }
    }
}
