package io.paxoslog.client;

/** One member as a subscription knows it: what can be had there. */
final class SubscriptionMember {
    final MemberLink link;

    /** Slots up to it cannot be had there; 0: none was refused. */
    long refusedUpTo;

    /** Where its log begins, as far as it said so; 0 when it did not. */
    long firstKept;

    /** How far it has applied the log, as it said last; 0 when it did not. */
    long applied;

    boolean isOfOtherCluster;

    /** It fell silent or behind, and is taken only when nobody else is to be had. */
    boolean isAvoided;

    SubscriptionMember(MemberLink link) {
        this.link = link;
    }

    boolean isThere() {
        return link.isWelcomed() && !link.isBroken() && !isOfOtherCluster;
    }

    /** Whether it speaks of subscriptions at all. */
    boolean isOfThisRelease() {
        return link.schemaVersion() >= ResponseShape.FIRST_WITH_SUBSCRIPTIONS;
    }

    boolean canServe(long slot) {
        return isThere() && isOfThisRelease() && refusedUpTo < Math.max(1, slot);
    }

    /** It may be another one at the same place, or have another log by now. */
    void forget() {
        refusedUpTo = 0;
        firstKept = 0;
        applied = 0;
        isOfOtherCluster = false;
    }

    /** It cannot serve a slot, nor those before. */
    void refuses(long slot, long itsFirstKept) {
        refusedUpTo = slot;
        firstKept = itsFirstKept;
    }
}
