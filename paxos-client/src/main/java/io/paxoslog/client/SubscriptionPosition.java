package io.paxoslog.client;

/** Where a subscription stands in the log: takes what follows, and nothing else. */
final class SubscriptionPosition {
    private long clusterId;
    private long nextSlot;
    private long toldSlot;

    SubscriptionPosition(long clusterId, long nextSlot) {
        this.clusterId = clusterId;
        this.nextSlot = nextSlot;
        toldSlot = nextSlot;
    }

    /**
     * Whether a message goes on here, or earlier. One that does not shows that another one was lost
     * before it, as when a stream broke and was found again.
     */
    boolean isFollowedBy(long ofCluster, long firstSlot) {
        boolean isSame = clusterId == Subscription.ANY_CLUSTER || clusterId == ofCluster;
        return isSame && (nextSlot == Subscription.FIRST_KEPT || firstSlot <= nextSlot);
    }

    /** Takes a message that follows. */
    void begin(long ofCluster, long firstSlot) {
        clusterId = ofCluster;
        if (nextSlot == Subscription.FIRST_KEPT) {
            nextSlot = firstSlot;
            toldSlot = firstSlot;
        }
    }

    /** Takes a slot; false when it was taken before. */
    boolean take(long slot) {
        if (slot < nextSlot) {
            return false;
        }
        nextSlot = slot + 1;
        return true;
    }

    /** Everything below a slot is taken; false when that is no news. */
    boolean reach(long slot) {
        nextSlot = Math.max(nextSlot, slot);
        boolean isNew = nextSlot != toldSlot;
        toldSlot = nextSlot;
        return isNew;
    }

    long clusterId() {
        return clusterId;
    }

    /** 0 before the first message, where it begins with the first slot kept. */
    long nextSlot() {
        return nextSlot;
    }
}
