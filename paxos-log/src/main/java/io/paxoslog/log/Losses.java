package io.paxoslog.log;

import io.paxoslog.codecs.journal.OpeningDecoder;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.JournalRecords;

/**
 * What a recovery knows, and does not know, behind rot. Values whose head is left are unknown under
 * their ballot. In a gap anything may have stood: ballots, memberships, decisions and holds are in
 * the next opening; that slots are chosen is still a fact, but of which value is known only for
 * those held under the ballot that a later record names, or learnt as chosen; and votes may be
 * lost.
 */
final class Losses {
    private final SlotIndex index;
    private final Standing standing;
    private final JournalRecords into;
    private final OpeningDecoder copy;
    private final SlotIndex.Place place = new SlotIndex.Place();
    private final Batch head = new Batch();
    private boolean isAnyGap;
    private boolean isInGap;
    private long votesLostUpTo;

    /**
     * @param copy the second copy of what stands, which says so behind each gap at once; null when
     *     it cannot be read
     */
    Losses(SlotIndex index, Standing standing, JournalRecords into, OpeningDecoder copy) {
        this.copy = copy;
        this.index = index;
        this.standing = standing;
        this.into = into;
    }

    /** Of this record only the head is as it was written. */
    void take(RecordCursor cursor) {
        if (!cursor.hasBatch()) {
            gap();
            return;
        }
        long first = cursor.fields().firstSlot();
        int count = cursor.fields().count();
        index.addUnknown(first, count, cursor.rank(), cursor.segment().number(), cursor.offset());
        say(cursor.fields().ballot(), first, count, cursor.fields().timestamp());
    }

    private void say(long ballot, long first, int count, long timestamp) {
        head.slots(ballot, first, count).value(Batch.NO_OP, Ballot.NONE, timestamp).noBytes();
        standing.unknown(head);
        into.unknown(head);
    }

    /** Whatever was written here is gone, up to the next opening at least. */
    void gap() {
        isAnyGap = true;
        isInGap = true;
        votesLostUpTo = Long.MAX_VALUE;
        if (copy != null) {
            copy.sbeRewind();
            standing.goOn(copy, into);
        }
    }

    /** Whether the next opening is to be taken. */
    boolean isInGap() {
        return isInGap;
    }

    /** Whether what a commit record says of values must be looked at one by one. */
    boolean isAnyGap() {
        return isAnyGap;
    }

    /** A later file says what stood in the end. */
    void end(OpeningDecoder opening) {
        isInGap = false;
        long highest = opening.highestBefore();
        boolean isKnown = highest != OpeningDecoder.highestBeforeNullValue();
        votesLostUpTo = isKnown ? highest : Long.MAX_VALUE;
        long commitIndex = opening.commitIndex();
        standing.goOn(opening, into);
        chosenUpTo(Ballot.NONE, commitIndex);
    }

    /**
     * A record says that all up to a slot is chosen, and that what was new is held here under a
     * ballot.
     */
    void committed(long ballot, long upTo) {
        chosenUpTo(ballot, upTo);
        standing.committed(ballot, upTo);
    }

    private void chosenUpTo(long ballot, long upTo) {
        long from = standing.commitIndex() + 1;
        for (long slot = from; slot <= upTo; ) {
            boolean isHeld = index.find(slot, place);
            long last = isHeld ? place.lastSlot : index.firstAbove(slot) - 1;
            last = Math.min(Math.min(last, upTo), slot + Integer.MAX_VALUE - 1);
            if (!isHeld || (place.rank != SlotIndex.CHOSEN && place.rank != ballot)) {
                int count = (int) (last - slot + 1);
                index.addUnknown(slot, count, SlotIndex.CHOSEN, SlotIndex.NO_SEGMENT, 0);
            }
            say(Ballot.NONE, slot, (int) (last - slot + 1), 0);
            slot = last + 1;
        }
    }

    /**
     * All that Phase 1 of a ballot reported was taken over: what was lost before is made up for.
     */
    void returned() {
        votesLostUpTo = 0;
    }

    /** Whether this node may have voted for slots that are not chosen, and not know it. */
    boolean hasLostVotes() {
        return votesLostUpTo > standing.commitIndex();
    }
}
