package io.paxoslog.transport;

import io.paxoslog.core.SyncRule;
import io.paxoslog.media.HostNames;
import java.util.Map;

/**
 * What the transport of one node is told.
 *
 * @param self this node's identity
 * @param address where this node listens for its peers, HOST:PORT, the host a number
 * @param peers where every other node listens, HOST:PORT by node id
 * @param ringBytes how far a peer may fall behind before it skips ahead, a power of two
 * @param maxQueueBytes bound of everything that waits to be said, a power of two
 * @param names tells where the hosts of peers are
 * @param mtuBytes largest datagram to a peer; 0: as large as the way there carries
 * @param syncRule what a promise and a vote wait for
 * @param snapshotBytesPerSecond most bytes of snapshots sent in a second while there is a leader
 * @param maxPartBytes most bytes of a snapshot in one message, which terms must have room for
 */
public record TransportConfig(
        long self,
        String address,
        Map<Integer, String> peers,
        int ringBytes,
        int maxQueueBytes,
        HostNames names,
        int mtuBytes,
        SyncRule syncRule,
        long snapshotBytesPerSecond,
        int maxPartBytes) {

    /** Takes its own copy of the peers. */
    public TransportConfig {
        peers = Map.copyOf(peers);
    }
}
