package io.paxoslog.service;

import io.paxoslog.core.Decision;
import io.paxoslog.core.Decisions;
import io.paxoslog.core.Membership;
import io.paxoslog.core.Succession;
import io.paxoslog.core.Version;
import java.util.Collections;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The entries of the log that a snapshot must bring along, as they were met in their places: the
 * last two valid memberships of the cluster, and the decisions in force, both by the rules of the
 * core.
 */
final class AgreedEntries {
    private final Decisions decided = new Decisions();
    private final TreeMap<Long, byte[]> memberships = new TreeMap<>();
    private Succession succession = new Succession();
    private final TreeMap<Long, byte[]> inForce = new TreeMap<>();

    /**
     * A membership stands at a slot; those of another cluster, on whose log this one was founded,
     * are forgotten.
     *
     * @return whether there were such
     */
    boolean membership(long slot, DirectBuffer buffer, int offset, int length) {
        Membership membership = Membership.decode(buffer, offset, length);
        founded(slot, membership);
        long before = clusterId();
        boolean isOfAnother = before != 0 && before != membership.clusterId();
        if (isOfAnother) {
            memberships.clear();
            succession = new Succession();
        }
        if (succession.adopt(slot, membership)) {
            byte[] entry = new byte[length];
            buffer.getBytes(offset, entry);
            keep(slot, entry);
        }
        return isOfAnother;
    }

    private void keep(long slot, byte[] entry) {
        memberships.put(slot, entry);
        memberships.headMap(succession.olderSlot()).clear();
    }

    /** A snapshot says that a membership is valid. */
    void recoverMembership(long slot, byte[] entry) {
        succession.recover(slot, Membership.decode(new UnsafeBuffer(entry), 0, entry.length));
        keep(slot, entry);
    }

    /** What founders agreed on is a decision at the slot of their entry. */
    private void founded(long slot, Membership membership) {
        Decision decision = decided.founded(slot, membership);
        if (decision != null) {
            keep(slot, decision);
        }
    }

    private void keep(long slot, Decision decision) {
        inForce.remove(decision.previous());
        inForce.put(slot, encoded(decision));
    }

    /** A decision stands at a slot; returns whether it is in force. */
    boolean decision(long slot, Decision decision) {
        if (!decided.adopt(slot, decision)) {
            return false;
        }
        keep(slot, decision);
        return true;
    }

    private static byte[] encoded(Decision decision) {
        byte[] entry = new byte[Decision.BYTES];
        decision.encode(new UnsafeBuffer(entry), 0);
        return entry;
    }

    /** A snapshot says that a decision is in force. */
    void recover(long slot, byte[] entry) {
        decided.recover(slot, Decision.decode(new UnsafeBuffer(entry), 0, entry.length));
        inForce.put(slot, entry);
    }

    /** Slot of the latest decision about limits; 0 when there is none. */
    long latestLimits() {
        return decided.latestLimits();
    }

    /** What is agreed from the next slot on. */
    Version version() {
        return decided.version();
    }

    /** Slot of the entry that says what is agreed; 0 when none does. */
    long latestVersion() {
        return decided.latestVersion();
    }

    /** As it stands in a snapshot of a slot. */
    AppliedHead head(long slot, long timeNs, long hash) {
        return new AppliedHead(
                slot,
                clusterId(),
                timeNs,
                hash,
                Collections.unmodifiableSortedMap(new TreeMap<>(memberships)),
                Collections.unmodifiableSortedMap(new TreeMap<>(inForce)));
    }

    private long clusterId() {
        return succession.newest() == null ? 0 : succession.newest().clusterId();
    }
}
