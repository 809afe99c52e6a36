package io.paxoslog.testkit.sim;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a thread of a node beside the others does: one step after the other, each a while after it
 * could begin, and none when the process is gone.
 */
final class BackgroundSteps {
    private static final int OPERATIONS_AHEAD = 12;

    private final World world;
    private final Timeline timeline;
    private final SimRandom random;
    private final SimulatedNode node;
    private final int lagMs;
    private final Deque<Runnable> steps = new ArrayDeque<>();
    private int life;

    /**
     * @param lagMs longest that each step waits
     */
    BackgroundSteps(
            World world, Timeline timeline, SimRandom random, SimulatedNode node, int lagMs) {
        this.world = world;
        this.timeline = timeline;
        this.random = random;
        this.node = node;
        this.lagMs = lagMs;
    }

    /** The process is new. */
    void restarted() {
        life++;
        steps.clear();
    }

    /** Does this behind all that is to be done. */
    void then(Runnable step) {
        steps.add(step);
        if (steps.size() == 1) {
            plan();
        }
    }

    /** Does something to the snapshots, in the middle of which power may go. */
    void atRisk(DiskSnapshots.Work work) throws IOException {
        SimulatedDisk disk = node.disk();
        if (!world.isCalm() && random.chance(world.swarm().snapshots.powerLossPerMille)) {
            disk.losePowerSoon(random.between(1, OPERATIONS_AHEAD));
        }
        try {
            disk.snapshots().change(work);
        } finally {
            disk.losePowerSoon(0);
        }
    }

    private void plan() {
        int mine = life;
        int waitMs = world.isCalm() ? 1 : random.between(1, lagMs);
        timeline.after(waitMs, () -> next(mine));
    }

    private void next(int ofLife) {
        if (ofLife != life || !node.isUp()) {
            return;
        }
        long pausedMs = world.pausedForMs(node);
        if (pausedMs > 0) {
            timeline.after(pausedMs, () -> next(ofLife));
            return;
        }
        node.perform(steps.element());
        if (ofLife == life && node.isUp()) {
            steps.remove();
            if (!steps.isEmpty()) {
                plan();
            }
        }
        world.settle(node);
    }
}
