package io.paxoslog.core;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Puts a snapshot in the place of slots that are in no log here: one that came from another node,
 * or the newest at a start. Ballots, and what was accepted above its slot, stay as they are.
 */
final class SnapshotJump {
    private final JournalRecords journal;
    private final Learner learner;
    private final Memberships memberships;
    private final Decisions decisions;
    private final KeptLog kept;
    private final AgreedTime time;
    private SnapshotHead newest;

    SnapshotJump(
            JournalRecords journal,
            Learner learner,
            Memberships memberships,
            Decisions decisions,
            KeptLog kept,
            AgreedTime time) {
        this.journal = journal;
        this.learner = learner;
        this.memberships = memberships;
        this.decisions = decisions;
        this.kept = kept;
        this.time = time;
    }

    /** The newest snapshot at a start, heard before the journal. */
    void recover(SnapshotHead head) {
        newest = head;
        adopt(head);
        learner.recoverSnapshot(head.slot());
    }

    /**
     * The journal was heard. Where it ends below the snapshot, what it still holds of the slots
     * between need not be what was chosen; it must say so itself, as later snapshots hide it.
     */
    void start() {
        if (newest == null) {
            return;
        }
        if (kept.recordedUpTo() < newest.slot()) {
            writeDown(newest);
            kept.jumped(newest.slot());
        }
        kept.keeps(1, newest.slot());
        newest = null;
    }

    /** A snapshot of slots that are not all known chosen here has come. */
    void install(SnapshotHead head) {
        adopt(head);
        writeDown(head);
        kept.jumped(head.slot());
        learner.jump(head.slot());
    }

    private void adopt(SnapshotHead head) {
        time.known(head.timeNs());
        head.memberships().forEach(this::adoptMembership);
        head.decisions().forEach(this::adoptDecision);
    }

    private void adoptMembership(long at, byte[] encoded) {
        memberships.recover(at, new UnsafeBuffer(encoded), 0, encoded.length);
    }

    private void adoptDecision(long at, byte[] encoded) {
        if (!decisions.isInForce(at)) {
            learner.recoverDecision(at, SnapshotHead.decision(encoded));
        }
    }

    /**
     * Memberships and decisions come first: a journal torn in between must not leave a node that is
     * past one without knowing it.
     */
    private void writeDown(SnapshotHead head) {
        head.memberships().forEach(this::writeMembership);
        head.decisions().forEach(this::writeDecision);
        journal.committed(Ballot.NONE, head.slot());
    }

    private void writeMembership(long at, byte[] encoded) {
        journal.membership(at, new UnsafeBuffer(encoded), 0, encoded.length);
    }

    private void writeDecision(long at, byte[] encoded) {
        journal.decision(at, new UnsafeBuffer(encoded), 0, encoded.length);
    }
}
