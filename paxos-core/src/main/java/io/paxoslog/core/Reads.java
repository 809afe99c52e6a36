package io.paxoslog.core;

/**
 * Reads that came to this node and wait for an index from whoever leads, this node or another. What
 * was asked is asked again of the next leader, and now and then, as long as nothing came of it.
 */
final class Reads {
    private final ReplicaConfig config;
    private final Peers peers;
    private final Proposer proposer;
    private final ReadIndex readIndex;

    /** Numbers of reads lie above it, so that an answer to an earlier start is known as such. */
    private final long base;

    private long came;
    private long asked;
    private long told;
    private long askedBallot = Ballot.NONE;
    private int askedNode;
    private long askAgainTick;
    private ReadAnswers answers = ReadAnswers.NONE;

    Reads(
            ReplicaConfig config,
            Peers peers,
            Proposer proposer,
            ReadIndex readIndex,
            Nonces nonces) {
        this.config = config;
        this.peers = peers;
        this.proposer = proposer;
        this.readIndex = readIndex;
        this.base = nonces.firstRead();
        readIndex.tell(this::told);
    }

    void tell(ReadAnswers listener) {
        answers = listener;
    }

    /** A read came. What is proposed behind it in the same turn confirms it. */
    void came(long ticket, long nowTick) {
        if (ticket <= came) {
            throw new IllegalArgumentException("ticket " + ticket + " comes after " + came);
        }
        came = ticket;
        if (proposer.role() == Role.LEADING) {
            ask(nowTick);
        }
    }

    /** The turn of this node ends: asks once for all that came in it. */
    void endTurn(long nowTick) {
        if (came > told && (came > asked || isAnotherLeader() || isOverdue(nowTick))) {
            ask(nowTick);
        }
    }

    /** Questions get lost, and what a leader was asked by itself does not. */
    private boolean isOverdue(long nowTick) {
        return proposer.role() != Role.LEADING && nowTick >= askAgainTick;
    }

    private boolean isAnotherLeader() {
        return askedNode != proposer.leader() || askedBallot != proposer.ballot();
    }

    private void ask(long nowTick) {
        boolean leads = proposer.role() == Role.LEADING;
        int leader = proposer.leader();
        // Whoever renews its ballot names itself the leader, and leads again only after that.
        boolean isOwn = leader == MemberId.node(config.self());
        if (leader == 0 || (isOwn && !leads)) {
            return;
        }
        boolean isHeard = true;
        if (leads) {
            isHeard = readIndex.ask(config.self(), base + came);
        } else {
            peers.to(leader).askIndex(config.self(), base + came);
        }
        if (isHeard) {
            asked = came;
            askedNode = leader;
            askedBallot = proposer.ballot();
            askAgainTick = nowTick + config.heartbeatTicks();
        }
    }

    /**
     * A leader, this one or the one before, answers.
     *
     * @param number of the latest read that it answers
     */
    void told(long number, long index) {
        long ticket = number - base;
        if (ticket > told && ticket <= asked) {
            told = ticket;
            answers.indexed(ticket, index);
        }
    }
}
