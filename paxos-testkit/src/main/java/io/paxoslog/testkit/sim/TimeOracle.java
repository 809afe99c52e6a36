package io.paxoslog.testkit.sim;

import io.paxoslog.core.Batch;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The oracle of agreed time: one wall clock that is ahead, however far, moves nothing where there
 * are others. So no new proposal is stamped later than the second of all clocks ever was, but for
 * what monotonic clocks run too fast.
 */
final class TimeOracle {
    /** A tick each time that a leader goes on from what the one before it stamped. */
    private static final long ROUNDING_MS = 100;

    private static final int PER_MILLE = 1_000;

    private final Timeline timeline;
    private final List<NodeClocks> clocks;
    private final BooleanSupplier mayOneSuffice;
    private long latestNs;

    /**
     * @param mayOneSuffice whether there was ever a single member, which trusts its clock
     */
    TimeOracle(Timeline timeline, List<NodeClocks> clocks, BooleanSupplier mayOneSuffice) {
        this.timeline = timeline;
        this.clocks = clocks;
        this.mayOneSuffice = mayOneSuffice;
    }

    /** A leader proposes. */
    void proposes(BatchCopy batch) {
        boolean isNew = batch.originBallot() == batch.ballot();
        if (batch.kind() != Batch.COMMANDS || !isNew) {
            return;
        }
        long limitNs = TimeUnit.MILLISECONDS.toNanos(latestRightMs());
        if (batch.timestamp() > limitNs) {
            throw new SafetyViolation(
                    "slot "
                            + batch.firstSlot()
                            + " is stamped "
                            + TimeUnit.NANOSECONDS.toMillis(batch.timestamp() - limitNs)
                            + " ms later than all clocks but one ever were");
        }
        latestNs = Math.max(latestNs, batch.timestamp());
    }

    private long latestRightMs() {
        long highest = Long.MIN_VALUE;
        long second = Long.MIN_VALUE;
        int fastest = 0;
        for (NodeClocks clock : clocks) {
            long ahead = clock.mostWallAheadMs();
            second = Math.max(second, Math.min(highest, ahead));
            highest = Math.max(highest, ahead);
            fastest = Math.max(fastest, clock.mostGainPerMille());
        }
        long now = timeline.nowMs();
        long drift = now * fastest / PER_MILLE + ROUNDING_MS;
        return now + drift + (mayOneSuffice.getAsBoolean() ? highest : second);
    }

    /** The latest time that anything was stamped with. */
    long latestNs() {
        return latestNs;
    }
}
