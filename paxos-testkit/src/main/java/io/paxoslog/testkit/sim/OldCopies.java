package io.paxoslog.testkit.sim;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Puts old copies of directories back. Only one at a time, only of a node that the others can
 * spare, and only once all others remember for good more of it than the copy holds: what was told
 * to nobody nobody can notice.
 */
final class OldCopies {
    private static final int REMEMBER_TIMEOUTS = 16;
    private static final int MOST_TRIES = 12;
    private static final int ROTTEN_PERMILLE = 300;

    private final World cluster;
    private final SimRandom random;
    private final Timeline timeline;
    private final Totals totals;
    private final Spares spares;
    private final Consumer<SimulatedNode> restartLater;
    private final BooleanSupplier isOver;
    private final int intervalMs;
    private boolean isOut;

    OldCopies(
            World cluster,
            SimRandom random,
            Timeline timeline,
            Totals totals,
            Spares spares,
            Consumer<SimulatedNode> restartLater,
            BooleanSupplier isOver) {
        this.cluster = cluster;
        this.random = random;
        this.timeline = timeline;
        this.totals = totals;
        this.spares = spares;
        this.restartLater = restartLater;
        this.isOver = isOver;
        intervalMs = REMEMBER_TIMEOUTS * cluster.swarm().electionTimeoutMs;
    }

    /** Whether one is in the place of the newest. */
    boolean isOut() {
        return isOut;
    }

    /** Copies a node's disk now; it may be put back later. */
    void bring(SimulatedNode node) {
        if (!isOut && mayCopy(node)) {
            OldCopy copy = node.disk().oldCopy();
            tryLater(node, copy, MOST_TRIES);
        }
    }

    private void tryLater(SimulatedNode node, OldCopy copy, int tries) {
        if (tries > 0 && node.disk() == copy.original() && !isOver.getAsBoolean()) {
            timeline.after(random.below(intervalMs), () -> putBack(node, copy, tries));
        }
    }

    private boolean mayCopy(SimulatedNode node) {
        return node.isUp()
                && node.isOriginal()
                && node.isFounded()
                && !node.isReturning()
                && !node.disk().damage().isDone();
    }

    private void putBack(SimulatedNode node, OldCopy copy, int tries) {
        boolean isDone =
                !isOver.getAsBoolean()
                        && !isOut
                        && !spares.isChanging()
                        && mayCopy(node)
                        && node.disk() == copy.original()
                        && spares.maySpare(node)
                        && isNoticed(node, copy);
        if (!isDone) {
            tryLater(node, copy, tries - 1);
        } else {
            isOut = true;
            spares.spare(node);
            if (random.chance(ROTTEN_PERMILLE)) {
                DiskFault.ROT.happenTo(copy.copy(), random);
            }
            node.replaceDisk(copy.copy(), true);
            totals.count(Fault.OLD_COPY);
            restartLater.accept(node);
            timeline.after(random.below(6 * intervalMs), () -> takeAway(node, copy));
        }
    }

    private boolean isNoticed(SimulatedNode node, OldCopy copy) {
        return cluster.nodes().stream()
                .filter(other -> other != node)
                .allMatch(other -> other.disk().remembersMoreThan(copy, node.member()));
    }

    /** What is newest comes back, and must count as before. */
    private void takeAway(SimulatedNode node, OldCopy copy) {
        if (!isOver.getAsBoolean() && !node.hasStopped() && random.chance(700)) {
            isOut = false;
            node.replaceDisk(copy.original(), false);
            spares.takeBack(node);
            restartLater.accept(node);
        }
    }
}
