package io.paxoslog.core;

import java.util.Arrays;

/**
 * The leader's part in reads that leave no trace in the log: which index a read needs, and whether
 * this node still led when the read came.
 *
 * <p>A read is answered with the commit index once that covers all that was proposed before the
 * read came and all that Phase 1 reported, and once so many members of the membership of the slot
 * behind have confirmed, after the read came, that they had promised no higher ballot, that each
 * prepare quorum of it has one of them. Index and membership are taken together, when all of this
 * holds (I42). A member confirms by an answer to a question of this ballot asked since, to a
 * heartbeat sent since, or by a vote on a slot first proposed since (I43).
 */
final class ReadIndex implements Roster.Keeper {
    /** What does not fit is not heard: it is asked again. */
    static final int MOST_WAITING = 1024;

    /** Questions on their way; more of them would make no read quicker by much. */
    static final int MOST_QUESTIONS = 16;

    /** Hears what reads of this node itself need. */
    interface Own {
        /** Reads up to this one may be answered at this index. */
        void told(long read, long index);
    }

    private final ReplicaConfig config;
    private final Peers peers;
    private final Learner learner;
    private final Memberships memberships;
    private final Leadership leadership;
    private final AgreedTime time;
    private final long[] asker = new long[MOST_WAITING];
    private final long[] read = new long[MOST_WAITING];
    private final long[] slot = new long[MOST_WAITING];
    private final long[] nonce = new long[MOST_WAITING];
    private final long[] beat = new long[MOST_WAITING];
    private final long[] confirmed = new long[Roster.MAX];
    private final long[] beatHeard = new long[Roster.MAX];
    private final long firstNonce;
    private long nextNonce;
    private long ballot = Ballot.NONE;
    private long head;
    private long tail;
    private Own own = (read, index) -> {};

    ReadIndex(
            ReplicaConfig config,
            Peers peers,
            Learner learner,
            Memberships memberships,
            Leadership leadership,
            AgreedTime time,
            Nonces nonces) {
        this.config = config;
        this.peers = peers;
        this.learner = learner;
        this.memberships = memberships;
        this.leadership = leadership;
        this.time = time;
        this.firstNonce = nonces.firstConfirmation();
        this.nextNonce = firstNonce;
    }

    /** Says who hears what reads of this node need. */
    void tell(Own listener) {
        own = listener;
    }

    @Override
    public void left(int number, long member) {
        confirmed[number] = 0;
        beatHeard[number] = 0;
    }

    /** Whether no read waits here. */
    boolean isIdle() {
        return head == tail;
    }

    /**
     * Reads came, here or at another node that asks now.
     *
     * @param member who asks
     * @param itsRead its number for the latest of them
     * @return false when there is no room
     */
    boolean ask(long member, long itsRead) {
        follow();
        for (long i = tail - 1; i >= head && isAsNew(at(i)); i--) {
            if (asker[at(i)] == member) {
                read[at(i)] = itsRead;
                return true;
            }
        }
        if (tail - head == MOST_WAITING) {
            return false;
        }
        int last = at(tail++);
        asker[last] = member;
        read[last] = itsRead;
        slot[last] = leadership.lastSlot() + 1;
        nonce[last] = nextNonce;
        beat[last] = time.nextNonce();
        return true;
    }

    /** What waits under an earlier ballot is asked again, by whoever still wants to know. */
    private void follow() {
        if (ballot != leadership.ballot()) {
            ballot = leadership.ballot();
            head = tail;
            Arrays.fill(confirmed, 0);
            Arrays.fill(beatHeard, 0);
        }
    }

    /** Whether what confirms one that waits confirms a read that comes now, too. */
    private boolean isAsNew(int waiting) {
        return slot[waiting] == leadership.lastSlot() + 1
                && nonce[waiting] == nextNonce
                && beat[waiting] == time.nextNonce();
    }

    /**
     * The turn of this node ends: asks once for all that came in it, unless something was proposed
     * since, which answers it.
     */
    void endTurn() {
        if (isIdle() || ballot != leadership.ballot()) {
            return;
        }
        answerConfirmed();
        if (isQuestionNeeded()) {
            askAll(nextNonce++);
        }
    }

    private boolean isQuestionNeeded() {
        if (isIdle()) {
            return false;
        }
        int last = at(tail - 1);
        boolean isAsked = nonce[last] < nextNonce || slot[last] <= leadership.lastSlot();
        return !isAsked && nextNonce - nonce[at(head)] < MOST_QUESTIONS;
    }

    private void askAll(long number) {
        int others = memberships.voters() & ~(1 << memberships.own());
        for (int left = others; left != 0; left &= left - 1) {
            int node = memberships.node(Integer.numberOfTrailingZeros(left));
            peers.to(node).confirm(config.self(), ballot, number);
        }
    }

    /** A member that had promised nothing above this ballot answered a question. */
    void confirmed(int member, long itsNonce) {
        if (itsNonce >= firstNonce && itsNonce < nextNonce) {
            confirmed[member] = Math.max(confirmed[member], itsNonce);
            look();
        }
    }

    /** A member that had promised nothing above this ballot answered a heartbeat. */
    void heartbeatHeard(int member, long itsNonce) {
        if (ballot == leadership.ballot() && itsNonce < time.nextNonce()) {
            beatHeard[member] = Math.max(beatHeard[member], itsNonce);
            look();
        }
    }

    /** Votes came, or more is known chosen. */
    void look() {
        if (!isIdle() && ballot == leadership.ballot()) {
            answerConfirmed();
        }
    }

    private void answerConfirmed() {
        if (!leadership.knowsWhatWasReported()) {
            return;
        }
        while (!isIdle() && isReadable(at(head))) {
            int first = at(head++);
            answer(asker[first], read[first], learner.commitIndex());
        }
    }

    private boolean isReadable(int waiting) {
        Tenure next = memberships.now();
        return learner.commitIndex() >= slot[waiting] - 1
                && next.meetsPrepareQuorums(confirming(waiting, next.voters()));
    }

    private int confirming(int waiting, int voters) {
        int set = 0;
        for (int left = voters; left != 0; left &= left - 1) {
            int member = Integer.numberOfTrailingZeros(left);
            boolean hasConfirmed =
                    member == memberships.own()
                            || confirmed[member] >= nonce[waiting]
                            || beatHeard[member] >= beat[waiting]
                            || leadership.votedUpTo(member) >= slot[waiting];
            set |= hasConfirmed ? 1 << member : 0;
        }
        return set;
    }

    private void answer(long member, long itsRead, long index) {
        if (member == config.self()) {
            own.told(itsRead, index);
        } else {
            peers.to(MemberId.node(member)).indexed(config.self(), ballot, itsRead, index);
        }
    }

    private static int at(long position) {
        return (int) (position & (MOST_WAITING - 1));
    }
}
