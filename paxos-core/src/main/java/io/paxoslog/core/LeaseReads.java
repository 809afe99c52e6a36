package io.paxoslog.core;

/**
 * Reads that came to this leader and ask nobody, as it held a lease. Which index they need is found
 * as for any read (I42); instead of members that confirm it there is the lease, which whoever
 * answers must find running afterwards (I54).
 */
final class LeaseReads {
    /** What does not fit asks others. */
    static final int MOST_WAITING = 1024;

    private final Learner learner;
    private final Leadership leadership;
    private final long[] ticket = new long[MOST_WAITING];
    private final long[] slot = new long[MOST_WAITING];
    private long ballot = Ballot.NONE;
    private long came;
    private long head;
    private long tail;
    private ReadAnswers answers = ReadAnswers.NONE;

    LeaseReads(Learner learner, Leadership leadership) {
        this.learner = learner;
        this.leadership = leadership;
    }

    void tell(ReadAnswers listener) {
        answers = listener;
    }

    /**
     * A read came while this node holds a lease.
     *
     * @return false when there is no room
     */
    boolean came(long newTicket) {
        if (newTicket <= came) {
            throw new IllegalArgumentException("ticket " + newTicket + " comes after " + came);
        }
        if (ballot != leadership.ballot()) {
            ballot = leadership.ballot();
            head = tail;
        }
        long next = leadership.lastSlot() + 1;
        boolean isAsNew = head < tail && slot[at(tail - 1)] == next;
        if (!isAsNew && tail - head == MOST_WAITING) {
            return false;
        }
        tail += isAsNew ? 0 : 1;
        ticket[at(tail - 1)] = newTicket;
        slot[at(tail - 1)] = next;
        came = newTicket;
        return true;
    }

    /** This node leads, and more may be known chosen. */
    void look() {
        if (head == tail || ballot != leadership.ballot() || !leadership.knowsWhatWasReported()) {
            return;
        }
        long index = learner.commitIndex();
        while (head < tail && slot[at(head)] <= index + 1) {
            answers.indexedByLease(ticket[at(head++)], index);
        }
    }

    private static int at(long position) {
        return (int) (position & (MOST_WAITING - 1));
    }
}
