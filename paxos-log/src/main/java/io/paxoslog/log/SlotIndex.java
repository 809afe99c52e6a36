package io.paxoslog.log;

import java.util.Arrays;
import java.util.concurrent.locks.StampedLock;

/**
 * Slot to the record that holds it: the one accepted under the highest ballot, or a chosen one,
 * which beats all; or to a place not far before that record.
 *
 * <p>Disjoint runs of slots in order, in leaves of primitive arrays, {@value #ROW_BYTES} bytes a
 * run. Records of one rank that lie behind one another within {@value #REACH_BYTES} bytes of a file
 * share a run, so that small records cost no more memory than large ones. One thread adds and is
 * never made to wait; any thread may look up. The syncer keeps a spare leaf, so that adding
 * allocates nothing.
 */
final class SlotIndex {
    /** Rank of a chosen record. */
    static final long CHOSEN = Long.MAX_VALUE;

    /** Of slots whose record is in a file that is not known. */
    static final int NO_SEGMENT = 0;

    static final int ROW_BYTES = 28;

    /** The record of a slot begins at the place of its run, or less than this behind it. */
    static final int REACH_BYTES = 256 << 10;

    private static final int LEAF_ROWS = 512;

    /**
     * Where a run of slots lies. Filled by {@link #find}. In a segment from an offset on, the first
     * record of this rank with a slot holds it as it counts: under one ballot a slot has one value.
     */
    static final class Place {
        long firstSlot;
        long lastSlot;
        long rank;
        int segment;
        int offset;

        /** Whether it is known that no record there can be read back. */
        boolean isUnknown() {
            return segment <= NO_SEGMENT;
        }
    }

    private static final class Leaf {
        final long[] first = new long[LEAF_ROWS];
        final long[] rank = new long[LEAF_ROWS];
        final int[] count = new int[LEAF_ROWS];
        final int[] segment = new int[LEAF_ROWS];
        final int[] offset = new int[LEAF_ROWS];
        int rows;

        long last(int row) {
            return first[row] + count[row] - 1;
        }

        void set(int row, long firstSlot, long lastSlot, long rank, int segment, int offset) {
            this.first[row] = firstSlot;
            this.count[row] = (int) (lastSlot - firstSlot + 1);
            this.rank[row] = rank;
            this.segment[row] = segment;
            this.offset[row] = offset;
        }

        /** Whether slots of a rank and segment follow those of a row. */
        boolean precedes(int row, long firstSlot, long rank, int segment) {
            return last(row) + 1 == firstSlot
                    && this.rank[row] == rank
                    && this.segment[row] == segment;
        }

        /** Whether an offset lies within reach of a row's. */
        boolean reaches(int row, int offset) {
            return offset - this.offset[row] >= 0 && offset - this.offset[row] < REACH_BYTES;
        }

        void lengthen(int row, long lastSlot) {
            count[row] = (int) (lastSlot - first[row] + 1);
        }

        /** Moves the rows from {@code from} on by one, up or down. */
        void shift(int from, int to) {
            int moved = rows - from;
            System.arraycopy(first, from, first, to, moved);
            System.arraycopy(rank, from, rank, to, moved);
            System.arraycopy(count, from, count, to, moved);
            System.arraycopy(segment, from, segment, to, moved);
            System.arraycopy(offset, from, offset, to, moved);
            rows += to - from;
        }

        /** Some row reaches up to {@code slot} at least. */
        void dropBelow(long slot) {
            int row = Math.max(0, rowAtOrBelow(slot));
            shift(last(row) < slot ? row + 1 : row, 0);
            if (first[0] < slot) {
                set(0, slot, last(0), rank[0], segment[0], offset[0]);
            }
        }

        void moveUpperHalfTo(Leaf other) {
            int half = rows / 2;
            int moved = rows - half;
            System.arraycopy(first, half, other.first, 0, moved);
            System.arraycopy(rank, half, other.rank, 0, moved);
            System.arraycopy(count, half, other.count, 0, moved);
            System.arraycopy(segment, half, other.segment, 0, moved);
            System.arraycopy(offset, half, other.offset, 0, moved);
            other.rows = moved;
            rows = half;
        }

        /** The last row that begins at or below {@code slot}, or -1. */
        int rowAtOrBelow(long slot) {
            int low = 0;
            int high = Math.min(rows, LEAF_ROWS) - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                if (first[middle] <= slot) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return high;
        }
    }

    private final StampedLock lock = new StampedLock();
    private volatile Leaf spare = new Leaf();
    private Leaf[] leaves = new Leaf[1024];
    private int leafCount;

    /** Slots below it are in no file that is left, or not as they count. */
    private long lowest = 1;

