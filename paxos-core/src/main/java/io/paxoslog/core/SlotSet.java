package io.paxoslog.core;

import java.util.Map;
import java.util.TreeMap;

/**
 * Slots of which it only matters which they are; grows by ranges that may overlap. For elections
 * and repairs, so it allocates.
 */
final class SlotSet {
    /** No slot; above all of them. */
    static final long NONE = Long.MAX_VALUE;

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

    /** Takes a range out, as far as it is in. */
    void remove(long first, long last) {
        Map.Entry<Long, Long> near = lastByFirst.floorEntry(last);
        while (near != null && near.getValue() >= first) {
            lastByFirst.remove(near.getKey());
            if (near.getValue() > last) {
                lastByFirst.put(last + 1, near.getValue());
            }
            if (near.getKey() < first) {
                lastByFirst.put(near.getKey(), first - 1);
            }
            near = lastByFirst.lowerEntry(near.getKey());
        }
    }

    /** Whether all of a range is in. */
    boolean contains(long first, long last) {
        Map.Entry<Long, Long> at = lastByFirst.floorEntry(first);
        return at != null && at.getValue() >= last;
    }

    boolean isEmpty() {
        return lastByFirst.isEmpty();
    }

    /** The lowest slot at or above one; {@link #NONE} when there is none. */
    long firstFrom(long slot) {
        Map.Entry<Long, Long> at = lastByFirst.floorEntry(slot);
        if (at != null && at.getValue() >= slot) {
            return slot;
        }
        Long next = lastByFirst.higherKey(slot);
        return next == null ? NONE : next;
    }

    /** The highest slot at or below one; 0 when there is none. */
    long lastUpTo(long slot) {
        Map.Entry<Long, Long> at = lastByFirst.floorEntry(slot);
        return at == null ? 0 : Math.min(slot, at.getValue());
    }

    /** The last slot that follows one of them without a gap. */
    long lastOf(long slot) {
        return lastByFirst.floorEntry(slot).getValue();
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
