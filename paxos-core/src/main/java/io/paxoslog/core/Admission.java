package io.paxoslog.core;

/**
 * Who is heard: members of this cluster under the incarnation that the log records. A node whose
 * own log records none may find out from others that it does not belong, and stops; one whose log
 * records its identity believes its log, as what others say may be forged: it warns, drops and
 * waits.
 */
final class Admission {
    private final ReplicaConfig config;
    private final Peers peers;
    private final ReplicaEvents events;
    private final Memberships memberships;
    private final int ownNode;
    private final Seldom otherDirectories;
    private final Seldom otherClusters;
    private final Seldom doubts;
    private final Seldom otherEntries;
    private final Seldom otherWires;
    private long nowTick;
    private long nextReplyTick = Long.MIN_VALUE;
    private boolean hasStopped;

    Admission(ReplicaConfig config, Peers peers, ReplicaEvents events, Memberships memberships) {
        this.config = config;
        this.peers = peers;
        this.events = events;
        this.memberships = memberships;
        this.ownNode = MemberId.node(config.self());
        this.otherDirectories = new Seldom(config.electionTimeoutTicks());
        this.otherClusters = new Seldom(config.electionTimeoutTicks());
        this.doubts = new Seldom(config.electionTimeoutTicks());
        this.otherEntries = new Seldom(config.electionTimeoutTicks());
        this.otherWires = new Seldom(config.electionTimeoutTicks());
    }

    void onTick(long tick) {
        nowTick = tick;
    }

    /** Whether this node was found not to belong; it takes no part any more. */
    boolean hasStopped() {
        return hasStopped;
    }

    /** Whether the log says that this node, on this directory, is a member. */
    private boolean isRecorded() {
        return memberships.isFounded() && memberships.isMember();
    }

    boolean admits(long from, long clusterId) {
        int number = memberships.numberOf(from);
        if (hasStopped || number == Memberships.NOBODY) {
            return false;
        }
        long known = memberships.roster().member(number);
        // The identity first: what somebody unknown says of clusters is no reason for anything.
        if (known != from && memberships.isFounded() && MemberId.incarnation(known) != 0) {
            warnOfAnotherDirectory(from, known, clusterId);
            // A follower has no other reason to speak to it, and it must learn of its mistake.
            tellStranger(from, known);
            return false;
        }
        if (!isOfThisCluster(clusterId)) {
            warnOfAnotherCluster(from, clusterId);
            return false;
        }
        return true;
    }

    /** Until a member knows the cluster it says what that is founded on. */
    private boolean isOfThisCluster(long clusterId) {
        long known = memberships.current().clusterId();
        return memberships.isFounded()
                ? clusterId == known || clusterId == config.base().id()
                : config.base().isOf(clusterId);
    }

    private void warnOfAnotherDirectory(long from, long expected, long clusterId) {
        if (!otherDirectories.isDue(nowTick)) {
            return;
        }
        events.warning(
                "not heard: somebody speaks as node "
                        + MemberId.node(from)
                        + " on the directory with incarnation "
                        + Long.toHexString(MemberId.incarnation(from))
                        + (clusterId == 0 ? "" : " of cluster " + Long.toHexString(clusterId))
                        + ", but this node's log records incarnation "
                        + Long.toHexString(MemberId.incarnation(expected))
                        + " of cluster "
                        + Long.toHexString(memberships.current().clusterId())
                        + soFar(otherDirectories)
                        + "; start each node on its own directory");
    }

    private void warnOfAnotherCluster(long from, long clusterId) {
        if (!otherClusters.isDue(nowTick)) {
            return;
        }
        events.warning(
                "not heard: node "
                        + MemberId.node(from)
                        + (clusterId == 0
                                ? " begins with an empty log"
                                : " says that it is of cluster " + Long.toHexString(clusterId))
                        + (memberships.isFounded() ? belongsElsewhere() : isFoundedElsewhere())
                        + soFar(otherClusters));
    }

    private String belongsElsewhere() {
        return ", but this directory belongs to cluster "
                + Long.toHexString(memberships.current().clusterId());
    }

    private String isFoundedElsewhere() {
        return ", but this directory founds one on base "
                + config.base()
                + ": make the directories of all members from the same backup or survivors";
    }

    /** Somebody sends what cannot be heard here. */
    void speaksOtherwise(long from, int version, int known) {
        if (otherWires.isDue(nowTick)) {
            events.warning(
                    "not heard: somebody, perhaps node "
                            + MemberId.node(from)
                            + ", sends messages of version "
                            + version
                            + ", and this build knows version "
                            + known
                            + " and those that only add to it"
                            + soFar(otherWires)
                            + ": upgrade by builds that follow one another");
        }
    }

    private static String soFar(Seldom seldom) {
        return " (" + seldom.count() + " times so far)";
    }

