package io.paxoslog.apply;

import java.util.Arrays;

/** A set of slots that grows at its end and shrinks at both, kept as ranges. */
final class SlotRanges {
    private long[] firsts = new long[16];
    private long[] lasts = new long[16];
    private int count;

    /** Adds a slot above all slots so far; one that is not, was added before. */
    void add(long slot) {
        add(slot, slot);
    }

    /** Adds slots above all slots so far; what is not above was added before. */
    void add(long first, long last) {
        long from = count == 0 ? first : Math.max(first, lasts[count - 1] + 1);
        if (last < from) {
            return;
        }
        if (count > 0 && lasts[count - 1] + 1 == from) {
            lasts[count - 1] = last;
            return;
        }
        if (count == firsts.length) {
            firsts = Arrays.copyOf(firsts, 2 * count);
            lasts = Arrays.copyOf(lasts, 2 * count);
        }
        firsts[count] = from;
        lasts[count++] = last;
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

    /** Takes a slot and all below it out. */
    void removeUpTo(long slot) {
        int gone = 0;
        while (gone < count && lasts[gone] <= slot) {
            gone++;
        }
        count -= gone;
        System.arraycopy(firsts, gone, firsts, 0, count);
        System.arraycopy(lasts, gone, lasts, 0, count);
        if (count > 0) {
            firsts[0] = Math.max(firsts[0], slot + 1);
        }
    }

    void clear() {
        count = 0;
    }

    boolean contains(long slot) {
        int range = rangeAtOrBelow(slot);
        return range >= 0 && slot <= lasts[range];
    }

    private int rangeAtOrBelow(long slot) {
        int found = Arrays.binarySearch(firsts, 0, count, slot);
        return found >= 0 ? found : -found - 2;
    }

    /** The first slot of the set from one on; {@link Long#MAX_VALUE} when there is none. */
    long next(long slot) {
        int range = rangeAtOrBelow(slot);
        if (range >= 0 && slot <= lasts[range]) {
            return slot;
        }
        return range + 1 < count ? firsts[range + 1] : Long.MAX_VALUE;
    }

    /** The last slot of the range that a slot of the set lies in. */
    long lastFrom(long slot) {
        return lasts[rangeAtOrBelow(slot)];
    }

    SlotRanges copy() {
        SlotRanges copy = new SlotRanges();
        copy.firsts = Arrays.copyOf(firsts, firsts.length);
        copy.lasts = Arrays.copyOf(lasts, lasts.length);
        copy.count = count;
        return copy;
    }

    /** First slot of a range, counted from 0. */
    long first(int range) {
        return firsts[range];
    }

    /** Last slot of a range, counted from 0. */
    long last(int range) {
        return lasts[range];
    }

    int count() {
        return count;
    }
}
