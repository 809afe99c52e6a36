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

    /** Speaks to every member, the caller's own node included. */
    PeerMessages toAll();
}
