package io.paxoslog.core;

/**
 * Chooses who listens. A replica reaches itself this way too, so that its own vote also waits for
 * the disk.
 */
public interface Peers {
    /**
     * Speaks to one node, which may be the caller's own. What the link cannot take is lost: the
     * protocol repeats.
     */
    PeerMessages to(int node);

    /**
     * Speaks to everybody who is to hear of the log: members, those to come and those that were
     * until lately, the caller's own node included. At the start these are the configured ones.
     */
    PeerMessages toAll();

    /** From now on {@link #toAll} reaches this identity, too. */
    default void joined(long member, String address) {}

    /** From now on {@link #toAll} does not reach this identity. */
    default void left(long member) {}
}
