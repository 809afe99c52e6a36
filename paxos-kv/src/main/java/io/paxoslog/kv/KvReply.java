package io.paxoslog.kv;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** What the store answered. Immutable but for the bytes of keys and values. */
public final class KvReply {
    /**
     * A key and its value.
     *
     * @param created the revision that created the key
     * @param modified the revision that put the value
     * @param version how often the key was put since it was created, from 1
     * @param lease what the key is tied to; 0: nothing
     */
    @SuppressWarnings("ArrayRecordComponent") // Whoever reads millions of them wants no copies.
    public record Entry(
            byte[] key, byte[] value, long created, long modified, long version, long lease) {
        private static final byte[] NO_VALUE = {};

        Entry withoutValue() {
            return new Entry(key, NO_VALUE, created, modified, version, lease);
        }
    }

    /**
     * How the store stands.
     *
     * @param compacted the revision that all before it was compacted to; below 0: nothing was
     * @param bytes what counts against the quota
     * @param retained how many revisions are kept; 0: all
     * @param isAlarmed whether puts are refused, as the quota was used up
     * @param keys how many there are
     */
    public record Status(
            long compacted,
            long bytes,
            long quotaBytes,
            long retained,
            boolean isAlarmed,
            long keys) {}

    private static final int FOLLOWS = 1;
    private static final int LEFT_OUT = 2;

    private int kind;
    private KvResult result = KvResult.MALFORMED;
    private long revision;
    private final List<Entry> entries = new ArrayList<>();
    private final List<KvReply> operations = new ArrayList<>();
    private long count;
    private boolean hasMore;
    private boolean isCut;
    private boolean hasSucceeded;
    private byte[] next = {};
    private long hash;
    private long compacted;
    private Status status;
    private long lease;
    private long ttlSeconds;
    private long secondsLeft;
    private final List<byte[]> keys = new ArrayList<>();
    private final List<Long> leases = new ArrayList<>();

    private KvReply() {}

    /** The reply to an operation. */
    public static KvReply of(KvOperation operation, byte[] reply) {
        return of(operation.kind(), reply);
    }

    /** The reply to a compaction, a bound, or a disarming. */
    public static KvReply of(byte[] reply) {
        return of(KvFormat.DISARM, reply);
    }

    /** The reply to a question for {@link #status}. */
    public static KvReply ofStatus(byte[] reply) {
        return of(KvFormat.STATUS, reply);
    }

    /** The reply to what grants a lease, or keeps it alive. */
    public static KvReply ofLease(byte[] reply) {
        return of(KvFormat.GRANT, reply);
    }

    static KvReply of(int kind, byte[] bytes) {
        KvInput in = new KvInput().wrap(new UnsafeBuffer(bytes), 0, bytes.length);
        KvReply reply = new KvReply();
        boolean isKnown = in.u8() == KvFormat.VERSION;
        KvResult result = KvResult.of(in.u8());
        reply.revision = in.i64();
        if (result == KvResult.DONE) {
            reply.read(kind, in, 0);
        }
        if (isKnown && in.isDone()) {
            reply.result = result;
        }
        return reply;
    }

    private void read(int ofKind, KvInput in, int depth) {
        kind = ofKind;
        switch (kind) {
            case KvFormat.PUT -> readPut(in);
            case KvFormat.DELETE -> {
                count = in.i64();
                readEntries(in);
            }
            case KvFormat.RANGE -> readRange(in);
            case KvFormat.TXN -> readTransaction(in, depth);
            case KvFormat.HASH -> {
                hash = in.i64();
                compacted = in.i64();
                next = in.bytes();
            }
            case KvFormat.STATUS ->
                    status =
                            new Status(
                                    in.i64(), in.i64(), in.i64(), in.i64(), in.u8() != 0, in.i64());
            case KvFormat.GRANT -> {
                lease = in.i64();
                ttlSeconds = in.i64();
            }
            case KvFormat.LEASE -> {
                ttlSeconds = in.i64();
                secondsLeft = in.i64();
                count = in.i64();
                for (int left = in.i32(); left > 0 && !in.isBad(); left--) {
                    keys.add(in.bytes());
                }
                next = in.bytes();
            }
            case KvFormat.LEASES -> {
                for (int left = in.i32(); left > 0 && !in.isBad(); left--) {
                    leases.add(in.i64());
                }
                hasMore = in.u8() != 0;
            }
            default -> {}
        }
    }

    private void readPut(KvInput in) {
        int previous = in.u8();
        isCut = previous == LEFT_OUT;
        if (previous == FOLLOWS) {
            entries.add(readEntry(in));
        }
    }

    private void readRange(KvInput in) {
        count = in.i64();
        int flags = in.u8();
        hasMore = (flags & KvFormat.MORE) != 0;
        isCut = (flags & KvFormat.CUT) != 0;
        readEntries(in);
        next = in.bytes();
    }

    private void readEntries(KvInput in) {
        for (int left = in.i32(); left > 0 && !in.isBad(); left--) {
            entries.add(readEntry(in));
        }
    }

    static Entry readEntry(KvInput in) {
        long created = in.i64();
        long modified = in.i64();
        long version = in.i64();
        long lease = in.i64();
        return new Entry(in.bytes(), in.bytes(), created, modified, version, lease);
    }

    private void readTransaction(KvInput in, int depth) {
        hasSucceeded = in.u8() != 0;
        if (depth == KvFormat.DEEPEST) {
            in.refuse();
        }
        for (int left = in.u16(); left > 0 && !in.isBad(); left--) {
            KvReply inner = new KvReply();
            inner.result = KvResult.DONE;
            inner.revision = revision;
            inner.read(in.u8(), in, depth + 1);
            operations.add(inner);
        }
    }

    /** What came of it. */
    public KvResult result() {
        return result;
    }

    /** The revision of the store behind it; of a range, too, when it was read. */
    public long revision() {
        return revision;
    }

    /** What a range found; what was there before a put or a delete that asked for it. */
    public List<Entry> entries() {
        return entries;
    }

    /** How many keys are in the range, whatever else a range asks for; how many were deleted. */
    public long count() {
        return count;
    }

    /** Whether a range found more than its limit. */
    public boolean hasMore() {
        return hasMore;
    }

    /** Whether something was left out that fitted no reply: it can be read at a revision. */
    public boolean isCut() {
        return isCut;
    }

    /** Whether all conditions of a transaction held. */
    public boolean hasSucceeded() {
        return hasSucceeded;
    }

    /** What the operations of the branch of a transaction that was taken answered. */
    public List<KvReply> operations() {
        return operations;
    }

    /** How the store stands, where that was asked; otherwise null. */
    public Status status() {
        return status;
    }

    /** The number of the lease that was granted or kept alive. */
    public long lease() {
        return lease;
    }

    /** How long a lease lives that is not kept alive. */
    public long ttlSeconds() {
        return ttlSeconds;
    }

    long secondsLeft() {
        return secondsLeft;
    }

    List<byte[]> keys() {
        return keys;
    }

    List<Long> leases() {
        return leases;
    }

    int kind() {
        return kind;
    }

    byte[] next() {
        return next;
    }

    long hash() {
        return hash;
    }

    long compacted() {
        return compacted;
    }
}
