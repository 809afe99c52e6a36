package io.paxoslog.cli;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.MembersReport;
import io.paxoslog.client.PaxosMembers;
import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import java.util.List;
import java.util.Map;

/** A member as it is given on the command line: {@code 4=HOST:PORT}. */
record NewMember(int node, String address) {
    private static final int HIGHEST_NODE = 65_535;

    static NewMember of(String text) {
        int equals = text.indexOf('=');
        int node = equals < 0 ? 0 : nodeOf(text.substring(0, equals));
        String address = text.substring(equals + 1);
        if (node < 1) {
            throw CommandFailure.wrongUse(
                    "'" + text + "': give ID=HOST:PORT, ID from 1 to " + HIGHEST_NODE);
        }
        try {
            ClientConfig.of(List.of(address));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUse(e.getMessage());
        }
        return new NewMember(node, address);
    }

    /** A node id, or 0 when it is none. */
    static int nodeOf(String text) {
        try {
            int node = Integer.parseInt(text);
            return node <= HIGHEST_NODE ? node : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    static void requireNode(String text) {
        if (nodeOf(text) < 1) {
            throw CommandFailure.wrongUse("ID: '" + text + "' is no node id");
        }
    }

    /**
     * With its incarnation: as given, or as the node says it.
     *
     * @param incarnations given ones by node id
     */
    Change.Member identified(Map<Integer, Long> incarnations, int timeoutMs, long clusterId) {
        Long given = incarnations.get(node);
        long identity =
                given == null ? askIdentity(timeoutMs, clusterId) : MemberId.of(node, given);
        return new Change.Member(identity, address);
    }

    /** Whoever answers there is the node that is meant, on its own directory. */
    void requireNobodyElse(long identity, int timeoutMs) {
        for (MembersReport said : PaxosMembers.ask(List.of(address), timeoutMs)) {
            if (said.self() != identity) {
                throw CommandFailure.failed(
                        "at %s is node %d with the incarnation %s, not node %d with %s: a new directory joins under a new id"
                                .formatted(
                                        address,
                                        MemberId.node(said.self()),
                                        Long.toHexString(MemberId.incarnation(said.self())),
                                        node,
                                        Long.toHexString(MemberId.incarnation(identity))));
            }
        }
    }

    private long askIdentity(int timeoutMs, long clusterId) {
        List<MembersReport> answers = PaxosMembers.ask(List.of(address), timeoutMs);
        if (answers.isEmpty()) {
            throw CommandFailure.failed(
                    "node %d at %s does not answer: start it with --join, or give --incarnation"
                            .formatted(node, address));
        }
        MembersReport said = answers.get(0);
        if (MemberId.node(said.self()) != node) {
            throw CommandFailure.failed(
                    "at %s is node %d, not node %d"
                            .formatted(address, MemberId.node(said.self()), node));
        }
        if (said.clusterId() != 0 && said.clusterId() != clusterId) {
            throw CommandFailure.failed(
                    "node %d at %s is of cluster %s, not of %s"
                            .formatted(
                                    node,
                                    address,
                                    Long.toHexString(said.clusterId()),
                                    Long.toHexString(clusterId)));
        }
        return said.self();
    }
}
