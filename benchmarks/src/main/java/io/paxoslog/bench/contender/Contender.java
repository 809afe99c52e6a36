package io.paxoslog.bench.contender;

/** A system whose cluster does the work: number every command, and echo it. */
public interface Contender {
    /** Bytes in front of the echoed command. */
    int NUMBER_BYTES = Long.BYTES;

    /**
     * Starts a node in this process; returns when it takes part.
     *
     * @return stops the node
     */
    AutoCloseable startNode(ClusterSettings settings, int node);

    /** Words in the log of a node that begins to campaign; empty when there are none. */
    String campaignWords();

    /** Words in the log of a node that begins to lead; empty when there are none. */
    String leadWords();

    /** Connects a client; returns when the leader is known. */
    LoadClient connect(ClusterSettings settings, ReplyHandler replies);
}
