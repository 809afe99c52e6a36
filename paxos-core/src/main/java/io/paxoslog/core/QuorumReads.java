package io.paxoslog.core;

/**
 * Reads that came to this node and go on without a leader. All voters are asked which slot is the
 * highest they accepted, or know chosen. The slot behind the commit index was not chosen when the
 * reads came if those who told of more, and those who have not answered, are no accept quorum; then
 * the reads may be answered (I44).
 *
 * <p>It may never hear from a leader that a slot is chosen. So whoever is asked sends its vote
 * along, and what an accept quorum voted for under one ballot is chosen (I45).
 */
final class QuorumReads implements Roster.Keeper {
    /** Rounds on their way; what comes meanwhile waits for the next. */
    static final int MOST_ROUNDS = 64;

    private final ReplicaConfig config;
    private final Peers peers;
    private final Learner learner;
    private final Memberships memberships;

    /** Numbers of reads lie above it, so that an answer to an earlier start is known as such. */
    private final long base;

    private final long[] ticket = new long[MOST_ROUNDS];
    private final long[][] told = new long[MOST_ROUNDS][Roster.MAX];
    private final int[] heard = new int[MOST_ROUNDS];
    private final AcceptedTally votes = new AcceptedTally();
    private long votesBallot = Ballot.NONE;
    private long came;
    private long asked;
    private long head;
    private long tail;
    private long askAgainTick;
    private ReadAnswers answers = ReadAnswers.NONE;

    QuorumReads(
            ReplicaConfig config,
            Peers peers,
            Learner learner,
            Memberships memberships,
            Nonces nonces) {
        this.config = config;
        this.peers = peers;
        this.learner = learner;
        this.memberships = memberships;
        this.base = nonces.firstQuorumRead();
        memberships.roster().keptBy(this);
        memberships.roster().keptBy(votes);
    }

    void tell(ReadAnswers listener) {
        answers = listener;
    }

    @Override
    public void left(int number, long member) {
        for (long i = head; i < tail; i++) {
            heard[at(i)] &= ~(1 << number);
        }
    }

    /** Reads came. */
    void came(long newTicket) {
        if (newTicket <= came) {
            throw new IllegalArgumentException("ticket " + newTicket + " comes after " + came);
        }
        came = newTicket;
    }

    private boolean isIdle() {
        return head == tail;
    }

    /** The turn of this node ends: asks once for all that came in it. */
    void endTurn(long nowTick) {
        answerKnown();
        if (came > asked && tail - head < MOST_ROUNDS) {
            int last = at(tail++);
            asked = came;
            ticket[last] = came;
            heard[last] = 0;
            ask(nowTick);
        } else if (!isIdle() && nowTick >= askAgainTick) {
            ask(nowTick);
        }
    }

    private void ask(long nowTick) {
        askAgainTick = nowTick + config.heartbeatTicks();
        for (int left = memberships.voters(); left != 0; left &= left - 1) {
            int node = memberships.node(Integer.numberOfTrailingZeros(left));
            peers.to(node).askHighest(config.self(), base + asked);
        }
    }

    /** A member told what it knows of; it counts for all reads that came before it was asked. */
    void highest(int member, long number, long lastSlot) {
        long upTo = number - base;
        if (upTo > asked) {
            return;
        }
        for (long i = head; i < tail && ticket[at(i)] <= upTo; i++) {
            hear(at(i), member, lastSlot);
        }
        answerKnown();
    }

    /** The first answer counts: later ones tell of slots that came after the reads. */
    private void hear(int round, int member, long lastSlot) {
        if ((heard[round] & 1 << member) == 0) {
            heard[round] |= 1 << member;
            told[round][member] = lastSlot;
        }
    }

    private void answerKnown() {
        while (!isIdle() && isReadable(at(head))) {
            long upTo = ticket[at(head++)];
            answers.indexedByQuorum(upTo, learner.commitIndex());
        }
    }

    private boolean isReadable(int round) {
        Tenure next = memberships.next();
        int ahead = ~behind(round);
        return memberships.isFounded()
                && memberships.isNextKnown()
                && isHeard(round)
                && !memberships.now().isAcceptQuorum(ahead)
                && (next == null || !next.isAcceptQuorum(ahead));
    }

    /**
     * Whether another voter answered, where there is one: on an old copy this node would not know
     * so from its own word, and is heard by nobody who remembers better.
     */
    private boolean isHeard(int round) {
        int others = ~(1 << memberships.own());
        return (heard[round] & others) != 0 || (memberships.voters() & others) == 0;
    }

    /** Those who told of nothing that is not known chosen here. */
    private int behind(int round) {
        int set = 0;
        for (int left = heard[round]; left != 0; left &= left - 1) {
            int member = Integer.numberOfTrailingZeros(left);
            set |= told[round][member] <= learner.commitIndex() ? 1 << member : 0;
        }
        return set;
    }

    /** A member votes, as it tells whoever asks; never asked of a leader. */
    void voted(int member, long ballot, long upTo) {
        if (ballot > votesBallot) {
            votesBallot = ballot;
            votes.begin();
        }
        if (ballot == votesBallot) {
            votes.accepted(member, upTo);
        }
    }

    /**
     * Takes as chosen what is shown so by votes, as far as it is held here under their ballot.
     *
     * @return whether the commit index moved
     */
    boolean learn() {
        boolean hasMoved = false;
        while (learner.chosenUpTo(votesBallot, shownChosen())) {
            hasMoved = true;
        }
        return hasMoved;
    }

    /** By its own membership, so only as far as it is known here which one that is. */
    private long shownChosen() {
        Tenure now = memberships.now();
        if (isIdle() || !memberships.isFounded() || !memberships.isNextKnown()) {
            return 0;
        }
        long known = memberships.lastProposable(learner.commitIndex());
        long won = votes.wonUpTo(now.voters(), now.membership().acceptQuorum());
        return Math.min(won, Math.min(known, memberships.lastGoverned()));
    }

    private static int at(long position) {
        return (int) (position & (MOST_ROUNDS - 1));
    }
}
