package io.paxoslog.core;

import java.util.Arrays;

/**
 * Bounded memory of slots that hold a value, as ranges in slot order that never overlap: what an
 * acceptor accepted above its commit index, or what a candidate was told by promises.
 *
 * <p>When memory runs short, ranges below {@link #mayShedBelow} keep their place but lose their
 * bytes, which the journal still has.
 */
final class OpenSlots {
    private static final int INITIAL_RANGES = 64;

    private final ValuePool pool;
    private final Batch slice = new Batch();
    private HeldRange[] ranges = new HeldRange[INITIAL_RANGES];
    private HeldRange[] spares = new HeldRange[INITIAL_RANGES];
    private int spareCount;
    private int head;
    private int size;
    private int shedPrefix;
    private long shedBelow;

    OpenSlots(long limitBytes) {
        this.pool = new ValuePool(limitBytes);
    }

    int size() {
        return size;
    }

    /** The range at a position, in slot order. */
    HeldRange get(int index) {
        return ranges[(head + index) & (ranges.length - 1)];
    }

    /** Highest slot held, or 0. */
    long lastSlot() {
        return size == 0 ? 0 : get(size - 1).lastSlot;
    }

    /** Slots below this one may lose their bytes when memory runs short. Never falls. */
    void mayShedBelow(long slot) {
        shedBelow = Math.max(shedBelow, slot);
    }

    /**
     * Holds a batch in place of whatever was held in its slots.
     *
     * @return false when memory is used up; nothing has changed then
     */
    boolean put(Batch batch) {
        ValuePool.Chunk chunk = null;
        if (batch.length() > 0) {
            chunk = room(batch);
            if (chunk == null) {
                return false;
            }
        }
        if (size == 0 || batch.firstSlot() > lastSlot()) {
            insert(size, spare().hold(batch, chunk));
        } else if (!replaced(batch, chunk)) {
            insert(clear(batch.firstSlot(), batch.lastSlot()), spare().hold(batch, chunk));
        }
        return true;
    }

    /** A new leader proposes the same ranges again, all of them: nothing need move for that. */
    private boolean replaced(Batch batch, ValuePool.Chunk chunk) {
        int index = firstEndingAtOrAfter(batch.firstSlot());
        HeldRange range = get(index);
        if (range.firstSlot != batch.firstSlot() || range.lastSlot != batch.lastSlot()) {
            return false;
        }
        range.releaseBytes(pool);
        range.hold(batch, chunk);
        shedPrefix = Math.min(shedPrefix, index);
        return true;
    }

    /** Holds those slots of a batch for which nothing of an equal or higher ballot is held. */
    boolean putWhereHighest(Batch batch) {
        long next = batch.firstSlot();
        long last = batch.lastSlot();
        while (next <= last) {
            int index = firstEndingAtOrAfter(next);
            while (index < size
                    && get(index).firstSlot <= last
                    && get(index).givesWayTo(batch.ballot())) {
                index++;
            }
            boolean meets = index < size && get(index).firstSlot <= last;
            long freeUpTo = meets ? get(index).firstSlot - 1 : last;
            long resume = meets ? get(index).lastSlot + 1 : last + 1;
            if (next <= freeUpTo && !put(slice.slice(batch, next, freeUpTo))) {
                return false;
            }
            next = resume;
        }
        return true;
    }

    /**
     * Holds slots whose value is lost, in place of what is held there under this ballot or a lower
     * one. The bytes of the batch mean nothing.
     */
    void putUnknown(Batch batch) {
        long next = batch.firstSlot();
        long last = batch.lastSlot();
        while (next <= last) {
            int index = firstEndingAtOrAfter(next);
            boolean isHeld = index < size && get(index).firstSlot <= next;
            long upTo = last;
            if (index < size) {
                long bound = isHeld ? get(index).lastSlot : get(index).firstSlot - 1;
                upTo = Math.min(last, bound);
            }
            if (!isHeld || get(index).ballot <= batch.ballot()) {
                insertUnknown(batch.ballot(), next, upTo);
            }
            next = upTo + 1;
        }
    }

    private void insertUnknown(long ballot, long from, long to) {
        slice.slots(ballot, from, (int) (to - from + 1)).value(Batch.NO_OP, 0, 0).noBytes();
        HeldRange range = spare().hold(slice, null);
        range.isUnknown = true;
        range.isShed = true;
        insert(clear(from, to), range);
    }

    private ValuePool.Chunk room(Batch batch) {
        ValuePool.Chunk chunk = pool.copyOf(batch.buffer(), batch.length());
        while (chunk == null && shedOne()) {
            chunk = pool.copyOf(batch.buffer(), batch.length());
        }
        return chunk;
    }

