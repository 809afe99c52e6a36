package io.paxoslog.log;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a snapshot says about itself before its first byte: everything up to and including {@code
 * slot} is applied in it. The arrays belong to the head from then on.
 *
 * @param slot from 1
 * @param timeNs agreed time at the slot, nanoseconds since 1970
 * @param appliedHash rolling hash of all that was applied
 * @param memberships slot of each of the last two valid membership entries to its encoded
 *     membership
 * @param decisions slot of each decision in force to its encoded decision
 */
public record SnapshotHead(
        long slot,
        long clusterId,
        long timeNs,
        long appliedHash,
        SortedMap<Long, byte[]> memberships,
        SortedMap<Long, byte[]> decisions) {
    /** Throws {@link IllegalArgumentException} for a slot below 1. */
    public SnapshotHead {
        if (slot < 1) {
            throw new IllegalArgumentException("a snapshot is of slot 1 at least, not " + slot);
        }
        memberships = Collections.unmodifiableSortedMap(new TreeMap<>(memberships));
        decisions = Collections.unmodifiableSortedMap(new TreeMap<>(decisions));
    }
}