    // The row that add works at.
    private int leafAt;
    private int rowAt;

    /** Makes a leaf when the last spare one was taken. For a thread that may allocate. */
    void refill() {
        if (spare == null) {
            spare = new Leaf();
        }
    }

    /**
     * Takes in a record.
     *
     * @param rank ballot the slots are accepted under, or {@link #CHOSEN}
     * @param segment number of the segment that holds the record
     * @param offset the record's offset in the segment's file
     */
    void add(long firstSlot, int count, long rank, int segment, int offset) {
        long lastSlot = firstSlot + count - 1;
        long from = Math.max(firstSlot, lowest);
        if (from > lastSlot) {
            return;
        }
        long stamp = lock.writeLock();
        try {
            if (from > highestSlot()) {
                addAfterAll(from, lastSlot, rank, segment, offset);
            } else {
                addAmong(from, lastSlot, rank, segment, offset);
            }
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /**
     * Takes in a record that holds these slots and cannot be read back: no older one takes its
     * place.
     *
     * @param segment of the file that holds it, or {@link #NO_SEGMENT}
     */
    void addUnknown(long firstSlot, int count, long rank, int segment, int offset) {
        refill();
        add(firstSlot, count, rank, -segment, offset);
    }

    /** Tells all slots that cannot be read back, as ranges. For the thread that adds. */
    void forEachUnknown(LongRange consumer) {
        for (int i = 0; i < leafCount; i++) {
            Leaf leaf = leaves[i];
            for (int row = 0; row < leaf.rows; row++) {
                if (leaf.segment[row] <= NO_SEGMENT) {
                    consumer.accept(leaf.first[row], leaf.last(row));
                }
            }
        }
    }

    /**
     * The first slot above one that a record holds; {@link Long#MAX_VALUE} when there is none. For
     * the thread that adds.
     */
    long firstAbove(long slot) {
        if (leafCount == 0) {
            return Long.MAX_VALUE;
        }
        return seek(slot + 1) ? slot + 1 : firstAfter(slot + 1);
    }

    private long highestSlot() {
        if (leafCount == 0) {
            return 0;
        }
        Leaf leaf = leaves[leafCount - 1];
        return leaf.last(leaf.rows - 1);
    }

    /** Forgets all slots below one, for good. For the thread that adds. */
    void dropBelow(long slot) {
        if (slot <= lowest) {
            return;
        }
        long stamp = lock.writeLock();
        try {
            lowest = slot;
            dropLeavesBelow(slot);
            if (leafCount > 0) {
                leaves[0].dropBelow(slot);
            }
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    private void dropLeavesBelow(long slot) {
        int gone = 0;
        while (gone < leafCount && leaves[gone].last(leaves[gone].rows - 1) < slot) {
            gone++;
        }
        System.arraycopy(leaves, gone, leaves, 0, leafCount - gone);
        Arrays.fill(leaves, leafCount - gone, leafCount, null);
        leafCount -= gone;
    }

    private void addAfterAll(long firstSlot, long lastSlot, long rank, int segment, int offset) {
        Leaf highest = leafCount == 0 ? null : leaves[leafCount - 1];
        if (highest != null) {
            int row = highest.rows - 1;
            if (highest.precedes(row, firstSlot, rank, segment) && highest.reaches(row, offset)) {
                highest.lengthen(row, lastSlot);
                return;
            }
        }
        if (highest == null || highest.rows == LEAF_ROWS) {
            insertLeaf(leafCount, takeLeaf());
        }
        Leaf leaf = leaves[leafCount - 1];
        leaf.set(leaf.rows, firstSlot, lastSlot, rank, segment, offset);
        leaf.rows++;
    }

    private void addAmong(long firstSlot, long lastSlot, long rank, int segment, int offset) {
        long slot = firstSlot;
        while (slot <= lastSlot) {
            if (seek(slot)) {
                Leaf leaf = leaves[leafAt];
                long end = Math.min(lastSlot, leaf.last(rowAt));
                if (rank >= leaf.rank[rowAt]) {
                    cut(slot, end);
                    insert(slot, end, rank, segment, offset);
                }
                slot = end + 1;
            } else {
                long end = Math.min(lastSlot, firstAfter(slot) - 1);
                insert(slot, end, rank, segment, offset);
                slot = end + 1;
            }
        }
    }

    /** Goes to the last row at or below {@code slot}. Whether that row holds it. */
    private boolean seek(long slot) {
        leafAt = Math.max(leafAtOrBelow(leaves, leafCount, slot), 0);
        rowAt = leaves[leafAt].rowAtOrBelow(slot);
        return rowAt >= 0 && leaves[leafAt].last(rowAt) >= slot;
    }

    private static int leafAtOrBelow(Leaf[] leaves, int leafCount, long slot) {
        int low = 0;
        int high = Math.min(leafCount, leaves.length) - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Leaf leaf = leaves[middle];
            if (leaf != null && leaf.first[0] <= slot) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** First slot of the row after the one {@link #seek} went to. */
    private long firstAfter(long slot) {
        if (rowAt + 1 < leaves[leafAt].rows) {
            return leaves[leafAt].first[rowAt + 1];
        }
        if (leafAt + 1 < leafCount && leaves[leafAt + 1].first[0] > slot) {
            return leaves[leafAt + 1].first[0];
        }
        return Long.MAX_VALUE;
    }

    /**
     * Takes {@code slot..end} out of the row {@link #seek} went to, which holds them, and seeks the
     * row before them.
     */
    private void cut(long slot, long end) {
        Leaf leaf = leaves[leafAt];
        int row = rowAt;
        long first = leaf.first[row];
        long last = leaf.last(row);
        if (end < last) {
            leaf.set(row, end + 1, last, leaf.rank[row], leaf.segment[row], leaf.offset[row]);
            if (slot > first) {
                rowAt = row - 1;
                insert(first, slot - 1, leaf.rank[row], leaf.segment[row], leaf.offset[row]);
            }
        } else if (slot > first) {
            leaf.set(row, first, slot - 1, leaf.rank[row], leaf.segment[row], leaf.offset[row]);
        } else {
            removeRow();
        }
        if (leafCount > 0) {
            seek(slot);
        }
    }

    private void removeRow() {
        Leaf leaf = leaves[leafAt];
        leaf.shift(rowAt + 1, rowAt);
        if (leaf.rows == 0) {
            System.arraycopy(leaves, leafAt + 1, leaves, leafAt, leafCount - leafAt - 1);
            leafCount--;
            leaves[leafCount] = null;
        }
    }

    /**
     * Inserts after the row {@link #seek} went to, or lengthens that row when it is the same
     * record.
     */
    private void insert(long firstSlot, long lastSlot, long rank, int segment, int offset) {
        if (leafCount == 0) {
            addAfterAll(firstSlot, lastSlot, rank, segment, offset);
            return;
        }
        Leaf leaf = leaves[leafAt];
        if (rowAt >= 0
                && leaf.precedes(rowAt, firstSlot, rank, segment)
                && leaf.offset[rowAt] == offset) {
            leaf.lengthen(rowAt, lastSlot);
            return;
        }
        if (leaf.rows == LEAF_ROWS) {
            Leaf upper = takeLeaf();
            leaf.moveUpperHalfTo(upper);
            insertLeaf(leafAt + 1, upper);
            if (rowAt >= leaf.rows) {
                rowAt -= leaf.rows;
                leafAt++;
            }
        }
        Leaf target = leaves[leafAt];
        target.shift(rowAt + 1, rowAt + 2);
        target.set(rowAt + 1, firstSlot, lastSlot, rank, segment, offset);
    }

    private Leaf takeLeaf() {
        Leaf leaf = spare;
        spare = null;
        return leaf != null ? leaf : new Leaf();
    }

    private void insertLeaf(int at, Leaf leaf) {
        if (leafCount == leaves.length) {
            leaves = Arrays.copyOf(leaves, leafCount * 2);
        }
        System.arraycopy(leaves, at, leaves, at + 1, leafCount - at);
        leaves[at] = leaf;
        leafCount++;
    }

    /**
     * Finds the run of slots around {@code slot} and where to look for their records. False when no
     * record holds it.
     */
    boolean find(long slot, Place place) {
        while (true) {
            long stamp = lock.tryOptimisticRead();
            if (stamp == 0) {
                Thread.onSpinWait();
                continue;
            }
            boolean found = read(slot, place);
            if (lock.validate(stamp)) {
                return found;
            }
        }
    }

    // May see a change half done; what it returns then is thrown away.
    private boolean read(long slot, Place place) {
        Leaf[] all = leaves;
        int at = leafAtOrBelow(all, leafCount, slot);
        Leaf leaf = at < 0 ? null : all[at];
        int row = leaf == null ? -1 : leaf.rowAtOrBelow(slot);
        if (row < 0) {
            return false;
        }
        place.firstSlot = leaf.first[row];
        place.lastSlot = leaf.last(row);
        place.rank = leaf.rank[row];
        place.segment = leaf.segment[row];
        place.offset = leaf.offset[row];
        return slot <= place.lastSlot;
    }

    /** Number of runs; for tests and measurements. */
    int runs() {
        int runs = 0;
        for (int i = 0; i < leafCount; i++) {
            runs += leaves[i].rows;
        }
        return runs;
    }
}
