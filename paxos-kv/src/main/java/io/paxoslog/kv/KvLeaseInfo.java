package io.paxoslog.kv;

import java.util.ArrayList;
import java.util.List;

/** How a lease stands, and which keys are tied to it, read piece by piece as {@link KvPages} is. */
public final class KvLeaseInfo {
    private static final byte[] FIRST = {};

    private final long lease;
    private final boolean isWithKeys;
    private final List<byte[]> keys = new ArrayList<>();
    private byte[] from = FIRST;
    private KvReply last;
    private boolean isDone;

    /**
     * Nothing is read yet.
     *
     * @param isWithKeys whether its keys are wanted
     */
    public KvLeaseInfo(long lease, boolean isWithKeys) {
        this.lease = lease;
        this.isWithKeys = isWithKeys;
    }

    /** Whether there is nothing more to ask. */
    public boolean isDone() {
        return isDone;
    }

    /** The next query. */
    public byte[] next() {
        return KvCommands.lease(lease, isWithKeys, from);
    }

    /** Takes the answer to the next query. */
    public void take(byte[] answer) {
        last = KvReply.of(KvFormat.LEASE, answer);
        keys.addAll(last.keys());
        from = last.next();
        isDone = last.result() != KvResult.DONE || from.length == 0;
    }

    /** What came of it: of the last answer. */
    public KvResult result() {
        return last.result();
    }

    /** Whether there is such a lease. */
    public boolean isThere() {
        return last.ttlSeconds() >= 0;
    }

    /** How long it lives when it is not kept alive; -1: there is no such lease. */
    public long ttlSeconds() {
        return last.ttlSeconds();
    }

    /**
     * How long it lives on as the node knows it, which may be a second and more behind; -1: there
     * is no such lease.
     */
    public long secondsLeft() {
        return last.secondsLeft();
    }

    /** How many keys are tied to it. */
    public long keyCount() {
        return last.count();
    }

    /** Its keys in their order, if they were asked for. */
    public List<byte[]> keys() {
        return keys;
    }
}
