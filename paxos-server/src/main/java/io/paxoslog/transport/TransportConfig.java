package io.paxoslog.transport;

import io.paxoslog.core.SyncRule;
import java.util.Map;

/**
 * What the transport of one node is told.
 *
 * @param self this node's identity
 * @param address where this node listens for its peers, HOST:PORT
 * @param peers where every other node listens, HOST:PORT by node id
 * @param ringBytes how far a peer may fall behind before it skips ahead, a power of two
 * @param maxQueueBytes bound of everything that waits to be said, a power of two
 * @param syncRule what a promise and a vote wait for
 */
public record TransportConfig(
        long self,
        String address,
        Map<Integer, String> peers,
        int ringBytes,
        int maxQueueBytes,
        SyncRule syncRule) {

    /** Takes its own copy of the peers. */
    public TransportConfig {
        peers = Map.copyOf(peers);
    }
}
