package io.paxoslog.kv;

/** Puts a value at a key. Not thread-safe; what it was made with must not change. */
public final class KvPut extends KvOperation {
    private static final int PREVIOUS = 1;
    private static final int KEEP_VALUE = 2;
    private static final int KEEP_LEASE = 4;
    private static final int ALL_FLAGS = PREVIOUS | KEEP_VALUE | KEEP_LEASE;

    final Slice key = new Slice();
    final Slice value = new Slice();
    long lease;
    private int flags;

    KvPut() {}

    /** A put of a value. */
    public static KvPut of(byte[] key, byte[] value) {
        KvPut put = new KvPut();
        put.key.set(Slice.of(key));
        put.value.set(Slice.of(value));
        return put;
    }

    /** Answers with what was there before. */
    public KvPut withPrevious() {
        flags |= PREVIOUS;
        return this;
    }

    /** Leaves the value as it is; its own is to be empty. Needs a key that is there. */
    public KvPut keepingValue() {
        flags |= KEEP_VALUE;
        return this;
    }

    /** Leaves the lease as it is. Needs a key that is there. */
    public KvPut keepingLease() {
        flags |= KEEP_LEASE;
        return this;
    }

    /** Ties the key to a lease; 0: to none. */
    public KvPut withLease(long id) {
        lease = id;
        return this;
    }

    boolean isWithPrevious() {
        return (flags & PREVIOUS) != 0;
    }

    boolean isKeepingValue() {
        return (flags & KEEP_VALUE) != 0;
    }

    boolean isKeepingLease() {
        return (flags & KEEP_LEASE) != 0;
    }

    void read(KvInput in) {
        flags = in.u8();
        lease = in.i64();
        in.slice(key);
        in.slice(value);
        if (flags > ALL_FLAGS || key.length > KvFormat.MOST_KEY_BYTES) {
            in.refuse();
        }
    }

    @Override
    int kind() {
        return KvFormat.PUT;
    }

    @Override
    void write(KvOutput out) {
        out.u8(flags).i64(lease).slice(key).slice(value);
    }
}
