package io.paxoslog.testkit.sim;

import io.paxoslog.log.JournalException;
import java.util.function.Consumer;

/**
 * Breaks disks, takes power away, and judges what a node's journal says to that: it may refuse only
 * what was broken, and must refuse whatever is proven to be missing.
 */
final class DiskFaults {
    private final World cluster;
    private final Swarm swarm;
    private final SimRandom random;
    private final Timeline timeline;
    private final Totals totals;
    private final Spares spares;
    private final Consumer<SimulatedNode> restartLater;
    private boolean isOver;

    DiskFaults(
            World cluster,
            SimRandom random,
            Timeline timeline,
            Totals totals,
            Spares spares,
            Consumer<SimulatedNode> restartLater) {
        this.cluster = cluster;
        this.swarm = cluster.swarm();
        this.random = random;
        this.timeline = timeline;
        this.totals = totals;
        this.spares = spares;
        this.restartLater = restartLater;
        cluster.onDiskFailure(this::failed);
    }

    void bring(Fault fault, SimulatedNode node) {
        switch (fault) {
            case FAILED_FORCE -> failForce(node);
            case FULL_DISK -> fill(node);
            case SHORT_DISK -> fillSlowly(node);
            case BIT_ROT, MISDIRECTED_WRITE, SNAPSHOT_ROT -> damage(fault, node);
            case LOST_WRITE -> loseWrite(node);
            default -> throw new IllegalStateException("not a fault of disks: " + fault);
        }
    }

    /** Power goes; the process is dead already. */
    void loseTail(SimulatedNode node) {
        SimulatedDisk disk = node.disk();
        int unforced = disk.writtenEntries() - disk.forcedEntries();
        boolean hasWhatToForget = !swarm.durability.valuesWait() && node.knowsOfFounding();
        if (hasWhatToForget && !spares.mayForget(node)) {
            // Too few others remember: the cluster would have to wait for an operator.
            totals.count(Fault.POWER_LOSS);
            restartLater.accept(node);
        } else if (unforced > 0 && random.chance(500)) {
            tear(node);
        } else {
            cut(node, random.below(unforced + 1), unforced);
        }
    }

    private void cut(SimulatedNode node, int lost, int unforced) {
        node.losePower(node.disk().writtenEntries() - lost);
        totals.count(lost > 0 && lost < unforced ? Fault.TORN_POWER_LOSS : Fault.POWER_LOSS);
        comeBack(node);
    }

    private void tear(SimulatedNode node) {
        int pageBytes = random.oneOf(16, 64, 512, 4096);
        node.tear(pageBytes, random.next());
        totals.count(Fault.TORN_PAGES);
        comeBack(node);
    }

    private void comeBack(SimulatedNode node) {
        if (!swarm.durability.valuesWait()) {
            totals.count(Fault.FORGOTTEN_VOTES);
            node.mayForget();
            node.breakDisk(DiskFault.BOOT, 0);
        }
        restartLater.accept(node);
    }

    private void failForce(SimulatedNode node) {
        boolean mayForget = swarm.durability.valuesWait() || spares.mayForget(node);
        if (!node.isUp() || !mayForget) {
            return;
        }
        boolean forgets = random.chance(500);
        node.breakDisk(forgets ? DiskFault.FORCE_FAILS_AND_FORGETS : DiskFault.FORCE_FAILS, 0);
    }

    private void fill(SimulatedNode node) {
        node.breakDisk(DiskFault.FULL, 0);
        timeline.after(
                random.below(4 * swarm.downMs), () -> node.breakDisk(DiskFault.ROOM_AGAIN, 0));
    }

    /** Room falls below the floor, at times to nothing, and is given back. */
    private void fillSlowly(SimulatedNode node) {
        totals.count(Fault.SHORT_DISK);
        node.breakDisk(DiskFault.SHORT, 0);
        int shortMs = random.below(6 * swarm.downMs);
        if (random.chance(400)) {
            timeline.after(random.below(shortMs + 1), () -> fillToTheEnd(node));
        }
        timeline.after(shortMs + 1, () -> node.breakDisk(DiskFault.ROOM_AGAIN, 0));
    }

    private void fillToTheEnd(SimulatedNode node) {
        if (!isOver) {
            node.breakDisk(DiskFault.FULL, 0);
        }
    }

    private void damage(Fault fault, SimulatedNode node) {
        if (!spares.maySpare(node)) {
            return;
        }
        if (random.chance(500)) {
            node.kill();
        }
        DiskFault how =
                switch (fault) {
                    case BIT_ROT -> DiskFault.ROT;
                    case SNAPSHOT_ROT -> DiskFault.SNAPSHOT_ROT;
                    default -> DiskFault.MISDIRECTED;
                };
        boolean isDone = node.breakDisk(how, random.next());
        if (isDone) {
            spares.spare(node);
            totals.count(fault);
        }
        restartLater.accept(node);
    }

    /** It shows when power goes: until then memory holds what the disk lost. */
    private void loseWrite(SimulatedNode node) {
        if (!node.isUp() || !spares.maySpare(node)) {
            return;
        }
        spares.spare(node);
        SimulatedDisk disk = node.disk();
        node.breakDisk(DiskFault.FORCE_LOSES_WRITES, 0);
        timeline.after(
                random.below(swarm.downMs),
                () -> {
                    if (disk.damage().isDone()) {
                        totals.count(Fault.LOST_WRITE);
                    }
                    if (node.isUp() && node.disk() == disk) {
                        node.kill();
                        loseTail(node);
                    }
                });
    }

    /** A node's disk failed it, in its work or at its start. */
    private void failed(SimulatedNode node, JournalException why) {
        if (why == null) {
            totals.count(Fault.FAILED_FORCE);
            if (!swarm.durability.valuesWait()) {
                node.mayForget();
            }
            restartLater.accept(node);
            return;
        }
        boolean mayRefuse =
                switch (why.kind()) {
                    case DISK, NOT_WRITABLE -> true;
                    case DAMAGED -> node.disk().damage().isDone();
                    default -> false;
                };
        if (!mayRefuse) {
            throw new SafetyViolation(
                    "node " + node.node() + " is refused though nothing is wrong: " + why);
        }
        if (why.kind() == JournalException.Kind.DISK
                || why.kind() == JournalException.Kind.NOT_WRITABLE) {
            totals.count(Fault.FULL_DISK);
            restartLater.accept(node);
        } else {
            totals.count(Fault.REFUSED_JOURNAL);
        }
    }

    /** Disks do what they are told again; what is broken stays so. */
    void clear() {
        isOver = true;
        cluster.nodes().forEach(node -> node.breakDisk(DiskFault.HEALTHY_AGAIN, 0));
    }
}
