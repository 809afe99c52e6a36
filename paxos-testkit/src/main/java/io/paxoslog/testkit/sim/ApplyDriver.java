package io.paxoslog.testkit.sim;

import io.paxoslog.apply.ApplySide;
import io.paxoslog.apply.HandOver;
import io.paxoslog.service.EntryFormat;
import io.paxoslog.service.SessionLimits;

/**
 * Lets one node apply as its second thread would: a while after something was handed over, a batch
 * at a time, and now and then not at all for long.
 */
final class ApplyDriver {
    private static final int LEAST_RING_BYTES = 4 * 1024;

    private final World world;
    private final Swarm swarm;
    private final SimRandom random;
    private final Timeline timeline;
    private final Totals totals;
    private final SimulatedNode node;
    private boolean isPlanned;
    private int life;
    private int idle;
    private long stuckUntilMs;

    ApplyDriver(
            World world,
            Swarm swarm,
            SimRandom random,
            Timeline timeline,
            Totals totals,
            SimulatedNode node) {
        this.world = world;
        this.swarm = swarm;
        this.random = random;
        this.timeline = timeline;
        this.totals = totals;
        this.node = node;
    }

    /** The process is new, and both rings are empty. */
    HandOver restarted() {
        life++;
        isPlanned = false;
        return new HandOver(orderBytes(swarm), factBytes(swarm));
    }

    /** In most seeds a few batches fill it, so that the journal has to be read again. */
    private static int orderBytes(Swarm swarm) {
        int largest = swarm.largestCommandBytes + EntryFormat.OVERHEAD_BYTES;
        return HandOver.ringFor(largest, swarm.hasSmallRings ? LEAST_RING_BYTES : 1 << 16);
    }

    private static int factBytes(Swarm swarm) {
        SessionLimits limits = swarm.sessionLimits;
        int largest = ApplySide.messageBytes(limits.maxReplyBytes());
        return HandOver.ringFor(largest, swarm.hasSmallRings ? LEAST_RING_BYTES : 1 << 16);
    }

    /** The state machine returns from no call before that. */
    void stuckUntil(long atMs) {
        stuckUntilMs = atMs;
    }

    /** Plans the next step when there is reason for one. */
    void look() {
        if (!node.isUp() || isPlanned) {
            return;
        }
        if (swarm.appliesInTurn) {
            applyAll();
        } else if (world.service(node).hasToApply()) {
            isPlanned = true;
            int mine = life;
            timeline.after(Math.max(lagMs(), idle < 2 ? 0 : 1), () -> apply(mine));
        }
    }

    private void applyAll() {
        // Twice nothing: it waits for whoever writes a snapshot.
        int idle = 0;
        while (node.isUp() && world.service(node).hasToApply() && idle < 2) {
            idle = world.service(node).applySome() ? 0 : idle + 1;
            world.service(node).turn();
        }
    }

    private long lagMs() {
        if (world.isCalm()) {
            return 0;
        }
        int lag = random.chance(swarm.applyLagPerMille) ? random.below(swarm.applyLagMs + 1) : 0;
        if (lag > 0) {
            totals.count(Fault.APPLY_LAG);
        }
        return lag;
    }

    private void apply(int ofLife) {
        if (ofLife != life || !node.isUp()) {
            return;
        }
        long waitMs = Math.max(stuckUntilMs - timeline.nowMs(), world.pausedForMs(node));
        if (waitMs > 0) {
            timeline.after(waitMs, () -> apply(ofLife));
            return;
        }
        isPlanned = false;
        idle = world.service(node).applySome() ? 0 : idle + 1;
        world.settle(node);
    }
}
