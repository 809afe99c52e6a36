package io.paxoslog.bench.contender;

/** Aeron Cluster as its documentation puts it together. */
final class AeronClusterContender implements Contender {
    @Override
    public AutoCloseable startNode(ClusterSettings settings, int node) {
        return AeronClusterNode.start(settings, node);
    }

    @Override
    public String campaignWords() {
        return "";
    }

    @Override
    public String leadWords() {
        return EchoSequencerService.LEADS;
    }

    @Override
    public LoadClient connect(ClusterSettings settings, ReplyHandler replies) {
        return AeronClusterClient.connect(settings, replies);
    }
}
