package io.paxoslog.apply;

/**
 * Which slots hold no command that took effect, as far down as that is known. What came in a
 * snapshot of another node is not known of slots, only of sessions.
 */
final class KnownEffects {
    private final SlotRanges without = new SlotRanges();
    private long knownFrom = 1;

    /** Nothing is known of the slots up to the one of a snapshot. */
    static KnownEffects ofNothingUpTo(long slot) {
        KnownEffects effects = new KnownEffects();
        effects.knownFrom(slot + 1);
        return effects;
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

    /** Knows from now on what another one knows. */
    void set(KnownEffects other) {
        without.clear();
        for (int i = 0; i < other.without.count(); i++) {
            without.add(other.without.first(i), other.without.last(i));
        }
        knownFrom = other.knownFrom;
    }

    KnownEffects copy() {
        KnownEffects copy = new KnownEffects();
        copy.set(this);
        return copy;
    }
}
