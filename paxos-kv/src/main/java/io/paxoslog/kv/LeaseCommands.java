package io.paxoslog.kv;

import io.paxoslog.kv.Leases.Lease;
import io.paxoslog.service.Cluster;
import io.paxoslog.service.Moment;

/**
 * Grants leases, keeps them alive and has them expire, by the agreed stopwatch. Each has one timer,
 * which is not touched when it is kept alive: where it fires too early for that, it is set again
 * for the rest.
 *
 * <p>After a change of leader none expires for a while, so that clients find the new one first.
 */
final class LeaseCommands {
    /** Shorter ones are made so long. */
    static final long LEAST_TTL_SECONDS = 2;

    /** As etcd's. */
    static final long MOST_TTL_SECONDS = 9_000_000_000L;

    /** No lease expires before a new leader was in touch for so long. */
    static final long GRACE_SECONDS = 5;

    /** A second of the stopwatch; it may be shorter where time is simulated. */
    static final int SECOND_MS = 1_000;

    private final KvStore store;
    private final Leases leases;
    private final KvBounds bounds;
    private final KvOutput out;
    private final int secondMs;
    private final KeyTree.Cursor cursor = new KeyTree.Cursor();
    private Cluster cluster;
    private long nowMs;
    private long leaderSinceMs;

    LeaseCommands(KvStore store, KvBounds bounds, KvOutput out, int secondMs) {
        this.store = store;
        this.bounds = bounds;
        this.out = out;
        this.secondMs = secondMs;
        leases = store.leases();
    }

    /** By this timers are set. */
    void begin(Cluster newCluster) {
        cluster = newCluster;
    }

    /** The log has come so far. */
    void at(Moment moment) {
        nowMs = moment.stopwatchMs();
        leaderSinceMs = moment.leaderSinceMs();
    }

    KvResult grant(KvInput in, Moment at) {
        long asked = in.i64();
        long ttl = in.i64();
        if (!in.isDone() || asked < 0) {
            return KvResult.MALFORMED;
        }
        if (ttl > MOST_TTL_SECONDS) {
            return KvResult.TTL_TOO_LARGE;
        }
        if (asked != 0 && leases.isThere(asked)) {
            return KvResult.LEASE_EXISTS;
        }
        if (!bounds.hasRoom(store, Leases.LEASE_BYTES)) {
            return KvResult.NO_SPACE;
        }
        long id = asked == 0 ? choose(at.slot()) : asked;
        Lease lease = leases.grant(id, Math.max(ttl, LEAST_TTL_SECONDS), nowMs);
        cluster.timerAfter(id, lease.ttlSeconds * secondMs);
        out.i64(id).i64(lease.ttlSeconds);
        return KvResult.DONE;
    }

    /** Any number that is free, as its slot has it. */
    private long choose(long slot) {
        long id = ByteHash.mix(slot) & Long.MAX_VALUE;
        while (id == 0 || leases.isThere(id)) {
            id = ByteHash.mix(id + 1) & Long.MAX_VALUE;
        }
        return id;
    }

    KvResult revoke(KvInput in) {
        Lease lease = leases.get(in.i64());
        if (!in.isDone()) {
            return KvResult.MALFORMED;
        }
        if (lease == null) {
            return KvResult.LEASE_NOT_FOUND;
        }
        cluster.cancelTimer(lease.id);
        store.revoke(lease);
        return KvResult.DONE;
    }

    KvResult keepAlive(KvInput in) {
        Lease lease = leases.get(in.i64());
        if (!in.isDone()) {
            return KvResult.MALFORMED;
        }
        if (lease == null) {
            return KvResult.LEASE_NOT_FOUND;
        }
        leases.renew(lease, nowMs);
        out.i64(lease.id).i64(lease.ttlSeconds);
        return KvResult.DONE;
    }

    /** The timer of a lease is due. */
    void timer(long id) {
        Lease lease = leases.get(id);
        if (lease == null) {
            return;
        }
        long graceMs = GRACE_SECONDS * secondMs - (nowMs - leaderSinceMs);
        if (lease.renewedMs != lease.timedMs) {
            leases.timed(lease);
            cluster.timerAfter(id, lease.renewedMs + lease.ttlSeconds * secondMs - nowMs);
        } else if (graceMs > 0) {
            cluster.timerAfter(id, graceMs);
        } else {
            store.revoke(lease);
        }
    }

    /** Answers how a lease stands, and which keys are tied to it. */
    KvResult describe(KvInput in, Slice from, int most) {
        boolean isWithKeys = in.choice(2) != 0;
        long id = in.i64();
        in.slice(from);
        if (!in.isDone()) {
            return KvResult.MALFORMED;
        }
        Lease lease = leases.get(id);
        if (lease == null) {
            out.i64(-1).i64(-1).i64(0).i32(0).nothing();
            return KvResult.DONE;
        }
        out.i64(lease.ttlSeconds).i64(secondsLeft(lease)).i64(lease.keyCount());
        if (isWithKeys) {
            writeKeys(lease, from, most);
        } else {
            out.i32(0).nothing();
        }
        return KvResult.DONE;
    }

    private long secondsLeft(Lease lease) {
        long leftMs =
                lease.renewedMs + lease.ttlSeconds * secondMs - Math.max(nowMs, lease.renewedMs);
        return Math.max(0, (leftMs + secondMs - 1) / secondMs);
    }

    private void writeKeys(Lease lease, Slice from, int most) {
        int begin = out.length();
        int count = 0;
        out.i32(0);
        lease.seek(cursor, from);
        int room = most - KvFormat.MOST_KEY_BYTES - 2 * Integer.BYTES;
        while (cursor.key() != Cells.NONE
                && out.length() + store.keys().length(cursor.key()) + Integer.BYTES <= room) {
            out.key(store.keys(), cursor.key());
            cursor.advance();
            count++;
        }
        out.setI32(begin, count);
        if (cursor.key() == Cells.NONE) {
            out.nothing();
        } else {
            out.key(store.keys(), cursor.key());
        }
    }

    /** Answers which leases there are above a number. */
    KvResult list(KvInput in, int most) {
        long above = in.i64();
        if (!in.isDone()) {
            return KvResult.MALFORMED;
        }
        int begin = out.length();
        int count = 0;
        out.i32(0);
        boolean hasMore = false;
        for (Lease next : leases.above(above)) {
            hasMore = out.length() + Long.BYTES + Byte.BYTES > most;
            if (hasMore) {
                break;
            }
            out.i64(next.id);
            count++;
        }
        out.setI32(begin, count);
        out.u8(hasMore ? 1 : 0);
        return KvResult.DONE;
    }
}
