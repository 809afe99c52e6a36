package io.paxoslog.core;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Turns knowledge about chosen slots, in whatever order it comes, into a commit index without gaps.
 */
final class Learner {
    private final OpenSlots openSlots;
    private final JournalRecords journal;
    private final CommittedLog committed;
    private final Memberships memberships;
    private final Decisions decisions;
    private final Holds holds;
    private final Admission admission;
    private final Batch range = new Batch();
    private final Batch part = new Batch();
    private long commitIndex;
    private long written;

    Learner(
            OpenSlots openSlots,
            JournalRecords journal,
            CommittedLog committed,
            Memberships memberships,
            Decisions decisions,
            Holds holds,
            Admission admission) {
        this.openSlots = openSlots;
        this.journal = journal;
        this.committed = committed;
        this.memberships = memberships;
        this.decisions = decisions;
        this.holds = holds;
        this.admission = admission;
    }

    /** Every slot up to it is known chosen here. */
    long commitIndex() {
        return commitIndex;
    }

    /**
     * A quorum chose, under {@code ballot}, every slot up to {@code upTo} that was still open.
     *
     * @return whether the commit index moved
     */
    boolean chosenUpTo(long ballot, long upTo) {
        long before = commitIndex;
        boolean more = before < upTo;
        while (more) {
            more = takeNext(ballot, upTo) && commitIndex < upTo;
        }
        if (commitIndex == before) {
            return false;
        }
        writeDown(ballot);
        openSlots.dropUpTo(commitIndex);
        return true;
    }

    private void writeDown(long ballot) {
        if (commitIndex > written) {
            written = commitIndex;
            journal.committed(ballot, commitIndex);
        }
    }

    private boolean takeNext(long ballot, long upTo) {
        int index = openSlots.indexOf(commitIndex + 1);
        if (index < 0) {
            return false;
        }
        HeldRange held = openSlots.get(index);
        // The quorum chose this ballot's value; an older one may lie here until our own accept
        // comes.
        if (held.ballot != ballot || held.isShed) {
            return false;
        }
        part.slice(held.view(range), commitIndex + 1, upTo);
        if (part.kind() == Batch.MEMBERSHIP) {
            // A journal that knows of a membership knows everything below its entry, too.
            writeDown(ballot);
        }
        if (!adopt(part)) {
            return false;
        }
        deliver(part);
        return true;
    }

    /**
     * Another node sent chosen values.
     *
     * @return whether the commit index moved
     */
    boolean chosen(Batch batch) {
        if (batch.firstSlot() > commitIndex + 1 || batch.lastSlot() <= commitIndex) {
            return false;
        }
        part.slice(batch, commitIndex + 1, batch.lastSlot());
        if (!adopt(part)) {
            return false;
        }
        journal.chosen(part.slots(Ballot.NONE, part.firstSlot(), part.count()));
        deliver(part);
        written = commitIndex;
        openSlots.dropUpTo(commitIndex);
        return true;
    }

    /**
     * Written down before the record that raises the commit index over its slot: a journal torn
     * between the two must not leave a node that is past a membership or a decision without knowing
     * it.
     *
     * @return false when this build cannot go by what is agreed from here on: nothing of it is
     *     known then, and nothing behind it is applied
     */
    private boolean adopt(Batch batch) {
        return switch (batch.kind()) {
            case Batch.MEMBERSHIP -> adoptMembership(batch);
            case Batch.DECISION -> adoptDecision(batch);
            default -> true;
        };
    }

    private boolean adoptMembership(Batch batch) {
        int length = batch.entryLength(0);
        long at = batch.firstSlot();
        Membership entry = Membership.decode(batch.buffer(), Batch.ENTRY_PREFIX_BYTES, length);
        if (!admission.takes(at, entry.foundedAt())) {
            return false;
        }
        adoptFounding(at, entry);
        if (memberships.adopt(at, batch.buffer(), Batch.ENTRY_PREFIX_BYTES, length)) {
            journal.membership(at, batch.buffer(), Batch.ENTRY_PREFIX_BYTES, length);
        }
        return true;
    }

    /** Memberships go by and by, what is agreed stays: so it is written down as a decision. */
    private void adoptFounding(long at, Membership entry) {
        Decision decision = decisions.founded(at, entry);
        if (decision != null) {
            UnsafeBuffer encoded = new UnsafeBuffer(new byte[Decision.BYTES]);
            decision.encode(encoded, 0);
            journal.decision(at, encoded, 0, Decision.BYTES);
        }
    }

    private boolean adoptDecision(Batch batch) {
        Decision decision = Decision.of(batch);
        long at = batch.firstSlot();
        if (!decisions.isNews(at, decision)) {
            return true;
        }
        if (!admission.takes(at, decision.version())) {
            return false;
        }
        decisions.adopt(at, decision);
        journal.decision(at, batch.buffer(), Batch.ENTRY_PREFIX_BYTES, batch.entryLength(0));
        tell(at, decision);
        return true;
    }

    /** Which version is agreed is told by its place in the log alone. */
    private void tell(long at, Decision decision) {
        if (decision.kind().isAboutSlot()) {
            holds.decided(decision.slot());
        }
        if (decision.kind() != Decision.Kind.VERSION) {
            committed.decided(at, decision);
        }
    }

    private void deliver(Batch batch) {
        commitIndex = batch.lastSlot();
        memberships.reached(commitIndex);
        committed.committed(batch);
    }

    /**
     * A snapshot took the place of every slot up to this one that is not known chosen here. What
     * was accepted above stands.
     */
    void jump(long slot) {
        recoverUpTo(slot);
        committed.jumped(slot);
    }

    /** The newest snapshot at the start holds everything up to a slot. */
    void recoverSnapshot(long slot) {
        recoverUpTo(slot);
    }

    /** The journal, or a snapshot, says that this decision is in force. */
    void recoverDecision(long at, Decision decision) {
        decisions.recover(at, decision);
        tell(at, decision);
    }

    /** The journal says that the state machine holds below a slot. */
    void recoverHeld(long slot, long decision) {
        holds.recover(slot, decision);
        committed.held(slot, decision);
    }

    /** The journal says that these slots were learnt as chosen. */
    void recoverChosen(Batch batch) {
        if (batch.firstSlot() <= commitIndex + 1) {
            recoverUpTo(batch.lastSlot());
        }
    }

    /**
     * The journal says that slots were chosen under a ballot: those held under it are, and no
     * others.
     */
    void recoverCommitted(long ballot, long upTo) {
        // At the head of a journal file the commit index stands alone; what it covers was checked
        // when it was written.
        long covered =
                ballot == Ballot.NONE ? upTo : openSlots.acceptedFrom(commitIndex + 1, ballot);
        recoverUpTo(Math.min(upTo, covered));
    }

    private void recoverUpTo(long slot) {
        commitIndex = Math.max(commitIndex, slot);
        written = commitIndex;
        memberships.reached(commitIndex);
        openSlots.dropUpTo(commitIndex);
    }
}