    private void tellStranger(long from, long expected) {
        if (nowTick >= nextReplyTick) {
            nextReplyTick = nowTick + config.heartbeatTicks();
            peers.to(MemberId.node(from))
                    .stranger(config.self(), expected, memberships.current().clusterId());
        }
    }

    /** A member says whom its log records under this node's id. */
    void stranger(long from, long expected, long clusterId) {
        if (MemberId.node(expected) != ownNode || expected == config.self()) {
            return;
        }
        if (!isRecorded()) {
            stopAsAnother(expected, clusterId);
        } else if (doubts.isDue(nowTick)) {
            events.warning(
                    "not believed: node "
                            + MemberId.node(from)
                            + " says that node "
                            + ownNode
                            + " is the directory with incarnation "
                            + Long.toHexString(MemberId.incarnation(expected))
                            + ", but this node's log records its own incarnation "
                            + Long.toHexString(MemberId.incarnation(config.self()))
                            + soFar(doubts));
        }
    }

    /**
     * Checks a membership entry before it is stored or learnt; false when it is not to be taken.
     */
    boolean admitsEntry(long from, Batch batch) {
        // What a base holds is of another cluster, and stands.
        if (batch.kind() != Batch.MEMBERSHIP || batch.firstSlot() <= config.base().slot()) {
            return true;
        }
        Membership entry =
                Membership.decode(batch.buffer(), Batch.ENTRY_PREFIX_BYTES, batch.entryLength(0));
        return admitsEntry("node " + MemberId.node(from), entry);
    }

    /**
     * Checks the memberships of a snapshot before it takes the place of slots that are not here.
     */
    boolean admitsSnapshot(SnapshotHead head) {
        return takes(head.versionAt(), head.version())
                && head.memberships().values().stream()
                        .map(SnapshotHead::membership)
                        .allMatch(entry -> admitsEntry("a snapshot at slot " + head.slot(), entry));
    }

    private boolean admitsEntry(String source, Membership entry) {
        if (!memberships.isFounded() && !config.base().isOf(entry.clusterId())) {
            warnOfAnotherEntry(source, entry);
            return false;
        }
        return memberships.isFounded() ? isOfTheRecorded(source, entry) : hasPlaceIn(entry);
    }

    /** A cluster changes its members, but it stays what it is, and is founded once. */
    private boolean isOfTheRecorded(String source, Membership entry) {
        boolean isOther = entry.isFirst() && isFoundedOtherwise(entry);
        if (!isOther && entry.clusterId() == memberships.current().clusterId()) {
            return true;
        }
        warnOfAnotherEntry(source, entry);
        return false;
    }

    private boolean isFoundedOtherwise(Membership entry) {
        Membership known = memberships.current();
        return known.isFirst() && !entry.isSameAs(known);
    }

    private void warnOfAnotherEntry(String source, Membership entry) {
        if (otherEntries.isDue(nowTick)) {
            events.warning(
                    "not taken: "
                            + source
                            + " sent a membership ["
                            + entry
                            + "] of cluster "
                            + Long.toHexString(entry.clusterId())
                            + " that is not the recorded one of cluster "
                            + Long.toHexString(spokenCluster())
                            + soFar(otherEntries));
        }
    }

    /** The cluster that is recorded here, or what it is to be founded on. */
    long spokenCluster() {
        return memberships.isFounded() ? memberships.current().clusterId() : config.base().id();
    }

    /**
     * Founders agree on what they found. A later entry may say anything, also to a founder that was
     * away ever since; who is in it under this node's id must be this node.
     */
    private boolean hasPlaceIn(Membership entry) {
        boolean isFounding = entry.isFirst() && !config.joins();
        int index = entry.indexOfNode(ownNode);
        if (!isFounding && index < 0) {
            return true;
        }
        String difference = isFounding ? entry.differenceTo(config) : null;
        if (difference != null) {
            stop(difference + ": start all nodes with the same members and limits");
        } else if (entry.member(index) != config.self()) {
            stopAsAnother(entry.member(index), entry.clusterId());
        }
        return !hasStopped;
    }

    /**
     * Whether this build can go by what is agreed from a slot on; else it stops, before it applies
     * anything behind that slot.
     *
     * @param agreed {@link Version#NONE} when nothing is said
     */
    boolean takes(long at, Version agreed) {
        String why = agreed.equals(Version.NONE) ? null : config.knows().whyNot(agreed, at);
        if (why != null) {
            stop(why);
        }
        return why == null;
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

    /** The cluster goes on without this node, and needs nothing any more that it holds. */
    void removed() {
        if (!hasStopped) {
            hasStopped = true;
            events.removed(
                    "node "
                            + ownNode
                            + " is no member of cluster "
                            + Long.toHexString(memberships.current().clusterId())
                            + " any more, by the entry at slot "
                            + memberships.slot()
                            + ", and the members hold everything: it may be taken away, and does"
                            + " not come back under this id");
        }
    }

    private void stop(String why) {
        if (!hasStopped) {
            hasStopped = true;
            events.mustStop(why);
        }
    }
}
