package io.paxoslog.core;

import java.util.List;

/**
 * What a replica is told at its start. Ticks are milliseconds.
 *
 * @param self this node's identity, incarnation included
 * @param members the configured voters, this node among them, by ascending node id
 * @param prepareQuorum answers that Phase 1 needs
 * @param acceptQuorum votes that choose a slot; together with {@code prepareQuorum} more than the
 *     members
 * @param openSlotLimit most slots above the commit index that may be proposed
 * @param openBytesLimit most bytes of open entries a leader takes before it refuses more
 * @param electionTimeoutTicks shortest election time-out; the longest is twice as long
 * @param heartbeatTicks time between heartbeats, at most a third of {@code electionTimeoutTicks}
 * @param seed for the jitter of election time-outs
 * @param nonceKey what others must not be able to guess follows from it; drawn anew at each start
 * @param clusterIdDraw random positive number that becomes the cluster id if this node is the first
 *     leader
 * @param base what the cluster is founded on; this node's journal holds it
 * @param joins whether this node waits to be made a member of a cluster that is founded already:
 *     until it knows that one it founds none and takes part in nothing
 * @param replaceAfterTicks for how long this node, when it leads, must not have heard a voter
 *     before it puts a spare in its place; 0 for never
 * @param knows which versions this build, with its state machine, can go by
 * @param leaseTicks for how long this node grants leases to leaders, and asks for them when it
 *     leads; 0 for never
 * @param leaseBeforeTicks for how long earlier starts of this node may have granted any
 */
