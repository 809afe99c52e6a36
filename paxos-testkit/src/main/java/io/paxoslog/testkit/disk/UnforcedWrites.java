package io.paxoslog.testkit.disk;

import java.util.Arrays;

/** Parts of a file that were written since they were forced, in order. */
final class UnforcedWrites {
    private int[] from = new int[8];
    private int[] to = new int[8];
    private long[] write = new long[8];
    private int count;

    void add(int start, int end, long number) {
        if (count == from.length) {
            from = Arrays.copyOf(from, 2 * count);
            to = Arrays.copyOf(to, 2 * count);
            write = Arrays.copyOf(write, 2 * count);
        }
        from[count] = start;
        to[count] = end;
        write[count] = number;
        count++;
    }

    int count() {
        return count;
    }

    int from(int i) {
        return from[i];
    }

    int to(int i) {
        return to[i];
    }

    /** Number of the write among all on this disk. */
    long write(int i) {
        return write[i];
    }

    void copy(int i, byte[] source, byte[] target) {
        System.arraycopy(source, from[i], target, from[i], to[i] - from[i]);
    }

    /** How many of them, from the first, were made up to this write. */
    int upTo(long lastWrite) {
        int end = 0;
        while (end < count && write[end] <= lastWrite) {
            end++;
        }
        return end;
    }

    void removeFirst(int removed) {
        count -= removed;
        System.arraycopy(from, removed, from, 0, count);
        System.arraycopy(to, removed, to, 0, count);
        System.arraycopy(write, removed, write, 0, count);
    }
}
