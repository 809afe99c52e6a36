package io.paxoslog.core;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;

/** What a snapshot says of the log up to its slot, as the protocol needs it. Immutable. */
final class SnapshotHead {
    private final long slot;
    private final long timeNs;
    private final SortedMap<Long, byte[]> memberships;
    private final SortedMap<Long, byte[]> decisions;

    /**
     * @param slot everything up to it is in the snapshot
     * @param timeNs agreed time there
     * @param memberships encoded memberships by the slot of their entry
     * @param decisions encoded decisions in force by the slot of their entry
     */
    SnapshotHead(
            long slot,
            long timeNs,
            SortedMap<Long, byte[]> memberships,
            SortedMap<Long, byte[]> decisions) {
        this.slot = slot;
        this.timeNs = timeNs;
        this.memberships = new TreeMap<>(memberships);
        this.decisions = new TreeMap<>(decisions);
    }

    long slot() {
        return slot;
    }

    long timeNs() {
        return timeNs;
    }

    SortedMap<Long, byte[]> memberships() {
        return memberships;
    }

    SortedMap<Long, byte[]> decisions() {
        return decisions;
    }

    /**
     * Whether it reads as a snapshot of this log's kind: it may have come from another node. There
     * is no log without its first membership, but for what the cluster is founded on: memberships
     * from there are none of it.
     */
    boolean isSound(Base base) {
        return slot >= 1
                && slot < Batch.MAX_SLOT
                && timeNs >= 0
                && memberships.isEmpty() == (slot <= base.slot())
                && liesBelow(memberships)
                && liesBelow(decisions)
                && isReadable();
    }

    /** What is agreed at its slot; {@link Version#NONE} where nothing says. */
    Version version() {
        long at = versionAt();
        return at == 0 ? Version.NONE : decision(decisions.get(at)).version();
    }

    /** Slot of the entry that says what is agreed; 0 when none does. */
    long versionAt() {
        return decisions.entrySet().stream()
                .filter(it -> decision(it.getValue()).kind() == Decision.Kind.VERSION)
                .mapToLong(Map.Entry::getKey)
                .max()
                .orElse(0);
    }

    private boolean liesBelow(SortedMap<Long, byte[]> entries) {
        return entries.isEmpty() || (entries.firstKey() >= 1 && entries.lastKey() <= slot);
    }

    private boolean isReadable() {
        try {
            memberships.values().forEach(SnapshotHead::membership);
            decisions.values().forEach(SnapshotHead::decision);
            return true;
        } catch (IllegalArgumentException notOne) {
            return false;
        }
    }

    static Membership membership(byte[] encoded) {
        return Membership.decode(new UnsafeBuffer(encoded), 0, encoded.length);
    }

    static Decision decision(byte[] encoded) {
        return Decision.decode(new UnsafeBuffer(encoded), 0, encoded.length);
    }
}
