package io.paxoslog.testkit.sim;

/**
 * A message on its way.
 *
 * @param fromNode node id of the sender
 * @param toNode node id of the receiver
 * @param clusterId what the sender said about its cluster
 */
public record Envelope(int fromNode, int toNode, long clusterId, Message message) {
    /** Whether a node speaks to itself. */
    public boolean isToSelf() {
        return fromNode == toNode;
    }

    /** The two ends as scenarios write them. */
    public String link() {
        return fromNode + "->" + toNode;
    }
}
