package io.paxoslog.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Keys in order, whatever comes and goes. */
class KeyTreeTest {
    private final Keys keys = new Keys(new Cells());
    private final KeyTree tree = new KeyTree(keys);
    private final TreeMap<String, Integer> model = new TreeMap<>();

    private static Slice slice(String text) {
        return Slice.of(Store.bytes(text));
    }

    private void add(String key) {
        if (!model.containsKey(key)) {
            int added = keys.add(slice(key));
            tree.insert(added, slice(key));
            model.put(key, added);
        }
    }

    private void remove(String key) {
        Integer there = model.remove(key);
        if (there != null) {
            tree.remove(slice(key));
            keys.free(there);
        }
    }

    private void check(String from) {
        KeyTree.Cursor cursor = new KeyTree.Cursor();
        tree.seek(cursor, slice(from));
        List<Integer> found = new ArrayList<>();
        for (; cursor.key() != Cells.NONE; cursor.advance()) {
            found.add(cursor.key());
        }
        assertThat(found).containsExactlyElementsOf(model.tailMap(from).values());
    }

    @Test
    void holdsWhatASortedMapHolds() {
        for (long seed = 1; seed <= 4; seed++) {
            Random random = new Random(seed);
            int many = random.nextInt(4_000) + 200;
            for (int round = 0; round < 6; round++) {
                int growth = round % 2 == 0 ? 7 : 2;
                for (int i = 0; i < many; i++) {
                    String key = "k" + random.nextInt(2 * many);
                    if (random.nextInt(9) < growth) {
                        add(key);
                    } else {
                        remove(key);
                    }
                }
                check("");
                check("k" + random.nextInt(many));
                for (int i = 0; i < 200; i++) {
                    String key = "k" + random.nextInt(2 * many);
                    assertThat(tree.find(slice(key)))
                            .isEqualTo(model.getOrDefault(key, Cells.NONE));
                }
            }
            new ArrayList<>(model.keySet()).forEach(this::remove);
            check("");
        }
    }

    @Test
    void holdsKeysThatComeInOrderAndGoInOrder() {
        for (int i = 10_000; i < 20_000; i++) {
            add("k" + i);
        }
        check("");
        for (int i = 10_000; i < 19_990; i++) {
            remove("k" + i);
        }
        check("");
        for (int i = 19_000; i >= 10_000; i--) {
            add("k" + i);
        }
        check("k15000");
    }

    @Test
    void findsKeysThatAllMeetInOnePlace() {
        MeetingKeys meeting = new MeetingKeys();
        int[] numbers = new int[300];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = keys.add(meeting.key(i));
            tree.insert(numbers[i], meeting.key(i));
        }
        for (int i = 0; i < numbers.length; i += 3) {
            tree.remove(meeting.key(i));
            keys.free(numbers[i]);
        }
        for (int i = 0; i < numbers.length; i++) {
            assertThat(tree.find(meeting.key(i))).isEqualTo(i % 3 == 0 ? Cells.NONE : numbers[i]);
        }
    }

    @Test
    void ordersLongKeysThatBeginAlike() {
        String same = "p".repeat(130);
        for (int i = 0; i < 300; i++) {
            add(same + "x".repeat(i % 70) + i);
        }
        check("");
        check(same + "x");
    }
}
