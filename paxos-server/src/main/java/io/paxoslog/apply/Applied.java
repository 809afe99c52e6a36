package io.paxoslog.apply;

import io.paxoslog.service.EntryFormat;
import io.paxoslog.service.SessionLimits;

/**
 * How far all is applied, as the replica thread knows it, and which slots had no effect. Belongs to
 * the replica thread.
 */
public final class Applied {
    private final SlotRanges withoutEffect = new SlotRanges();
    private long index;
    private long hash;
    private long halts;
    private long haltedAt;
    private long haltedAgainst;
    private Resumption resumption = Resumption.FROM_THERE;
    private SessionLimits limits;
    private long limitsDecidedAt;

    /**
     * @param limits what sessions may hold until the log says otherwise
     */
    public Applied(SessionLimits limits) {
        this.limits = limits;
    }

    /** The one who applies says how far it is. */
    public void upTo(long slot, long newHash) {
        index = slot;
        hash = newHash;
    }

    /**
     * It says that the state machine stands still at a slot; what was applied there and above
     * counts no more.
     */
    public void halted(long slot, long decision, Resumption how) {
        halts++;
        haltedAt = slot;
        haltedAgainst = decision;
        resumption = how;
        if (index >= slot) {
            index = slot - 1;
            withoutEffect.removeFrom(slot);
        }
    }

    /** How often the state machine came to a stand. */
    long halts() {
        return halts;
    }

    /** Where it came to a stand the last time. */
    long haltedAt() {
        return haltedAt;
    }

    /** Slot of the latest decision about that slot that was known there. */
    long haltedAgainst() {
        return haltedAgainst;
    }

    /** How it can go on from there. */
    Resumption resumption() {
        return resumption;
    }

    /** It says that the entry of a slot is no command that took effect. */
    public void withoutEffect(long slot) {
        withoutEffect.add(slot);
    }

    /** It says that what sessions may hold has changed, by the decision at a slot. */
    public void limited(long decidedAt, SessionLimits newLimits) {
        limitsDecidedAt = decidedAt;
        limits = newLimits;
    }

    /** What sessions may hold, as of what was heard last. */
    public SessionLimits limits() {
        return limits;
    }

    /** Slot of the decision that set the limits; 0 when none did. */
    public long limitsDecidedAt() {
        return limitsDecidedAt;
    }

    /** Every slot up to this one has gone through the state machine; 0 before the first. */
    public long index() {
        return index;
    }

    /** Hash over slot and value of everything applied; equal on nodes that applied the same. */
    public long hash() {
        return hash;
    }

    /**
     * Whether the entry of an applied slot is a command that took effect: no repetition, no
     * refusal, no session coming or going.
     *
     * @param kind the kind in the entry's header
     */
    public boolean tookEffect(long slot, short kind) {
        return kind == EntryFormat.COMMAND && !withoutEffect.contains(slot);
    }
}
