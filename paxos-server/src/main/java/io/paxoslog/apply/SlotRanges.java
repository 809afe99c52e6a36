package io.paxoslog.apply;

import java.util.Arrays;

/** A set of slots that only grows at its end, kept as ranges. */
final class SlotRanges {
    private long[] firsts = new long[16];
    private long[] lasts = new long[16];
    private int count;

    /** Adds a slot above all slots so far; one that is not, was added before. */
    void add(long slot) {
        if (count > 0 && slot <= lasts[count - 1]) {
            return;
        }
        if (count > 0 && lasts[count - 1] + 1 == slot) {
            lasts[count - 1] = slot;
            return;
        }
        if (count == firsts.length) {
            firsts = Arrays.copyOf(firsts, 2 * count);
            lasts = Arrays.copyOf(lasts, 2 * count);
        }
        firsts[count] = slot;
        lasts[count++] = slot;
    }

    /** Takes a slot and all above it out again. */
    void removeFrom(long slot) {
        while (count > 0 && firsts[count - 1] >= slot) {
            count--;
        }
        if (count > 0) {
            lasts[count - 1] = Math.min(lasts[count - 1], slot - 1);
        }
    }

    boolean contains(long slot) {
        int found = Arrays.binarySearch(firsts, 0, count, slot);
        int range = found >= 0 ? found : -found - 2;
        return range >= 0 && slot <= lasts[range];
    }

    /** Number of ranges, for tests of how compact they are. */
    int count() {
        return count;
    }
}
