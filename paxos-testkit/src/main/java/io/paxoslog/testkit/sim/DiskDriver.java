package io.paxoslog.testkit.sim;

import io.paxoslog.log.Durability;

/**
 * Forces one node's disk as its syncer would: one force at a time, each covering all that was
 * written before it.
 */
final class DiskDriver {
    private final Swarm swarm;
    private final SimRandom random;
    private final Timeline timeline;
    private final SimulatedNode node;
    private final Runnable afterForce;
    private boolean isForcing;
    private boolean isBackgroundForceDue;
    private int life;
    private long slowUntilMs;
    private long hangsUntilMs;

    DiskDriver(
            Swarm swarm,
            SimRandom random,
            Timeline timeline,
            SimulatedNode node,
            Runnable afterForce) {
        this.swarm = swarm;
        this.random = random;
        this.timeline = timeline;
        this.node = node;
        this.afterForce = afterForce;
    }

    /** The process is new: forces begun by an older one end unheard. */
    void restarted() {
        life++;
        isForcing = false;
        isBackgroundForceDue = false;
    }

    void slowUntil(long atMs) {
        slowUntilMs = atMs;
    }

    /** No force begun from now on ends before that. */
    void hangUntil(long atMs) {
        hangsUntilMs = atMs;
    }

    /** Begins a force when there is reason to. */
    void look() {
        SimulatedDisk disk = node.disk();
        if (isForcing || !node.isUp() || disk.forcedEntries() == disk.writtenEntries()) {
            return;
        }
        boolean isUrgent =
                swarm.durability.valuesWait() || disk.ballotPosition() > disk.syncedPosition();
        boolean isLeft = swarm.durability == Durability.PAGE_CACHE;
        if (isUrgent || (isLeft && disk.hasFullFileToForce())) {
            force();
        } else if (!isLeft && !isBackgroundForceDue) {
            isBackgroundForceDue = true;
            int mine = life;
            timeline.after(swarm.backgroundForceMs, () -> forceInBackground(mine));
        }
    }

    private void forceInBackground(int ofLife) {
        if (ofLife == life) {
            isBackgroundForceDue = false;
            if (!isForcing && node.isUp()) {
                force();
            }
        }
    }

    private void force() {
        isForcing = true;
        int mine = life;
        int covered = node.disk().writtenEntries();
        timeline.after(latency(), () -> ended(mine, covered));
    }

    private long latency() {
        long slow = timeline.nowMs() < slowUntilMs ? random.below(2 * swarm.electionTimeoutMs) : 0;
        long hanging = Math.max(0, hangsUntilMs - timeline.nowMs());
        return hanging + slow + random.below(swarm.forceMs + 1);
    }

    private void ended(int ofLife, int covered) {
        if (ofLife == life && node.isUp()) {
            isForcing = false;
            node.forced(covered);
            afterForce.run();
        }
    }
}
