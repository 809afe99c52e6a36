package io.paxoslog.kv;

import java.util.ArrayList;
import java.util.List;

/** Keys and ranges of keys, as far as they were added; used again without making new ones. */
final class Intervals {
    static final Slice ONE_KEY = new Slice();

    private final List<Slice> keys = new ArrayList<>();
    private final List<Slice> ends = new ArrayList<>();
    private int size;

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    Slice key(int at) {
        return keys.get(at);
    }

    void add(Slice key, Slice end) {
        if (size == keys.size()) {
            keys.add(new Slice());
            ends.add(new Slice());
        }
        keys.get(size).set(key);
        ends.get(size).set(end);
        size++;
    }

    /** Whether one of those from one place up to another holds a key. */
    boolean hold(Slice key, int from, int to) {
        for (int i = from; i < to; i++) {
            if (holds(keys.get(i), ends.get(i), key)) {
                return true;
            }
        }
        return false;
    }

    private static boolean holds(Slice from, Slice end, Slice key) {
        int comparison = from.compareTo(key);
        if (end.isEmpty()) {
            return comparison == 0;
        }
        return comparison <= 0 && (end.isZeroByte() || key.compareTo(end) < 0);
    }
}
