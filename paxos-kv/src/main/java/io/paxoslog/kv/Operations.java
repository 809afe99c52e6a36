package io.paxoslog.kv;

import java.util.function.LongPredicate;

/** Checks and does single operations, and writes what they answer. */
final class Operations {
    private static final int NOT_ASKED = 0;
    private static final int FOLLOWS = 1;
    private static final int LEFT_OUT = 2;

    private final KvStore store;
    private final Changes changes;
    private final KvOutput out;
    private final RangeReader ranges;
    private final LongPredicate leases;
    private final KeyTree.Cursor cursor = new KeyTree.Cursor();
    private long comparisonsLeft;

    /**
     * @param leases whether there is such a lease
     */
    Operations(KvStore store, KvOutput out, LongPredicate leases) {
        this.store = store;
        this.out = out;
        this.leases = leases;
        changes = store.changes();
        ranges = new RangeReader(store, out);
    }

    RangeReader ranges() {
        return ranges;
    }

    /** Whether a put is right in itself. */
    static KvResult check(KvPut put) {
        if (put.key.isEmpty()) {
            return KvResult.EMPTY_KEY;
        }
        if (put.isKeepingValue() && !put.value.isEmpty()) {
            return KvResult.VALUE_PROVIDED;
        }
        return put.isKeepingLease() && put.lease != 0 ? KvResult.LEASE_PROVIDED : KvResult.DONE;
    }

    static KvResult check(Slice key) {
        return key.isEmpty() ? KvResult.EMPTY_KEY : KvResult.DONE;
    }

    /** Whether what there is admits a put that is right in itself. */
    KvResult admit(KvPut put, int replyBytes) {
        if ((put.isKeepingValue() || put.isKeepingLease()) && store.find(put.key) == Cells.NONE) {
            return KvResult.KEY_NOT_FOUND;
        }
        if (put.lease != 0 && !leases.test(put.lease)) {
            return KvResult.LEASE_NOT_FOUND;
        }
        return put.value.length > mostValueBytes(put.key.length, replyBytes)
                ? KvResult.TOO_LARGE
                : KvResult.DONE;
    }

    /** What nobody could read again is not taken. */
    static int mostValueBytes(int keyLength, int replyBytes) {
        return replyBytes
                - KvFormat.REPLY_HEADER_BYTES
                - KvFormat.RANGE_BYTES
                - KvFormat.MOST_KEY_BYTES
                - KvFormat.KEY_VALUE_BYTES
                - keyLength;
    }

    /** What a put adds to what counts. */
    long bytesOf(KvPut put) {
        int there = put.isKeepingValue() ? store.find(put.key) : Cells.NONE;
        int length = there == Cells.NONE ? put.value.length : changes.valueLength(there);
        return store.bytesOf(put.key, length);
    }

    /**
     * Puts.
     *
     * @param most so many bytes may have been written then
     */
    void put(KvPut put, int most) {
        int before = store.find(put.key);
        if (!put.isWithPrevious() || before == Cells.NONE) {
            out.u8(NOT_ASKED);
        } else if (ranges.bytesOf(before) >= most - out.length()) {
            out.u8(LEFT_OUT);
        } else {
            out.u8(FOLLOWS);
            ranges.write(before, false);
        }
        boolean isThere = before != Cells.NONE;
        long lease = put.isKeepingLease() && isThere ? changes.lease(before) : put.lease;
        if (put.isKeepingValue() && isThere) {
            store.putAgain(put.key, before, lease);
        } else {
            store.put(put.key, put.value, lease);
        }
    }

    /** Deletes, as {@link #put}. */
    void delete(KvDelete delete, int most) {
        int begin = out.length();
        out.i64(0).i32(0);
        int written = delete.isWithPrevious() ? writePrevious(delete, most) : 0;
        out.setI64(begin, store.deleteAll(delete.key, delete.end));
        out.setI32(begin + Long.BYTES, written);
    }

    private int writePrevious(KvDelete delete, int most) {
        int written = 0;
        store.tree().seek(cursor, delete.key, delete.end);
        for (int key = cursor.key(); key != Cells.NONE; key = cursor.key()) {
            if (!store.isWithin(key, delete.key, delete.end)) {
                break;
            }
            int change = store.valueOf(key);
            if (change != Cells.NONE) {
                if (ranges.bytesOf(change) > most - out.length()) {
                    break;
                }
                ranges.write(change, false);
                written++;
            }
            cursor.advance();
        }
        return written;
    }

    /** What nodes do follows from the version that is agreed. */
    void obey(int version) {
        ranges.obey(version);
    }

    /** A transaction begins, whose conditions together look at so many keys at most. */
    void beginTransaction() {
        comparisonsLeft = ranges.isBounded() ? KvFormat.MOST_LOOKED_AT : Long.MAX_VALUE;
        ranges.beginTransaction();
    }

    /** Whether conditions of this transaction have looked at more. */
    boolean isTooMuchCompared() {
        return comparisonsLeft < 0;
    }

    /** Whether a condition holds for every key in its range. */
    boolean holds(KvCompare compare) {
        boolean isAny = false;
        store.tree().seek(cursor, compare.key, compare.end);
        for (int key = cursor.key(); key != Cells.NONE; key = cursor.key()) {
            if (!store.isWithin(key, compare.key, compare.end) || --comparisonsLeft < 0) {
                break;
            }
            int change = store.valueOf(key);
            if (change != Cells.NONE) {
                isAny = true;
                if (!compare.holds(changes, change)) {
                    return false;
                }
            }
            cursor.advance();
        }
        return isAny || compare.holds(changes, Cells.NONE);
    }
}
