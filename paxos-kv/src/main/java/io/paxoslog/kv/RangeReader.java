package io.paxoslog.kv;

import java.util.Arrays;

/** Answers ranges. */
final class RangeReader {
    private final KvStore store;
    private final Keys keys;
    private final Changes changes;
    private final KeyTree.Cursor cursor = new KeyTree.Cursor();
    private final KvOutput out;
    private int mostBytes;
    private long count;
    private int written;
    private int flags;

    /** So many keys, and changes passed on the way to an old revision, may be looked at yet. */
    private long left;

    private boolean isBounded = true;

    RangeReader(KvStore store, KvOutput out) {
        this.store = store;
        this.out = out;
        keys = store.keys();
        changes = store.changes();
    }

    /** Until version 2 transactions look at whatever there is. */
    void obey(int version) {
        isBounded = version >= KvFormat.FIRST_WITH_LEASES;
    }

    /** Whether there is a bound for what transactions look at. */
    boolean isBounded() {
        return isBounded;
    }

    /** Whether a revision can be read. */
    KvResult check(long revision) {
        if (revision > store.revision()) {
            return KvResult.FUTURE_REVISION;
        }
        return revision > 0 && revision < store.compacted() ? KvResult.COMPACTED : KvResult.DONE;
    }

    /**
     * Writes the answer to a range whose revision was checked, or a piece of it that names the key
     * to go on with. Nothing can be sorted of which not all was looked at.
     *
     * @param most so many bytes may have been written then, but for that key
     */
    KvResult writePiece(KvRange range, int most) {
        left = KvFormat.MOST_LOOKED_AT;
        if (!write(range, most, true)) {
            return KvResult.TOO_MANY_KEYS;
        }
        // What comes next might be too large for any answer.
        return written > 0 || (flags & KvFormat.CUT) == 0 ? KvResult.DONE : KvResult.TOO_LARGE;
    }

    /** A transaction begins, all whose ranges together look at so much at most. */
    void beginTransaction() {
        left = isBounded ? KvFormat.MOST_LOOKED_AT : Long.MAX_VALUE;
    }

    /**
     * Writes the answer to a range of a transaction, whose revision was checked. What does not fit
     * is left out, and so is what is too much to look at.
     *
     * @param most so many bytes may have been written then
     */
    void writeWithin(KvRange range, int most) {
        write(range, most, false);
    }

    /** False where there is too much to be sorted. */
    private boolean write(KvRange range, int most, boolean isPiece) {
        int begin = out.length();
        mostBytes = most;
        count = 0;
        written = 0;
        flags = 0;
        out.i64(0).u8(0).i32(0);
        int next = Cells.NONE;
        boolean isDone = true;
        if (range.isSorted()) {
            isDone = writeSorted(range);
        } else {
            next = writeInOrder(range, isPiece);
        }
        flags |= isDone ? 0 : KvFormat.CUT;
        out.setI64(begin, count);
        out.setU8(begin + Long.BYTES, flags);
        out.setI32(begin + Long.BYTES + Byte.BYTES, written);
        if (next == Cells.NONE) {
            out.nothing();
        } else {
            out.key(keys, next);
        }
        return isDone;
    }

    /** False when that was all that may be looked at. */
    private boolean lookAtOne() {
        return left-- > 0;
    }

    private long revisionOf(KvRange range) {
        return range.revision > 0 ? range.revision : store.readable();
    }

    /** Returns the key to go on with, if any. */
    private int writeInOrder(KvRange range, boolean isPiece) {
        long revision = revisionOf(range);
        store.tree().seek(cursor, range.key, range.end);
        for (int key = cursor.key(); key != Cells.NONE; key = cursor.key()) {
            if (!store.isWithin(key, range.key, range.end)) {
                break;
            }
            if (!lookAtOne()) {
                flags |= isPiece ? 0 : KvFormat.CUT;
                return isPiece ? key : Cells.NONE;
            }
            int change = store.valueAt(keys.newest(key), revision);
            left -= isBounded ? store.steps() : 0;
            if (change != Cells.NONE) {
                if (!take(range, change) && isPiece) {
                    return key;
                }
                count++;
            }
            cursor.advance();
        }
        return Cells.NONE;
    }

    /** False when there is no room for it. */
    private boolean take(KvRange range, int change) {
        if (range.isCountOnly() || !range.admits(changes, change)) {
            return true;
        }
        if (range.limit > 0 && written >= range.limit) {
            flags |= KvFormat.MORE;
            return true;
        }
        return writeIfItFits(change, range.isKeysOnly());
    }

    /** What was left out once is left out from there on. */
    private boolean writeIfItFits(int change, boolean isKeyOnly) {
        int bytes = bytesOf(change) - (isKeyOnly ? changes.valueLength(change) : 0);
        if ((flags & KvFormat.CUT) != 0 || bytes > mostBytes - out.length()) {
            flags |= KvFormat.CUT;
            return false;
        }
        write(change, isKeyOnly);
        written++;
        return true;
    }

    /** What a key and its value take of an answer. */
    int bytesOf(int change) {
        return KvFormat.KEY_VALUE_BYTES
                + keys.length(changes.key(change))
                + changes.valueLength(change);
    }

    void write(int change, boolean isKeyOnly) {
        out.i64(changes.created(change))
                .i64(changes.main(change))
                .i64(changes.version(change))
                .i64(changes.lease(change))
                .key(keys, changes.key(change));
        if (isKeyOnly) {
            out.nothing();
        } else {
            out.value(changes, change);
        }
    }

    private boolean writeSorted(KvRange range) {
        left = isBounded ? left : Long.MAX_VALUE;
        int[] found = find(range);
        if (found == null) {
            return false;
        }
        if (range.target != KvRange.Target.KEY) {
            new ChangeSort(changes, range.target, range.order).sort(found);
        } else {
            reverse(found);
        }
        for (long i = range.skipped; i < found.length; i++) {
            if (range.limit > 0 && i - range.skipped >= range.limit) {
                flags |= KvFormat.MORE;
                return true;
            }
            if (!writeIfItFits(found[(int) i], range.isKeysOnly())) {
                return true;
            }
        }
        return true;
    }

    /** Null: there is more than may be looked at. */
    private int[] find(KvRange range) {
        long revision = revisionOf(range);
        int[] found = new int[16];
        int meant = 0;
        store.tree().seek(cursor, range.key, range.end);
        for (int key = cursor.key(); key != Cells.NONE; key = cursor.key()) {
            if (!store.isWithin(key, range.key, range.end)) {
                break;
            }
            if (!lookAtOne()) {
                return null;
            }
            int change = store.valueAt(keys.newest(key), revision);
            left -= isBounded ? store.steps() : 0;
            if (change != Cells.NONE) {
                count++;
                if (range.admits(changes, change)) {
                    found = meant == found.length ? Arrays.copyOf(found, 2 * meant) : found;
                    found[meant++] = change;
                }
            }
            cursor.advance();
        }
        return Arrays.copyOf(found, meant);
    }

    private static void reverse(int[] found) {
        for (int low = 0, high = found.length - 1; low < high; low++, high--) {
            int changed = found[low];
            found[low] = found[high];
            found[high] = changed;
        }
    }
}
