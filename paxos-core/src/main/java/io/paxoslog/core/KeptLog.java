package io.paxoslog.core;

/**
 * From which slot on this node's log can be served to others. Below lies only a snapshot, and what
 * the journal may still hold there must not be shown: it was accepted, and something else may have
 * been chosen.
 */
final class KeptLog {
    private long firstKept = 1;
    private long snapshotSlot;
    private long recordedUpTo;

    /** Lowest slot from which on every chosen slot can be served. */
    long firstKept() {
        return firstKept;
    }

    /** Slot of the newest snapshot here; 0 for none. */
    long snapshotSlot() {
        return snapshotSlot;
    }

    /** The journal and the snapshots here reach that far. Neither ever falls. */
    void keeps(long fromSlot, long newestSnapshot) {
        firstKept = Math.max(firstKept, fromSlot);
        snapshotSlot = Math.max(snapshotSlot, newestSnapshot);
    }

    /** A snapshot took the place of everything up to a slot. */
    void jumped(long slot) {
        keeps(slot + 1, slot);
    }

    /** The journal says that these slots were learnt as chosen. */
    void recoverChosen(Batch batch) {
        if (batch.firstSlot() <= recordedUpTo + 1) {
            recordedUpTo = Math.max(recordedUpTo, batch.lastSlot());
        }
    }

    /** The journal says how far the commit index was. */
    void recoverCommitted(long ballot, long upTo) {
        if (ballot == Ballot.NONE && upTo > recordedUpTo) {
            // No record before it says what was chosen there: a snapshot did, or a file that is
            // gone.
            firstKept = Math.max(firstKept, upTo + 1);
        }
        recordedUpTo = Math.max(recordedUpTo, upTo);
    }

    /** How far the commit index was by what the journal said. */
    long recordedUpTo() {
        return recordedUpTo;
    }
}
