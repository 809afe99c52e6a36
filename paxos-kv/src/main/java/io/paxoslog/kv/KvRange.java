package io.paxoslog.kv;

/** Reads keys and values. Not thread-safe; what it was made with must not change. */
public final class KvRange extends KvOperation {
    /** What a range is sorted by. */
    public enum Target {
        /** The bytes of keys. */
        KEY(0),
        /** How often the key was put since it was created. */
        VERSION(1),
        /** The revision that created the key. */
        CREATE_REVISION(2),
        /** The revision that put the value. */
        MOD_REVISION(3),
        /** The bytes of values. */
        VALUE(4);

        private final int number;

        Target(int number) {
            this.number = number;
        }
    }

    /** In which order keys and values come. */
    public enum Order {
        /** By key; by another target from low to high. */
        NONE(0),
        /** From low to high. */
        ASCENDING(1),
        /** From high to low. */
        DESCENDING(2);

        private final int number;

        Order(int number) {
            this.number = number;
        }
    }

    private static final int KEYS_ONLY = 1;
    private static final int COUNT_ONLY = 2;
    private static final int ALL_FLAGS = KEYS_ONLY | COUNT_ONLY;
    private static final Target[] TARGETS = Target.values();
    private static final Order[] ORDERS = Order.values();

    final Slice key = new Slice();
    final Slice end = new Slice();
    long limit;
    long revision;
    long skipped;
    Order order = Order.NONE;
    Target target = Target.KEY;
    private int flags;
    private long leastModified;
    private long mostModified;
    private long leastCreated;
    private long mostCreated;

    KvRange() {}

    /** Reads one key. */
    public static KvRange of(byte[] key) {
        return of(KeyRange.only(key));
    }

    /** Reads all keys in a range. */
    public static KvRange of(KeyRange keys) {
        KvRange range = new KvRange();
        range.key.set(keys.key());
        range.end.set(keys.end());
        return range;
    }

    /** At most so many; 0: all. */
    public KvRange limit(long most) {
        limit = most;
        return this;
    }

    /** As it was at a revision; 0: as it is. */
    public KvRange atRevision(long readRevision) {
        revision = readRevision;
        return this;
    }

    /** In an order of something. */
    public KvRange sortedBy(Target by, Order in) {
        target = by;
        order = in;
        return this;
    }

    /** Without the values. */
    public KvRange keysOnly() {
        flags |= KEYS_ONLY;
        return this;
    }

    /** As if it had not been asked for keys alone. */
    void withValues() {
        flags &= ~KEYS_ONLY;
    }

    /** Only how many there are. */
    public KvRange countOnly() {
        flags |= COUNT_ONLY;
        return this;
    }

    /** Only what was last put within these revisions; 0: without that bound. */
    public KvRange modifiedWithin(long least, long most) {
        leastModified = least;
        mostModified = most;
        return this;
    }

    /** Only what was created within these revisions; 0: without that bound. */
    public KvRange createdWithin(long least, long most) {
        leastCreated = least;
        mostCreated = most;
        return this;
    }

    boolean isKeysOnly() {
        return (flags & KEYS_ONLY) != 0;
    }

    boolean isCountOnly() {
        return (flags & COUNT_ONLY) != 0;
    }

    /** Whether it is another order than that in which keys lie. */
    boolean isSorted() {
        return !isCountOnly() && (target != Target.KEY || order == Order.DESCENDING);
    }

    /** Whether a range that is answered with values takes this one in. */
    boolean admits(Changes changes, int change) {
        return isWithin(changes.main(change), leastModified, mostModified)
                && isWithin(changes.created(change), leastCreated, mostCreated);
    }

    private static boolean isWithin(long revision, long least, long most) {
        return (least == 0 || revision >= least) && (most == 0 || revision <= most);
    }

    void read(KvInput in) {
        flags = in.u8();
        order = ORDERS[in.choice(ORDERS.length)];
        target = TARGETS[in.choice(TARGETS.length)];
        limit = in.i64();
        revision = in.i64();
        leastModified = in.i64();
        mostModified = in.i64();
        leastCreated = in.i64();
        mostCreated = in.i64();
        skipped = in.i64();
        in.slice(key);
        in.slice(end);
        // A key to go on with may be one byte longer.
        boolean isKey = key.length <= KvFormat.MOST_KEY_BYTES + 1;
        if (flags > ALL_FLAGS || skipped < 0 || !isKey) {
            in.refuse();
        }
    }

    /** As another one. */
    KvRange set(KvRange other) {
        flags = other.flags;
        order = other.order;
        target = other.target;
        limit = other.limit;
        revision = other.revision;
        leastModified = other.leastModified;
        mostModified = other.mostModified;
        leastCreated = other.leastCreated;
        mostCreated = other.mostCreated;
        skipped = other.skipped;
        key.set(other.key);
        end.set(other.end);
        return this;
    }

    @Override
    int kind() {
        return KvFormat.RANGE;
    }

    @Override
    void write(KvOutput out) {
        out.u8(flags)
                .u8(order.number)
                .u8(target.number)
                .i64(limit)
                .i64(revision)
                .i64(leastModified)
                .i64(mostModified)
                .i64(leastCreated)
                .i64(mostCreated)
                .i64(skipped)
                .slice(key)
                .slice(end);
    }
}
