package io.paxoslog.core;

/**
 * What a cluster is founded on: nothing, or the log of another cluster up to a slot. Nodes found
 * one together only if their bases are equal.
 *
 * @param id made of the cluster whose log it is, the slot, and the values up to there; 0 for
 *     nothing
 * @param slot last slot of that log, which every node of the new cluster holds as chosen; 0 for
 *     nothing
 */
public record Base(long id, long slot) {
    /** A log that begins with slot 1. */
    public static final Base NONE = new Base(0, 0);

    /** What an id begins with, so do the ids of the clusters that are founded on it. */
    private static final long UPPER = 0x7FFF_FFFF_0000_0000L;

    /** Throws {@link IllegalArgumentException} for what is neither nothing nor a log. */
    public Base {
        boolean isNone = id == 0 && slot == 0;
        boolean isLog = id > 0 && (id & UPPER) != 0 && slot >= 1 && slot < Batch.MAX_SLOT - 1;
        if (!isNone && !isLog) {
            throw new IllegalArgumentException("no base: " + id + " up to slot " + slot);
        }
    }

    /**
     * The log of another cluster.
     *
     * @param hash of all that tells it from others
     */
    public static Base of(long hash, long slot) {
        long id = hash & Long.MAX_VALUE;
        return new Base((id & UPPER) == 0 ? id | Long.MIN_VALUE >>> 1 : id, slot);
    }

    /** Whether the log begins with slot 1. */
    public boolean isNone() {
        return id == 0;
    }

    /** The slot of the first membership of the new cluster. */
    long foundingSlot() {
        return slot + 1;
    }

    /** Id of a new cluster on this base. */
    long clusterId(long draw) {
        return isNone() ? draw : (id & UPPER) | (draw & ~UPPER & Long.MAX_VALUE);
    }

    /**
     * Whether it may be what a node of this base, or of a cluster on it, says of its cluster. Who
     * begins with nothing cannot tell.
     */
    boolean isOf(long saidCluster) {
        return isNone() || (saidCluster & UPPER) == (id & UPPER);
    }

    @Override
    public String toString() {
        return isNone() ? "none" : Long.toHexString(id) + " up to slot " + slot;
    }
}
