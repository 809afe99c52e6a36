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
    private final KeyIndex index = new KeyIndex(keys, 1);
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

    private void check(int names) {
        for (int i = 0; i < names; i++) {
            assertThat(index.find(slice("k" + i)))
                    .isEqualTo(model.getOrDefault("k" + i, Cells.NONE));
        }
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
    void aKeyGoesAndThoseBehindItAreFoundAllTheSame() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            KeyIndex small = new KeyIndex(keys, seed);
            List<String> there = new ArrayList<>();
            Map<String, Integer> numbers = new HashMap<>();
            for (int i = 0; i < 11; i++) {
                String key = "k" + i;
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
