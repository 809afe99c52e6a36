package io.paxoslog.core;

/**
 * Values that may be on disk only: the replica names slots, the outside reads them there and sends
 * them.
 */
public interface StoredValues {
    /**
     * Sends chosen slots to a node as {@link PeerMessages#chosen}. May send fewer than asked and
     * says so by the burst end; may do so over several turns.
     *
     * @param lastSlot never above this node's commit index
     */
    void sendChosen(int toNode, long firstSlot, long lastSlot);

    /**
     * Sends slots this node accepted as {@link PeerMessages#promisedSlots}, once the promise is
     * synced.
     *
     * @param acceptedBallot the ballot that the journal holds these slots under
     */
    void sendPromised(int toNode, long ballot, long acceptedBallot, long firstSlot, long lastSlot);
}
