package io.paxoslog.kv;

/** Commands and queries that are no operations on keys. */
public final class KvCommands {
    private static final long AS_IT_IS = -1;

    private KvCommands() {}

    /** Forgets what was before a revision; what a key held at it, and since, is kept. */
    public static byte[] compact(long revision) {
        return begin(KvFormat.COMPACT).i64(revision).copy();
    }

    /** Most bytes that the store may take of memory, on all nodes. */
    public static byte[] quota(long bytes) {
        return begin(KvFormat.BOUNDS).i64(bytes).i64(AS_IT_IS).copy();
    }

    /** How many revisions are kept; those before are compacted by themselves. 0: all. */
    public static byte[] retain(long revisions) {
        return begin(KvFormat.BOUNDS).i64(AS_IT_IS).i64(revisions).copy();
    }

    /** Revisions older than so many seconds of agreed time are compacted by themselves. 0: none. */
    public static byte[] retainSeconds(long seconds) {
        return begin(KvFormat.RETAIN_TIME).i64(seconds).copy();
    }

    /**
     * Grants a lease; {@link KvReply#ofLease} reads what comes of it.
     *
     * @param id its number; 0: one that is free
     * @param ttlSeconds it expires that long after it was kept alive last
     */
    public static byte[] grant(long id, long ttlSeconds) {
        return begin(KvFormat.GRANT).i64(id).i64(ttlSeconds).copy();
    }

    /** Ends a lease, and deletes its keys in one revision. */
    public static byte[] revoke(long lease) {
        return begin(KvFormat.REVOKE).i64(lease).copy();
    }

    /** A lease lives on; {@link KvReply#ofLease} reads what comes of it. */
    public static byte[] keepAlive(long lease) {
        return begin(KvFormat.KEEP_ALIVE).i64(lease).copy();
    }

    static byte[] lease(long lease, boolean isWithKeys, byte[] from) {
        return begin(KvFormat.LEASE).u8(isWithKeys ? 1 : 0).i64(lease).slice(Slice.of(from)).copy();
    }

    static byte[] leases(long above) {
        return begin(KvFormat.LEASES).i64(above).copy();
    }

    /** Puts are taken again, after one was refused as the quota was used up. */
    public static byte[] disarm() {
        return begin(KvFormat.DISARM).copy();
    }

    /** Asks for {@link KvReply.Status}. */
    public static byte[] status() {
        return begin(KvFormat.STATUS).copy();
    }

    static byte[] hash(long revision, byte[] from) {
        return begin(KvFormat.HASH).i64(revision).slice(Slice.of(from)).copy();
    }

    private static KvOutput begin(int kind) {
        return KvFormat.begin(new KvOutput(), kind);
    }
}
