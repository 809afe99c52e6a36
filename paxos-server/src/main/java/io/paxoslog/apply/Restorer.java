package io.paxoslog.apply;

import io.paxoslog.service.CommandApplier;
import io.paxoslog.service.Halt;
import io.paxoslog.service.SessionListing;
import io.paxoslog.service.StateMachine;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Begins with another state: that of a snapshot or the initial one. Tells the replica thread, bit
 * by bit, what a snapshot brought. Belongs to the one who applies.
 */
final class Restorer {
    private static final int TOLD_AT_ONCE = 256;

    private final SlotInWork app;
    private final Supplier<? extends StateMachine> fresh;
    private final CommandApplier applier;
    private final FactWriter facts;
    private final SnapshotTaker taker;
    private SnapshotSource source;
    private SessionListing untold;
    private KnownEffects effects;
    private int effectsTold;

    /**
     * @param fresh makes state machines in their initial state; null when nobody can
     */
    Restorer(
            SlotInWork app,
            Supplier<? extends StateMachine> fresh,
            CommandApplier applier,
            FactWriter facts,
            SnapshotTaker taker) {
        this.app = app;
        this.fresh = fresh;
        this.applier = applier;
        this.facts = facts;
        this.taker = taker;
    }

    void readFrom(SnapshotSource newSource) {
        source = newSource;
    }

    /** Whether there is a state machine in its initial state, or one can be made. */
    boolean canBegin() {
        return fresh != null || isUntouched();
    }

    private boolean isUntouched() {
        Halt halt = applier.halt();
        boolean mayBeChanged = halt != null && !halt.isOfSnapshot();
        return applier.appliedIndex() == 0 && !mayBeChanged && !app.hasTakenSnapshot();
    }

    private void makeInitial() {
        if (!isUntouched()) {
            app.replace(Objects.requireNonNull(fresh.get(), "no state machine was made"));
        }
    }

    /** Begins with slot 1. What the maker of state machines throws halts again. */
    void startAgain() {
        try {
            makeInitial();
        } catch (Throwable thrown) {
            applier.staysHalted(thrown);
            return;
        }
        applier.startAgain(app);
        taker.effects(new KnownEffects());
    }

    /** Begins behind a snapshot. Whatever goes wrong halts the state machine, and nothing else. */
    void restore(long slot) {
        try {
            takeIn(slot);
        } catch (Throwable thrown) {
            applier.notRestored(slot, thrown);
            return;
        }
        facts.restored(slot, effects.knownFrom());
        untold = applier.listSessions();
        effectsTold = 0;
        taker.effects(effects);
    }

    private void takeIn(long slot) throws IOException {
        if (source == null) {
            throw new IOException("this node keeps no snapshots");
        }
        KnownEffects known = EffectFrames.decode(source.effects(slot), slot);
        try (InputStream in = source.open(slot)) {
            if (fresh != null) {
                makeInitial();
            }
            app.isAt(slot);
            applier.restore(in, app);
        } finally {
            app.rests();
        }
        effects = known;
    }

    /** Whether something is still to be told, and nothing may be applied before. */
    boolean isTelling() {
        return untold != null;
    }

    /** Tells a part of what a snapshot brought; returns how much. */
    int tellSome() {
        int told = 0;
        while (told < TOLD_AT_ONCE && tellNext()) {
            told++;
        }
        if (told < TOLD_AT_ONCE) {
            untold = null;
            effects = null;
        }
        return told;
    }

    private boolean tellNext() {
        SlotRanges without = effects.without();
        if (effectsTold < without.count()) {
            facts.withoutEffect(without.first(effectsTold), without.last(effectsTold));
            effectsTold++;
            return true;
        }
        return untold.tellNext(facts);
    }
}
