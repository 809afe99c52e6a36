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

    RangeReader(KvStore store, KvOutput out) {
        this.store = store;
        this.out = out;
        keys = store.keys();
        changes = store.changes();
    }

    /** Whether a revision can be read. */
    KvResult check(long revision) {
        if (revision > store.revision()) {
            return KvResult.FUTURE_REVISION;
        }
        return revision > 0 && revision < store.compacted() ? KvResult.COMPACTED : KvResult.DONE;
    }

    /**
     * Writes the answer to a range whose revision was checked.
     *
     * @param most so many bytes may have been written then, but for a key to go on with
     * @param lookedAt after so many keys it names one to go on with, as it does where bytes do not
     *     suffice; 0: it goes to the end, and leaves out what does not fit
     * @return whether it got any further: what comes next might be too large for any answer
     */
    boolean write(KvRange range, int most, int lookedAt) {
        int begin = out.length();
        mostBytes = most;
        count = 0;
        written = 0;
        flags = 0;
        out.i64(0).u8(0).i32(0);
        int next = Cells.NONE;
        if (range.isSorted()) {
            writeSorted(range);
        } else {
            next = writeInOrder(range, lookedAt);
        }
        out.setI64(begin, count);
        out.setU8(begin + Long.BYTES, flags);
        out.setI32(begin + Long.BYTES + Byte.BYTES, written);
        if (next == Cells.NONE) {
            out.nothing();
        } else {
            out.key(keys, next);
        }
        return written > 0 || (flags & KvFormat.CUT) == 0;
    }

    private long revisionOf(KvRange range) {
        return range.revision > 0 ? range.revision : store.readable();
    }

    /** Returns the key to go on with, if any. */
    private int writeInOrder(KvRange range, int lookedAt) {
        long revision = revisionOf(range);
        int left = lookedAt;
        store.tree().seek(cursor, range.key);
        for (int key = cursor.key(); key != Cells.NONE; key = cursor.key()) {
            if (!store.isWithin(key, range.key, range.end)) {
                break;
            }
            if (lookedAt > 0 && left-- == 0) {
                return key;
            }
            int change = store.valueAt(keys.newest(key), revision);
            if (change != Cells.NONE) {
                if (!take(range, change) && lookedAt > 0) {
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
        int value = isKeyOnly ? 0 : changes.valueLength(change);
        int bytes = KvFormat.KEY_VALUE_BYTES + keys.length(changes.key(change)) + value;
        if ((flags & KvFormat.CUT) != 0 || bytes > mostBytes - out.length()) {
            flags |= KvFormat.CUT;
            return false;
        }
        write(change, isKeyOnly);
        written++;
        return true;
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

    private void writeSorted(KvRange range) {
        int[] found = find(range);
        if (range.target != KvRange.Target.KEY) {
            new ChangeSort(changes, range.target, range.order).sort(found);
        } else {
            reverse(found);
        }
        for (long i = range.skipped; i < found.length; i++) {
            if (range.limit > 0 && i - range.skipped >= range.limit) {
                flags |= KvFormat.MORE;
                return;
            }
            if (!writeIfItFits(found[(int) i], range.isKeysOnly())) {
                return;
            }
        }
    }

    private int[] find(KvRange range) {
        long revision = revisionOf(range);
        int[] found = new int[16];
        int meant = 0;
        store.tree().seek(cursor, range.key);
        for (int key = cursor.key(); key != Cells.NONE; key = cursor.key()) {
            if (!store.isWithin(key, range.key, range.end)) {
                break;
            }
            int change = store.valueAt(keys.newest(key), revision);
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
