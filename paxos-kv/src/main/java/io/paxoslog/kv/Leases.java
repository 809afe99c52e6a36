package io.paxoslog.kv;

import java.util.Collection;
import java.util.TreeMap;
import org.agrona.collections.Long2ObjectHashMap;

/** The leases that were granted, and the keys that are tied to each. */
final class Leases {
    /** No key is tied to it. */
    static final long NONE = 0;

    /** What a lease counts of memory, beside its keys. */
    static final int LEASE_BYTES = 256;

    private static final Slice FIRST = new Slice();

    /** One of them. */
    static final class Lease {
        final long id;
        final long ttlSeconds;

        /** What the stopwatch showed when it was granted, or kept alive last. */
        long renewedMs;

        /** What that was when its timer was set: if it is so still, the timer says the truth. */
        long timedMs;

        private KeyTree keys;
        private long keyCount;

        Lease(long id, long ttlSeconds) {
            this.id = id;
            this.ttlSeconds = ttlSeconds;
        }

        long keyCount() {
            return keyCount;
        }

        /** Sets a cursor to the first of its keys that is not below one. */
        void seek(KeyTree.Cursor cursor, Slice from) {
            if (keys == null) {
                cursor.clear();
            } else {
                keys.seek(cursor, from);
            }
        }

        /** The first key that is tied to it; none when none is. */
        int firstKey(KeyTree.Cursor cursor) {
            seek(cursor, FIRST);
            return cursor.key();
        }

        private long hash() {
            long mixed = ByteHash.mix(id);
            mixed = ByteHash.mix(mixed + ttlSeconds);
            mixed = ByteHash.mix(mixed + renewedMs);
            return ByteHash.mix(mixed + timedMs);
        }
    }

    private final Keys keys;
    private final Long2ObjectHashMap<Lease> byId = new Long2ObjectHashMap<>();
    private final TreeMap<Long, Lease> inOrder = new TreeMap<>();
    private long hash;

    Leases(Keys keys) {
        this.keys = keys;
    }

    /** Null: there is none. */
    Lease get(long id) {
        return byId.get(id);
    }

    boolean isThere(long id) {
        return byId.containsKey(id);
    }

    /** Grants one whose number is not taken. */
    Lease grant(long id, long ttlSeconds, long nowMs) {
        return add(id, ttlSeconds, nowMs, nowMs);
    }

    Lease add(long id, long ttlSeconds, long renewedMs, long timedMs) {
        Lease lease = new Lease(id, ttlSeconds);
        lease.renewedMs = renewedMs;
        lease.timedMs = timedMs;
        byId.put(id, lease);
        inOrder.put(id, lease);
        hash += lease.hash();
        return lease;
    }

    void renew(Lease lease, long nowMs) {
        hash -= lease.hash();
        lease.renewedMs = nowMs;
        hash += lease.hash();
    }

    /** Its timer was set for what it was renewed last. */
    void timed(Lease lease) {
        hash -= lease.hash();
        lease.timedMs = lease.renewedMs;
        hash += lease.hash();
    }

    /** Forgets one that no key is tied to. */
    void remove(Lease lease) {
        hash -= lease.hash();
        byId.remove(lease.id);
        inOrder.remove(lease.id);
    }

    /** A key is tied to another lease from now on, or to none. */
    void move(int key, Slice name, long before, long after) {
        if (before == after) {
            return;
        }
        Lease old = before == NONE ? null : byId.get(before);
        if (old != null) {
            old.keys.remove(name);
            old.keyCount--;
        }
        Lease lease = after == NONE ? null : byId.get(after);
        if (lease != null) {
            if (lease.keys == null) {
                lease.keys = new KeyTree(keys);
            }
            lease.keys.insert(key, name);
            lease.keyCount++;
        }
    }

    /** Those above a number, in their order. */
    Collection<Lease> above(long id) {
        return inOrder.tailMap(id, false).values();
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    int size() {
        return byId.size();
    }

    /** What they count of memory. */
    long bytes() {
        return (long) byId.size() * LEASE_BYTES;
    }

    /** The sum over all of them: the same on all nodes. */
    long hash() {
        return hash;
    }
}
