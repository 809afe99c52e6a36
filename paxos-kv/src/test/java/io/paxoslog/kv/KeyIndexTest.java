package io.paxoslog.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Finds every key that is there and no other, whatever comes and goes. */
class KeyIndexTest {
    private final Keys keys = new Keys(new Cells());
    private final KeyIndex index = new KeyIndex(keys);
    private final Map<String, Integer> model = new HashMap<>();

    private static Slice slice(String text) {
        return Slice.of(Store.bytes(text));
    }

    private void add(String key) {
        if (!model.containsKey(key)) {
            int added = keys.add(slice(key));
            index.add(added, slice(key));
            model.put(key, added);
        }
    }

    private void remove(String key) {
        Integer there = model.remove(key);
        if (there != null) {
            index.remove(slice(key));
            keys.free(there);
        }
    }

    /** Next to nothing is left to the tree where nobody chose the keys. */
    private void check(int names) {
        int unknown = 0;
        for (int i = 0; i < names; i++) {
            int found = index.find(slice("k" + i));
            if (found == KeyIndex.UNKNOWN) {
                unknown++;
            } else {
                assertThat(found).isEqualTo(model.getOrDefault("k" + i, Cells.NONE));
            }
        }
        assertThat(unknown).isLessThanOrEqualTo(names / 100);
    }

    @Test
    void holdsWhatAMapHolds() {
        Random random = new Random(1);
        for (int names : new int[] {10, 100, 3_000, 40_000}) {
            for (int round = 0; round < 4; round++) {
                int growth = round % 2 == 0 ? 7 : 2;
                for (int i = 0; i < names; i++) {
                    String key = "k" + random.nextInt(names);
                    if (random.nextInt(9) < growth) {
                        add(key);
                    } else {
                        remove(key);
                    }
                }
                check(names);
            }
        }
        List<String> left = new ArrayList<>(model.keySet());
        Collections.shuffle(left, random);
        left.forEach(this::remove);
        check(40_000);
    }

    @Test
    void aTableThatIsSplitStillKnowsThatItLacksSomething() {
        MeetingKeys meeting = new MeetingKeys();
        int[] numbers = new int[100];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = keys.add(meeting.key(i));
            index.add(numbers[i], meeting.key(i));
        }
        List<Slice> lacking = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            int found = index.find(meeting.key(i));
            assertThat(found).isIn(numbers[i], KeyIndex.UNKNOWN);
            if (found == KeyIndex.UNKNOWN) {
                lacking.add(meeting.key(i));
            } else {
                index.remove(meeting.key(i));
            }
        }
        assertThat(lacking).isNotEmpty();
        for (int i = 0; i < 5_000; i++) {
            add("k" + i);
        }
        assertThat(lacking).allMatch(key -> index.find(key) == KeyIndex.UNKNOWN);
    }

    @Test
    void aKeyGoesAndThoseBehindItAreFoundAllTheSame() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            KeyIndex small = new KeyIndex(keys);
            List<String> there = new ArrayList<>();
            Map<String, Integer> numbers = new HashMap<>();
            for (int i = 0; i < 11; i++) {
                String key = "k" + seed + "/" + i;
                there.add(key);
                numbers.put(key, keys.add(slice(key)));
                small.add(numbers.get(key), slice(key));
            }
            while (!there.isEmpty()) {
                small.remove(slice(there.remove(random.nextInt(there.size()))));
                for (String key : there) {
                    assertThat(small.find(slice(key))).isEqualTo(numbers.get(key));
                }
            }
        }
    }
}
