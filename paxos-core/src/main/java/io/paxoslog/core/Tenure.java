package io.paxoslog.core;

/**
 * A membership, the slots it governs, and who its members are by their number in the {@link
 * Roster}. Immutable.
 *
 * @param slot of its entry; 0 before the founding
 * @param firstSlot the first one that it governs
 * @param membership the entry
 * @param voters the numbers of those that count, as a set
 * @param members the numbers of all, those of observers among them, as a set
 */
record Tenure(long slot, long firstSlot, Membership membership, int voters, int members) {
    /** Whether so many of its members promised that it can be led. */
    boolean isPrepareQuorum(int numbers) {
        return membership.prepareQuorum().isReachedBy(numbers & voters);
    }

    /** Whether so many of its members voted that a slot is chosen. */
    boolean isAcceptQuorum(int numbers) {
        return membership.acceptQuorum().isReachedBy(numbers & voters);
    }

    /** Whether each prepare quorum of its members has one of these. */
    boolean meetsPrepareQuorums(int numbers) {
        int least = Integer.bitCount(voters) - membership.prepareQuorum().size() + 1;
        return Integer.bitCount(numbers & voters) >= least;
    }

    /** Whether a member votes. */
    boolean votes(int number) {
        return number != Roster.NOBODY && (voters & 1 << number) != 0;
    }
}
