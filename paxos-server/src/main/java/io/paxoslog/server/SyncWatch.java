package io.paxoslog.server;

import io.paxoslog.metrics.ReplicaCounters;

/** Notices how far, and how fast, the disk follows what is appended. */
final class SyncWatch {
    private static final long NOTHING = -1;

    private final ReplicaCounters counters;
    private long awaitedPosition = NOTHING;
    private long awaitedSlot;
    private long appendedAtNs;
    private long lastAppended;
    private volatile long syncedSlot;

    SyncWatch(ReplicaCounters counters, long appendedPosition, long slot) {
        this.counters = counters;
        lastAppended = appendedPosition;
        syncedSlot = slot;
    }

    /** A turn has appended all it had, up to this position and this slot. */
    void appended(long position, long slot, long nowNs) {
        if (awaitedPosition == NOTHING && position > lastAppended) {
            awaitedPosition = position;
            awaitedSlot = slot;
            appendedAtNs = nowNs;
            lastAppended = position;
        }
    }

    /** The disk holds everything up to this position. */
    void synced(long position, long nowNs) {
        if (awaitedPosition != NOTHING && position >= awaitedPosition) {
            awaitedPosition = NOTHING;
            syncedSlot = Math.max(syncedSlot, awaitedSlot);
            counters.synced(nowNs - appendedAtNs);
        }
    }

    /** Highest slot that is known to be forced. Any thread. */
    long syncedSlot() {
        return syncedSlot;
    }
}
