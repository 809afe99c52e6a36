package io.paxoslog.core;

import org.agrona.DirectBuffer;

/**
 * Moves snapshots between nodes: the replica says from whom one is needed and passes on what is
 * said about them. What has come whole, verified and forced is told to {@link Replica#installed}.
 */
public interface Snapshots {
    /** For a node that neither gives nor takes snapshots. */
    Snapshots NONE =
            new Snapshots() {
                @Override
                public void wanted(int fromNode, long commitIndex) {}

                @Override
                public void send(int toNode, long slot, long manifest, int chunk) {}

                @Override
                public void received(
                        int fromNode,
                        long slot,
                        long manifest,
                        int chunk,
                        DirectBuffer buffer,
                        int offset,
                        int length) {}
            };

    /**
     * Slots right above the commit index are in no log that this node knows of. Said again at
     * growing age while that is so; may name another node each time.
     *
     * @param fromNode has a snapshot above the commit index
     */
    void wanted(int fromNode, long commitIndex);

    /** A node asks for a part, see {@link PeerMessages#fetchSnapshot}. */
    void send(int toNode, long slot, long manifest, int chunk);

    /** A part has come, see {@link PeerMessages#snapshotPart}. The buffer is the caller's. */
    void received(
            int fromNode,
            long slot,
            long manifest,
            int chunk,
            DirectBuffer buffer,
            int offset,
            int length);
}
