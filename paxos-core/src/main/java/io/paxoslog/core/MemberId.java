package io.paxoslog.core;

/**
 * Rules of member identities: a node id and the incarnation of its data directory, packed into one
 * {@code long}.
 *
 * <p>A node whose directory was emptied comes back with another incarnation, so what it says cannot
 * be mistaken for the word of the member that remembers. Layout: 47 bits of incarnation, then 16
 * bits of node id. All methods are pure.
 */
public final class MemberId {
    /** No member. */
    public static final long NONE = 0;

    /** Highest incarnation; incarnations are drawn at random from 1 to here. */
    public static final long MAX_INCARNATION = (1L << 47) - 1;

    private MemberId() {}

    /**
     * Packs an identity.
     *
     * @param node node id, 1 to {@link Ballot#MAX_NODE}
     * @param incarnation 1 to {@link #MAX_INCARNATION}, or 0 where it is not known yet
     * @throws IllegalArgumentException when either is out of range
     */
    public static long of(int node, long incarnation) {
        if (node < 1
                || node > Ballot.MAX_NODE
                || incarnation < 0
                || incarnation > MAX_INCARNATION) {
            throw new IllegalArgumentException(
                    "no such member: node " + node + ", incarnation " + incarnation);
        }
        return (incarnation << 16) | node;
    }

    /** The node id. */
    public static int node(long member) {
        return (int) (member & Ballot.MAX_NODE);
    }

    /** The incarnation of the node's data directory. */
    public static long incarnation(long member) {
        return member >>> 16;
    }

    /** The identity as people read it: {@code node/incarnation in hex}. Allocates. */
    public static String text(long member) {
        return node(member) + "/" + Long.toHexString(incarnation(member));
    }
}
