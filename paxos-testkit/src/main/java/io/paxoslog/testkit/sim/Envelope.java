package io.paxoslog.testkit.sim;

/**
 * A message on its way.
 *
 * @param fromNode node id of the sender
 * @param toNode node id of the receiver
 * @param clusterId what the sender said about its cluster
 * @param run the run that the sender is in
 */
public record Envelope(int fromNode, int toNode, long clusterId, long run, Message message) {
    /** Whether it is heard whatever run its sender is in. */
    boolean isAboutRuns() {
        return message instanceof Message.AskRun || message instanceof Message.Ran;
    }

    /** Whether a node speaks to itself. */
    public boolean isToSelf() {
        return fromNode == toNode;
    }

    /** The two ends as scenarios write them. */
    public String link() {
        return fromNode + "->" + toNode;
    }
}
