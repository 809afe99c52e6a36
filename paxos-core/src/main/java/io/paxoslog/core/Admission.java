package io.paxoslog.core;

/**
 * Who is heard: members of this cluster under the incarnation that the log records. Also finds out
 * when it is this node that does not belong.
 */
final class Admission {
    private final ReplicaConfig config;
    private final Peers peers;
    private final ReplicaEvents events;
    private final Memberships memberships;
    private final int ownNode;
    private int foreigners;
    private boolean heardOwnCluster;
    private long nowTick;
    private long nextReplyTick = Long.MIN_VALUE;
    private boolean hasStopped;

    Admission(ReplicaConfig config, Peers peers, ReplicaEvents events, Memberships memberships) {
        this.config = config;
        this.peers = peers;
        this.events = events;
        this.memberships = memberships;
        this.ownNode = MemberId.node(config.self());
    }

    void onTick(long tick) {
        nowTick = tick;
    }

    /** Whether this node was found not to belong; it takes no part any more. */
    boolean hasStopped() {
        return hasStopped;
    }

    boolean admits(long from, long clusterId) {
        Membership membership = memberships.current();
        int index = membership.indexOfNode(MemberId.node(from));
        if (hasStopped || index < 0) {
            return false;
        }
        if (clusterId != 0 && membership.hasIncarnations() && clusterId != membership.clusterId()) {
            foreigner(index, clusterId);
            // A follower has no other reason to speak to it, and it must hear most of the others.
            tellStranger(from, membership.member(index));
            return false;
        }
        if (membership.indexOf(from) < 0) {
            tellStranger(from, membership.member(index));
            return false;
        }
        heardOwnCluster |= clusterId == membership.clusterId() && MemberId.node(from) != ownNode;
        return true;
    }

    /**
     * One foreigner may be the lost one; when most others are foreign and nobody is not, it is this
     * node.
     */
    private void foreigner(int index, long clusterId) {
        foreigners |= 1 << index;
        int others = memberships.current().size() - 1;
        if (!heardOwnCluster && 2 * Integer.bitCount(foreigners) > others) {
            stop(
                    "this directory belongs to cluster "
                            + Long.toHexString(memberships.current().clusterId())
                            + ", but the nodes at the configured addresses are of cluster "
                            + Long.toHexString(clusterId)
                            + ": start it with its own members, or with another directory");
        }
    }

    private void tellStranger(long from, long expected) {
        if (nowTick >= nextReplyTick) {
            nextReplyTick = nowTick + config.heartbeatTicks();
            peers.to(MemberId.node(from))
                    .stranger(config.self(), expected, memberships.current().clusterId());
        }
    }

    /** A member says whom its log records under this node's id. */
    void stranger(long expected, long clusterId) {
        if (MemberId.node(expected) == ownNode && expected != config.self()) {
            stopAsAnother(expected, clusterId);
        }
    }

    /**
     * Checks a membership entry before it is stored or learnt; false when this node has no place in
     * it.
     */
    boolean admitsEntry(Batch batch) {
        if (batch.kind() != Batch.MEMBERSHIP) {
            return true;
        }
        Membership entry =
                Membership.decode(batch.buffer(), Batch.ENTRY_PREFIX_BYTES, batch.entryLength(0));
        int index = entry.indexOfNode(ownNode);
        String difference = entry.differenceTo(config);
        if (difference != null) {
            stop(difference + ": start all nodes with the same members and limits");
        } else if (entry.member(index) != config.self()) {
            stopAsAnother(entry.member(index), entry.clusterId());
        }
        return !hasStopped;
    }

    private void stopAsAnother(long expected, long clusterId) {
        stop(
                "cluster "
                        + Long.toHexString(clusterId)
                        + " knows node "
                        + ownNode
                        + " by the directory with incarnation "
                        + Long.toHexString(MemberId.incarnation(expected))
                        + ", but this one has incarnation "
                        + Long.toHexString(MemberId.incarnation(config.self()))
                        + ": start it on its own directory; an emptied one cannot take its place");
    }

    private void stop(String why) {
        if (!hasStopped) {
            hasStopped = true;
            events.mustStop(why);
        }
    }
}
