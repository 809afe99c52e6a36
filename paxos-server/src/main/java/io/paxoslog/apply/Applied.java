package io.paxoslog.apply;

import io.paxoslog.service.EntryFormat;
import io.paxoslog.service.Halt;
import io.paxoslog.service.SessionLimits;
import java.util.ArrayDeque;

/**
 * How far all is applied, as the replica thread knows it, and which slots had no effect. Belongs to
 * the replica thread.
 */
public final class Applied {
    /** More were not told to the replica in time: a missing one is no difference. */
    private static final int MOST_HASHES = 8;

    /** A hash of all up to a slot at which nodes compare. */
    record AgreedHash(long slot, long hash) {}

    private final SlotRanges withoutEffect = new SlotRanges();
    private long effectsFrom = 1;
    private long index;
    private long hash;
    private long halts;
    private long haltedAt;
    private long haltedAgainst;
    private long restores;
    private long snapshotsAnswered;
    private long answeredSnapshot;
    private SnapshotAnswer answer;
    private final ArrayDeque<AgreedHash> hashes = new ArrayDeque<>();
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
        restores += decision == Halt.NO_HOLD ? 1 : 0;
        if (index >= slot) {
            index = slot - 1;
            withoutEffect.removeFrom(slot);
        }
    }

    /**
     * It says that all is as a snapshot of a slot has it: what was applied before counts no more,
     * and the state machine goes on. How far it is, is said once all is told that belongs to it.
     *
     * @param newEffectsFrom of slots below it nobody here knows which took effect
     */
    public void restored(long newEffectsFrom) {
        effectsFrom = newEffectsFrom;
        restores++;
        halts++;
        haltedAt = 0;
        index = 0;
        hashes.clear();
        withoutEffect.clear();
    }

    /** It says that slots of a snapshot hold no commands that took effect. */
    public void withoutEffect(long first, long last) {
        withoutEffect.add(first, last);
    }

    /** Slots up to one are in the journal no more: nobody asks what came of them. */
    public void compacted(long slot) {
        withoutEffect.removeUpTo(slot);
    }

    /** It says a hash of all up to a slot at which all nodes compare. */
    public void hashed(long slot, long newHash) {
        if (hashes.size() == MOST_HASHES) {
            hashes.remove();
        }
        hashes.add(new AgreedHash(slot, newHash));
    }

    /** The next hash that was not asked for yet; null when there is none. */
    AgreedHash nextHash() {
        return hashes.poll();
    }

    /** It says what came of the order to take a snapshot. */
    public void snapshot(long slot, SnapshotAnswer what) {
        snapshotsAnswered++;
        answeredSnapshot = slot;
        answer = what;
    }

    /** How many orders to take a snapshot were answered. */
    public long snapshotsAnswered() {
        return snapshotsAnswered;
    }

    /** The slot of the order that was answered last; 0 before the first. */
    public long answeredSnapshot() {
        return answeredSnapshot;
    }

    /** What came of that order; null before the first. */
    public SnapshotAnswer snapshotAnswer() {
        return answer;
    }

    /** How often a snapshot was taken in, or could not be. */
    long restores() {
        return restores;
    }

    /** How often the state machine came to a stand, or went on with a snapshot. */
    long halts() {
        return halts;
    }

    /** Where it came to a stand the last time; 0 when it went on with a snapshot since. */
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

    /** The first slot from one on that holds no command that took effect, of all that are known. */
    public long nextWithoutEffect(long slot) {
        return withoutEffect.next(slot);
    }

    /** The last one behind such a slot, of those that follow it without any other between them. */
    public long lastWithoutEffect(long slot) {
        return withoutEffect.lastFrom(slot);
    }

    /**
     * Lowest slot of which it is known here whether it took effect. Below it the journal may hold
     * more: a snapshot of another node was taken in the place of applying it.
     */
    public long effectsFrom() {
        return effectsFrom;
    }

    /**
     * Whether the entry of an applied slot, from {@link #effectsFrom} on, is a command that took
     * effect: no repetition, no refusal, no session coming or going.
     *
     * @param kind the kind in the entry's header
     */
    public boolean tookEffect(long slot, short kind) {
        return kind == EntryFormat.COMMAND && !withoutEffect.contains(slot);
    }
}
