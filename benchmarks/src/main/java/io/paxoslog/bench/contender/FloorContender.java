package io.paxoslog.bench.contender;

/**
 * What remains when consensus and disk are taken away: commands go from the client to the first
 * node, from there to all others, and when all have them, back to the client. One thread a node,
 * commands batched as PaxosLog's client batches them.
 */
final class FloorContender implements Contender {
    @Override
    public AutoCloseable startNode(ClusterSettings settings, int node) {
        return FloorNode.start(settings, node);
    }

    @Override
    public String campaignWords() {
        return "";
    }

    @Override
    public String leadWords() {
        return "";
    }

    @Override
    public LoadClient connect(ClusterSettings settings, ReplyHandler replies) {
        return FloorClient.connect(settings, replies);
    }
}
