package io.paxoslog.kv;

/**
 * Deletes a key, or all keys in a range. Not thread-safe; what it was made with must not change.
 */
public final class KvDelete extends KvOperation {
    private static final int PREVIOUS = 1;

    final Slice key = new Slice();
    final Slice end = new Slice();
    private int flags;

    KvDelete() {}

    /** Deletes one key. */
    public static KvDelete of(byte[] key) {
        return of(KeyRange.only(key));
    }

    /** Deletes all keys in a range. */
    public static KvDelete of(KeyRange range) {
        KvDelete delete = new KvDelete();
        delete.key.set(range.key());
        delete.end.set(range.end());
        return delete;
    }

    /** Answers with what was there before. */
    public KvDelete withPrevious() {
        flags |= PREVIOUS;
        return this;
    }

    boolean isWithPrevious() {
        return (flags & PREVIOUS) != 0;
    }

    void read(KvInput in) {
        flags = in.u8();
        in.slice(key);
        in.slice(end);
        if (flags > PREVIOUS || key.length > KvFormat.MOST_KEY_BYTES) {
            in.refuse();
        }
    }

    @Override
    int kind() {
        return KvFormat.DELETE;
    }

    @Override
    void write(KvOutput out) {
        out.u8(flags).slice(key).slice(end);
    }
}
