package io.paxoslog.client;

import io.paxoslog.codecs.client.LogEntriesDecoder;

/** What stands in the log beside a command; valid during the call that it was handed to. */
public final class CommandHeader {
    private long clusterId;
    private long slot;
    private long session;
    private long sequence;
    private long timestampNs;

    CommandHeader() {}

    void of(long newClusterId, LogEntriesDecoder.ItemsDecoder item) {
        clusterId = newClusterId;
        slot = item.slot();
        session = item.session();
        sequence = item.sequence();
        timestampNs = item.timestamp();
    }

    /** The cluster; a slot means something together with it only. */
    public long clusterId() {
        return clusterId;
    }

    /** Where the command stands in the log. */
    public long slot() {
        return slot;
    }

    /** The session that it was appended under. */
    public long session() {
        return session;
    }

    /** Which command of that session it is, from 1. */
    public long sequence() {
        return sequence;
    }

    /**
     * What the members' clocks agreed on when it was proposed, in nanoseconds since 1970. After a
     * change of leaders one may be lower than those before it; the agreed time at a slot is the
     * highest so far.
     */
    public long timestampNs() {
        return timestampNs;
    }
}
