package io.paxoslog.core;

import org.agrona.collections.Long2LongHashMap;

/**
 * The slots that this node's state machine holds below: once it could not take a command, and has
 * said so, it takes that command only after the log decided about it.
 *
 * <p>A hold rests on the latest decision its state machine knew when it tried, and a decision above
 * that one ends it. It is written down before anybody hears of it and outlives restarts: others
 * skip the slot on the strength of it, and a node that tried again in between, perhaps with another
 * build that can, would have applied what all others skip.
 */
final class Holds {
    private final JournalRecords journal;
    private final Decisions decisions;
    private final Long2LongHashMap pending = new Long2LongHashMap(Long.MIN_VALUE);
    private long appliedIndex;
    private long haltedAt;

    Holds(JournalRecords journal, Decisions decisions) {
        this.journal = journal;
        this.decisions = decisions;
    }

    /**
     * How the state machine stands.
     *
     * @param applied every slot up to it was applied
     * @param slot where it is halted, 0 when it is not
     * @param decision the latest decision about that slot that it knew
     */
    void serviceAt(long applied, long slot, long decision) {
        appliedIndex = applied;
        haltedAt = slot;
        boolean isNews = slot != 0 && pending.get(slot) < decision;
        if (isNews && !isEnded(slot, decision) && pending.size() < Decisions.MAX_SLOTS) {
            pending.put(slot, decision);
            journal.held(slot, decision);
        }
    }

    /** What was decided since would end the hold at once: it is tried again anyway. */
    private boolean isEnded(long slot, long decision) {
        return decisions.latestAbout(slot) > decision;
    }

    /** The journal says that this node holds below a slot. */
    void recover(long slot, long decision) {
        if (!isEnded(slot, decision)) {
            pending.put(slot, Math.max(pending.get(slot), decision));
        }
    }

    /** A decision about a slot came into force. */
    void decided(long slot) {
        if (pending.containsKey(slot) && isEnded(slot, pending.get(slot))) {
            pending.remove(slot);
        }
    }

    /** Every slot up to it was applied here. */
    long appliedIndex() {
        return appliedIndex;
    }

    /** Slot below which the state machine stands still; 0 when it goes on. */
    long haltedAt() {
        return haltedAt;
    }

    /** Whether the state machine stands still. */
    boolean isHalted() {
        return haltedAt != 0;
    }

    /** Whether the hold where the state machine stands still is written down. */
    boolean isHeld() {
        return isHalted() && pending.containsKey(haltedAt);
    }

    /** The decision that the hold rests on. */
    long heldAgainst() {
        return pending.get(haltedAt);
    }
}
