package io.paxoslog.core;

/**
 * In which memberships the ballot of this leader is established: a prepare quorum of each must have
 * promised it before it proposes any slot that the membership governs. Goes on listening to
 * promises, and asks for those that are missing, as long as they are needed.
 */
final class Establishing {
    private final ReplicaConfig config;
    private final Peers peers;
    private final Memberships memberships;
    private long ballot;
    private PromiseTally promises;
    private long establishedSlot;
    private int wanted;

    Establishing(ReplicaConfig config, Peers peers, Memberships memberships) {
        this.config = config;
        this.peers = peers;
        this.memberships = memberships;
    }

    /** The ballot is established in the membership that governs its first slot. */
    void begin(long wonBallot, PromiseTally tally) {
        ballot = wonBallot;
        promises = tally;
        establishedSlot = memberships.now().slot();
        wanted = 0;
    }

    /** These are to promise, too, as they may become members. */
    void want(int numbers) {
        wanted = numbers;
    }

    /** Whether a member's promise is wanted, as it may become a voter. */
    boolean isWanted(int number) {
        return (wanted & 1 << number) != 0;
    }

    /** Whether promises matter to this leader now. */
    boolean listens() {
        return wanted != 0 || missing() != null;
    }

    /** The first membership in which the ballot is not established; null for none. */
    private Tenure missing() {
        if (establishedSlot < memberships.now().slot()) {
            return memberships.now();
        }
        Tenure next = memberships.next();
        return next != null && establishedSlot < next.slot() ? next : null;
    }

    /** Whether the ballot is established in all that are known to matter. */
    boolean isComplete() {
        return missing() == null;
    }

    /** The last slot that may be proposed before the ballot is established in one more. */
    long lastProposable() {
        Tenure missing = missing();
        return missing == null ? Long.MAX_VALUE : missing.firstSlot() - 1;
    }

    /**
     * Looks whether one more membership has promised.
     *
     * @param nextSlot the next to be proposed: who knows more chosen than the slots before cannot
     *     be counted by this leader
     * @return whether it has just now
     */
    boolean isDone(long nextSlot) {
        Tenure missing = missing();
        if (missing == null || !missing.isPrepareQuorum(promisedBelow(nextSlot))) {
            return false;
        }
        establishedSlot = missing.slot();
        return true;
    }

    /**
     * Whether enough have promised in a membership, but some of them know slots chosen that it
     * governs: others lead there already, or did. They can be counted by who learns those slots
     * only, and a leader learns nothing.
     */
    boolean isOutrun() {
        Tenure missing = missing();
        return missing != null
                && missing.isPrepareQuorum(promises.promisedBy())
                && !missing.isPrepareQuorum(promises.promisedBelow(missing.firstSlot()));
    }

    /** Who promised this ballot and knows nothing chosen from this slot on. */
    int promisedBelow(long nextSlot) {
        return promises.promisedBelow(nextSlot);
    }

    /** Asks those who are needed and have not promised. */
    void ask() {
        Tenure missing = missing();
        int needed = missing == null ? wanted : wanted | missing.voters();
        for (int left = needed & ~promises.promisedBy(); left != 0; left &= left - 1) {
            int node = memberships.node(Integer.numberOfTrailingZeros(left));
            peers.to(node).prepare(config.self(), ballot, promises.firstSlot());
        }
    }
}
