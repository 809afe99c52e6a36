package io.paxoslog.apply;

import io.paxoslog.service.CommandApplier;
import io.paxoslog.service.Halt;
import io.paxoslog.service.SnapshotCopy;
import io.paxoslog.service.StateView;

/**
 * Takes a snapshot exactly behind a slot, and copies the sessions between batches, while there is
 * room on the way to whoever writes them. Belongs to the one who applies.
 */
final class SnapshotTaker {
    private static final long NONE = Long.MAX_VALUE;

    private final SlotInWork app;
    private final CommandApplier applier;
    private final FactWriter facts;
    private KnownEffects effects = new KnownEffects();
    private SnapshotSink sink;
    private long boundary = NONE;
    private boolean mayStandStill;
    private SnapshotJob job;
    private SnapshotCopy copy;

    SnapshotTaker(SlotInWork app, CommandApplier applier, FactWriter facts) {
        this.app = app;
        this.applier = applier;
        this.facts = facts;
    }

    void reportTo(SnapshotSink newSink) {
        sink = newSink;
    }

    /** A snapshot is wanted of everything up to a slot. */
    void order(long slot, boolean newMayStandStill) {
        letGo();
        if (boundary != NONE || job != null) {
            facts.snapshot(slot, SnapshotAnswer.BUSY);
            return;
        }
        boundary = slot;
        mayStandStill = newMayStandStill;
        look();
    }

    /**
     * Applying up to it alone comes first when a batch goes beyond; far above when there is none.
     */
    long boundaryFrom(long slot) {
        return boundary >= slot ? boundary : NONE;
    }

    /** Looks whether what is applied ends where the snapshot does. */
    void look() {
        if (applier.appliedIndex() < boundary) {
            return;
        }
        long slot = boundary;
        boundary = NONE;
        facts.snapshot(slot, begin(slot));
    }

    private SnapshotAnswer begin(long slot) {
        if (applier.appliedIndex() > slot) {
            return SnapshotAnswer.PASSED;
        }
        if (applier.halt() != null) {
            return SnapshotAnswer.HALTED;
        }
        if (sink == null) {
            return SnapshotAnswer.NO_VIEW;
        }
        try {
            app.isAt(slot);
            return begin(app.view());
        } catch (RuntimeException | Error thrown) {
            // What the application throws here changes nothing of what it holds.
            sink.failed(slot, thrown);
            return SnapshotAnswer.NO_VIEW;
        } finally {
            app.rests();
        }
    }

    private SnapshotAnswer begin(StateView view) {
        if (view == null) {
            return SnapshotAnswer.NO_VIEW;
        }
        boolean isFrozen = view.isFrozen();
        if (!isFrozen && !mayStandStill) {
            view.close();
            return SnapshotAnswer.WOULD_STAND_STILL;
        }
        copy = applier.beginCopy();
        job = new SnapshotJob(copy.head(), view, isFrozen, effects.copy());
        sink.begin(job);
        return SnapshotAnswer.BEGUN;
    }

    /** Copies a piece if there is room for it; returns whether anything was done. */
    boolean copySome() {
        if (job == null || letGo() || copy == null || !job.hasRoom()) {
            return false;
        }
        byte[] piece = copy.some(sink.pieceBytes());
        if (piece == null) {
            copy = null;
            job.end();
        } else {
            job.add(piece);
        }
        return true;
    }

    /** Lets go of what is written, or never will be. */
    private boolean letGo() {
        if (job == null || !job.isOver()) {
            return false;
        }
        forget();
        return true;
    }

    private void forget() {
        if (copy != null) {
            copy.end();
        }
        copy = null;
        job = null;
    }

    /** Whether nothing may be applied now, as a view would change. */
    boolean standsStill() {
        return job != null && job.standsStill() && !job.isOver();
    }

    /** Whether there is more to be copied, or applying waits for it. */
    boolean isBusy() {
        return copy != null || (job != null && job.standsStill());
    }

    /** A decision may have made wrong what a snapshot under way holds of a slot. */
    void decided() {
        Halt halt = applier.halt();
        if (job == null || halt == null || halt.slot() > job.head().slot()) {
            return;
        }
        job.giveUp();
        if (copy != null) {
            copy.end();
        }
        copy = null;
    }

    /** The entry of a slot took no effect. */
    void withoutEffect(long slot) {
        effects.without().add(slot);
    }

    /** Slots up to one are in the journal no more. */
    void compacted(long slot) {
        effects.compacted(slot);
    }

    /** From now on these slots took no effect, and no others. */
    void effects(KnownEffects others) {
        effects = others.copy();
    }
}
