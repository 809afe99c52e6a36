package io.paxoslog.apply;

import io.paxoslog.service.CommandApplier;

/**
 * Tells a hash of all that is applied, at slots that are the same on all nodes. Belongs to the one
 * who applies.
 */
final class AgreedSlots {
    /** All builds must have the same: who tells of other slots is not compared. */
    static final int STEP = 65_536;

    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final SlotInWork app;
    private final CommandApplier applier;
    private final FactWriter facts;
    private final int step;

    AgreedSlots(SlotInWork app, CommandApplier applier, FactWriter facts, int step) {
        this.app = app;
        this.applier = applier;
        this.facts = facts;
        this.step = step;
    }

    /** The first of them at or above a slot. */
    long next(long slot) {
        return (slot + step - 1) / step * step;
    }

    /** Looks whether what is applied ends at one of them, which is up to this slot. */
    void look(long slot) {
        if (slot % step == 0 && applier.appliedIndex() == slot) {
            app.isAt(slot);
            facts.hashed(slot, hash());
        }
    }

    /**
     * With the application's own hash, if it has one: told only, as what comes later is to have the
     * same hash on nodes that began with a snapshot.
     */
    private long hash() {
        long own = hashOfApplication();
        long applied = applier.appliedHash();
        return own == 0 ? applied : Long.rotateLeft(applied * MIX, 31) ^ own;
    }

    /** What it throws changes nothing of what it holds, and is the same where all is equal. */
    private long hashOfApplication() {
        try {
            return app.stateHash();
        } catch (RuntimeException | Error thrown) {
            return thrown.getClass().getName().hashCode();
        }
    }
}
