package io.paxoslog.apply;

/**
 * Which slots hold no command that took effect, as far down as that is known. What came in a
 * snapshot of another node is not known of slots, only of sessions.
 */
final class KnownEffects {
    private final SlotRanges without;
    private long knownFrom;

    KnownEffects() {
        this(new SlotRanges(), 1);
    }

    private KnownEffects(SlotRanges without, long knownFrom) {
        this.without = without;
        this.knownFrom = knownFrom;
    }

    /** Nothing is known of the slots up to the one of a snapshot. */
    static KnownEffects ofNothingUpTo(long slot) {
        return new KnownEffects(new SlotRanges(), slot + 1);
    }

    /** Of slots below one nothing is known. */
    void knownFrom(long slot) {
        knownFrom = slot;
    }

    /** Lowest slot of which it is known whether it took effect. */
    long knownFrom() {
        return knownFrom;
    }

    /** Those that took none, of all that are known. */
    SlotRanges without() {
        return without;
    }

    /** Slots up to one are in the journal no more. */
    void compacted(long slot) {
        without.removeUpTo(slot);
    }

    KnownEffects copy() {
        return new KnownEffects(without.copy(), knownFrom);
    }
}