    private boolean shedOne() {
        while (shedPrefix < size && get(shedPrefix).lastSlot < shedBelow) {
            HeldRange range = get(shedPrefix);
            boolean freed = range.hasChunk();
            range.shed(pool);
            if (!joinsRangeBefore(range)) {
                shedPrefix++;
            }
            if (freed) {
                return true;
            }
        }
        return false;
    }

    /** Shed ranges need no bytes apart, so a node that lags for long keeps few of them. */
    private boolean joinsRangeBefore(HeldRange range) {
        if (shedPrefix == 0) {
            return false;
        }
        HeldRange before = get(shedPrefix - 1);
        if (before.ballot != range.ballot
                || before.isUnknown != range.isUnknown
                || before.lastSlot + 1 != range.firstSlot) {
            return false;
        }
        before.lastSlot = range.lastSlot;
        remove(shedPrefix);
        return true;
    }

    /** Makes {@code from..to} free and returns the index at which a range for it belongs. */
    private int clear(long from, long to) {
        int index = firstEndingAtOrAfter(from);
        if (index == size) {
            return index;
        }
        HeldRange range = get(index);
        if (range.firstSlot < from) {
            if (range.lastSlot > to) {
                HeldRange rest = spare().share(range);
                rest.cutFront(to + 1);
                insert(index + 1, rest);
            }
            range.cutBack(from - 1);
            index++;
        }
        while (index < size && get(index).lastSlot <= to) {
            remove(index);
        }
        if (index < size && get(index).firstSlot <= to) {
            get(index).cutFront(to + 1);
        }
        return index;
    }

    /** Forgets every range that ends at or below a slot. */
    void dropUpTo(long slot) {
        while (size > 0 && get(0).lastSlot <= slot) {
            remove(0);
        }
    }

    /** Forgets everything. */
    void clear() {
        dropUpTo(Long.MAX_VALUE);
    }

    /** Index of the range that holds a slot, or -1. */
    int indexOf(long slot) {
        int index = firstEndingAtOrAfter(slot);
        return index < size && get(index).firstSlot <= slot ? index : -1;
    }

    /**
     * Index of the first range with a slot at or above this one; {@link #size()} when there is
     * none.
     */
    int firstEndingAtOrAfter(long slot) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (get(middle).lastSlot < slot) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * Highest slot u such that every slot from {@code from} to u is held under this ballot, with
     * its value; {@code from - 1} if none.
     */
    long unbrokenFrom(long from, long ballot) {
        return unbrokenFrom(from, ballot, false);
    }

    /** As {@link #unbrokenFrom}, over slots whose value is lost, too. */
    long acceptedFrom(long from, long ballot) {
        return unbrokenFrom(from, ballot, true);
    }

    private long unbrokenFrom(long from, long ballot, boolean orUnknown) {
        long reached = from - 1;
        for (int i = firstEndingAtOrAfter(from); i < size; i++) {
            HeldRange range = get(i);
            if (range.firstSlot > reached + 1
                    || range.ballot != ballot
                    || (range.isUnknown && !orUnknown)) {
                return reached;
            }
            reached = range.lastSlot;
        }
        return reached;
    }

    private void insert(int index, HeldRange range) {
        if (size == ranges.length) {
            grow();
        }
        for (int i = size; i > index; i--) {
            set(i, get(i - 1));
        }
        set(index, range);
        size++;
        if (index < shedPrefix) {
            shedPrefix = index;
        }
    }

    private void remove(int index) {
        HeldRange range = get(index);
        range.releaseBytes(pool);
        if (spareCount < spares.length) {
            spares[spareCount++] = range;
        }
        // The front is short: either nothing, or the few shed ranges of a node that lags.
        for (int i = index; i > 0; i--) {
            set(i, get(i - 1));
        }
        set(0, null);
        head = (head + 1) & (ranges.length - 1);
        size--;
        if (index < shedPrefix) {
            shedPrefix--;
        }
    }

    private HeldRange spare() {
        return spareCount == 0 ? new HeldRange() : spares[--spareCount];
    }

    private void set(int index, HeldRange range) {
        ranges[(head + index) & (ranges.length - 1)] = range;
    }

    private void grow() {
        HeldRange[] larger = new HeldRange[ranges.length * 2];
        for (int i = 0; i < size; i++) {
            larger[i] = get(i);
        }
        ranges = larger;
        head = 0;
        spares = Arrays.copyOf(spares, larger.length);
    }
}
