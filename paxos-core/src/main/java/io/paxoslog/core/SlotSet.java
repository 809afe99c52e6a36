package io.paxoslog.core;

import java.util.Map;
import java.util.TreeMap;

/**
 * Slots of which it only matters that they came; grows by ranges that may overlap. For elections,
 * so it allocates.
 */
final class SlotSet {
    private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

    void clear() {
        lastByFirst.clear();
    }

    void add(long first, long last) {
        long from = first;
        long to = last;
        Map.Entry<Long, Long> near = lastByFirst.floorEntry(to + 1);
        while (near != null && near.getValue() >= from - 1) {
            from = Math.min(from, near.getKey());
            to = Math.max(to, near.getValue());
            lastByFirst.remove(near.getKey());
            near = lastByFirst.floorEntry(to + 1);
        }
        lastByFirst.put(from, to);
    }

    /** Number of slots at or above {@code from}. */
    long countFrom(long from) {
        long count = 0;
        for (Map.Entry<Long, Long> range : lastByFirst.entrySet()) {
            count += Math.max(0, range.getValue() - Math.max(from, range.getKey()) + 1);
        }
        return count;
    }
}
