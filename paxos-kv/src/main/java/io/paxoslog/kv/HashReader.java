package io.paxoslog.kv;

/**
 * Answers what all that is kept at a revision hashes to, as if compaction had left nothing behind:
 * a sum, so that pieces add up.
 */
final class HashReader {
    private final KvStore store;
    private final Keys keys;
    private final Changes changes;
    private final KvOutput out;
    private final KeyTree.Cursor cursor = new KeyTree.Cursor();

    HashReader(KvStore store, KvOutput out) {
        this.store = store;
        this.out = out;
        keys = store.keys();
        changes = store.changes();
    }

    void write(long revision, Slice from, int lookedAt) {
        long sum = 0;
        int left = lookedAt;
        store.tree().seek(cursor, from);
        while (cursor.key() != Cells.NONE && left-- > 0) {
            sum += sumOf(keys.newest(cursor.key()), revision);
            cursor.advance();
        }
        out.i64(sum).i64(store.compacted());
        if (cursor.key() == Cells.NONE) {
            out.nothing();
        } else {
            out.key(keys, cursor.key());
        }
    }

    private long sumOf(int newest, long revision) {
        long sum = 0;
        for (int change = newest; change != Cells.NONE; change = changes.previous(change)) {
            if (changes.main(change) <= store.compacted()) {
                boolean isKept = changes.main(change) <= revision && !changes.isDeletion(change);
                return sum + (isKept ? changes.hash(change) : 0);
            }
            sum += changes.main(change) <= revision ? changes.hash(change) : 0;
        }
        return sum;
    }
}