public record ReplicaConfig(
        long self,
        List<Voter> members,
        int prepareQuorum,
        int acceptQuorum,
        int openSlotLimit,
        int openBytesLimit,
        int electionTimeoutTicks,
        int heartbeatTicks,
        long seed,
        NonceKey nonceKey,
        long clusterIdDraw,
        Base base,
        boolean joins,
        int replaceAfterTicks,
        KnownVersions knows,
        int leaseTicks,
        int leaseBeforeTicks) {

    /** As the other one, of a node whose log begins with slot 1. */
    public ReplicaConfig(
            long self,
            List<Voter> members,
            int prepareQuorum,
            int acceptQuorum,
            int openSlotLimit,
            int openBytesLimit,
            int electionTimeoutTicks,
            int heartbeatTicks,
            long seed,
            NonceKey nonceKey,
            long clusterIdDraw) {
        this(
                self,
                members,
                prepareQuorum,
                acceptQuorum,
                openSlotLimit,
                openBytesLimit,
                electionTimeoutTicks,
                heartbeatTicks,
                seed,
                nonceKey,
                clusterIdDraw,
                Base.NONE,
                false,
                0,
                KnownVersions.OF_BUILD,
                0,
                0);
    }

    /** The same on a base. */
    public ReplicaConfig withBase(Base newBase) {
        return with(newBase, joins, replaceAfterTicks, knows, leaseTicks, leaseBeforeTicks);
    }

    /** The same for a node that waits to be made a member. */
    public ReplicaConfig joining() {
        return with(base, true, replaceAfterTicks, knows, leaseTicks, leaseBeforeTicks);
    }

    /** The same for a node that puts spares in the place of voters that it does not hear. */
    public ReplicaConfig replacingAfter(int ticks) {
        return with(base, joins, ticks, knows, leaseTicks, leaseBeforeTicks);
    }

    /** The same of a build that knows other versions. */
    public ReplicaConfig knowing(KnownVersions versions) {
        return with(base, joins, replaceAfterTicks, versions, leaseTicks, leaseBeforeTicks);
    }

    /**
     * The same for a node that grants leases for so long, and whose earlier starts may have granted
     * them for {@code before}.
     */
    public ReplicaConfig leasing(int ticks, int before) {
        return with(base, joins, replaceAfterTicks, knows, ticks, before);
    }

    private ReplicaConfig with(
            Base newBase,
            boolean newJoins,
            int newReplaceAfterTicks,
            KnownVersions newKnows,
            int newLeaseTicks,
            int newLeaseBeforeTicks) {
        return new ReplicaConfig(
                self,
                members,
                prepareQuorum,
                acceptQuorum,
                openSlotLimit,
                openBytesLimit,
                electionTimeoutTicks,
                heartbeatTicks,
                seed,
                nonceKey,
                clusterIdDraw,
                newBase,
                newJoins,
                newReplaceAfterTicks,
                newKnows,
                newLeaseTicks,
                newLeaseBeforeTicks);
    }

    /**
     * A voter as configured: its node id and the address that is recorded for it, which the core
     * does not read.
     */
    public record Voter(int node, String address) {}

    /**
     * Checks what belongs together.
     *
     * @throws IllegalArgumentException naming the setting that is wrong and what would be right
     */
    public ReplicaConfig {
        members = List.copyOf(members);
        require(
                !members.isEmpty() && members.size() <= Membership.MAX_MEMBERS,
                "members: 1 to " + Membership.MAX_MEMBERS + " are allowed, not " + members.size());
        requireAscending(members);
        members.forEach(ReplicaConfig::requireSound);
        require(
                members.stream().anyMatch(v -> v.node() == MemberId.node(self)),
                "members: node " + MemberId.node(self) + " is not among them");
        require(
                prepareQuorum >= 1 && prepareQuorum <= members.size(),
                "prepareQuorum: 1 to " + members.size() + ", not " + prepareQuorum);
        require(
                acceptQuorum >= 1 && acceptQuorum <= members.size(),
                "acceptQuorum: 1 to " + members.size() + ", not " + acceptQuorum);
        require(
                prepareQuorum + acceptQuorum > members.size(),
                "prepareQuorum + acceptQuorum must be more than the "
                        + members.size()
                        + " members");
        require(clusterIdDraw >= 1, "clusterIdDraw: at least 1, not " + clusterIdDraw);
        require(openSlotLimit >= 1, "openSlotLimit: at least 1, not " + openSlotLimit);
        require(openBytesLimit >= 1, "openBytesLimit: at least 1, not " + openBytesLimit);
        require(replaceAfterTicks >= 0, "replaceAfterTicks: at least 0, not " + replaceAfterTicks);
        require(
                heartbeatTicks >= 1 && heartbeatTicks * 3L <= electionTimeoutTicks,
                "heartbeat: at most a third of the election time-out of "
                        + electionTimeoutTicks
                        + ", not "
                        + heartbeatTicks);
        require(
                leaseTicks == 0
                        || (leaseTicks >= 2 * heartbeatTicks && leaseTicks <= electionTimeoutTicks),
                "lease: 0, or from two heartbeats to the election time-out, "
                        + 2 * heartbeatTicks
                        + " to "
                        + electionTimeoutTicks
                        + ", not "
                        + leaseTicks);
        require(leaseBeforeTicks >= 0, "leaseBeforeTicks: at least 0, not " + leaseBeforeTicks);
    }

    private static void requireSound(Voter voter) {
        require(
                voter.node() >= 1 && voter.node() <= Ballot.MAX_NODE,
                "members: node ids are 1 to " + Ballot.MAX_NODE + ", not " + voter.node());
        require(
                Membership.isAddress(voter.address()),
                "members: the address of node "
                        + voter.node()
                        + " must be at most "
                        + Membership.MAX_ADDRESS_BYTES
                        + " printable ASCII characters");
    }

    private static void requireAscending(List<Voter> members) {
        for (int i = 1; i < members.size(); i++) {
            require(
                    members.get(i - 1).node() < members.get(i).node(),
                    "members: node ids must differ and ascend");
        }
    }

    private static void require(boolean isRight, String message) {
        if (!isRight) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Majorities of {@code members}, for the two quorum sizes. */
    public static int majorityOf(int members) {
        return members / 2 + 1;
    }
}
