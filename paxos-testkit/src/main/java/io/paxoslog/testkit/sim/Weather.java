package io.paxoslog.testkit.sim;

import io.paxoslog.core.MemberId;
import io.paxoslog.core.Membership;
import io.paxoslog.core.Replica;
import java.util.List;
import java.util.stream.IntStream;

/** Brings faults over a cluster, one after the other, until it is told to stop. */
final class Weather {
    private static final Fault[] PICKED = {
        Fault.CUT,
        Fault.ONE_WAY_CUT,
        Fault.ISOLATION,
        Fault.SPLIT,
        Fault.FLAPPING_LINK,
        Fault.FULL_PARTITION,
        Fault.STAR,
        Fault.STAR_WITHOUT_ONE,
        Fault.CHAIN,
        Fault.BRIDGE,
        Fault.CLOGGING_IN_TURN,
        Fault.SLOW_CLOCK,
        Fault.FAST_CLOCK,
        Fault.WALL_CLOCK_AHEAD,
        Fault.WALL_CLOCK_BACK,
        Fault.MACHINE_ASLEEP,
        Fault.KILL,
        Fault.KILL_IN_MID_TURN,
        Fault.POWER_LOSS,
        Fault.EVERYBODY_LOSES_POWER,
        Fault.WIPED_DISK,
        Fault.PAUSE,
        Fault.EVERYBODY_SLEEPS,
        Fault.SLOW_DISK,
        Fault.APPLY_STUCK,
        Fault.FAILED_FORCE,
        Fault.FULL_DISK,
        Fault.BIT_ROT,
        Fault.MISDIRECTED_WRITE,
        Fault.LOST_WRITE,
        Fault.FORGED_BALLOT,
        Fault.FORGED_STEPS,
        Fault.FORGED_ANSWER,
        Fault.SNAPSHOT_ROT,
        Fault.OLD_COPY,
        Fault.SHORT_DISK
    };
    private static final int LULL_TIMEOUTS = 6;
    private static final int MOST_CLOCK_ERROR_PER_MILLE = 600;
    private static final int HOUR_MS = 3_600_000;

    private final World cluster;
    private final Swarm swarm;
    private final SimRandom random;
    private final Timeline timeline;
    private final Totals totals;
    private final Trace trace;
    private final Outages outages;
    private final Spares spares;
    private final DiskFaults disks;
    private final OldCopies oldCopies;
    private final Operators operators;
    private final HandOvers handOvers;
    private boolean isOver;
    private long awakeAtMs;

    Weather(World cluster, SimRandom random, Timeline timeline, Totals totals, Trace trace) {
        this.cluster = cluster;
        this.swarm = cluster.swarm();
        this.random = random;
        this.timeline = timeline;
        this.totals = totals;
        this.trace = trace;
        this.spares = new Spares(cluster);
        this.disks =
                new DiskFaults(
                        cluster, random.split(), timeline, totals, spares, this::restartLater);
        this.oldCopies =
                new OldCopies(
                        cluster,
                        new SimRandom(swarm.oddSeed),
                        timeline,
                        totals,
                        spares,
                        this::restartLater,
                        () -> isOver);
        this.handOvers =
                new HandOvers(
                        cluster,
                        new SimRandom(SimRandom.mix(swarm.oddSeed)),
                        timeline,
                        totals,
                        this::restartLater);
        cluster.onPowerLoss(this::lostPowerInSnapshot);
        this.operators =
                new Operators(
                        cluster,
                        timeline,
                        totals,
                        spares,
                        this::restartLater,
                        () -> !oldCopies.isOut());
        this.outages = new Outages(swarm, cluster.network(), random.split(), timeline, totals);
    }

    /** The first fault comes soon. */
    void begin() {
        timeline.after(random.below(swarm.faultEveryMs), this::next);
        operators.begin();
        handOvers.begin();
    }

    private void next() {
        if (isOver) {
            return;
        }
        Fault fault = pick();
        if (fault != null) {
            bring(fault);
        }
        if (random.chance(300)) {
            cluster.network().heal();
        }
        int lull = random.chance(150) ? LULL_TIMEOUTS * swarm.longestTimeoutMs() : 0;
        long sleep = Math.max(0, awakeAtMs - timeline.nowMs());
        timeline.after(1 + sleep + lull + random.below(2 * swarm.faultEveryMs), this::next);
    }

    private Fault pick() {
        int sum = 0;
        for (Fault fault : PICKED) {
            sum += swarm.weight(fault);
        }
        int left = sum == 0 ? 0 : random.below(sum);
        for (Fault fault : PICKED) {
            left -= swarm.weight(fault);
            if (left < 0) {
                return fault;
            }
        }
        return null;
    }

    private void bring(Fault fault) {
        SimulatedNode node = cluster.node(random.between(1, cluster.nodes().size()));
        trace.event(
                9,
                fault.name().hashCode(),
                node.node(),
                timeline.nowMs(),
                () -> "# " + timeline.nowMs() + " ms: " + fault + " " + node.node());
        switch (fault) {
            case SLOW_CLOCK -> cluster.gain(node, -random.between(1, MOST_CLOCK_ERROR_PER_MILLE));
            case FAST_CLOCK -> cluster.gain(node, random.between(1, MOST_CLOCK_ERROR_PER_MILLE));
            case WALL_CLOCK_AHEAD -> jumpWall(node, random.between(1, HOUR_MS), fault);
            case WALL_CLOCK_BACK -> jumpWall(node, -random.between(1, HOUR_MS), fault);
            case MACHINE_ASLEEP -> sleep(node);
            case KILL -> kill(node);
            case KILL_IN_MID_TURN -> lightFuse(node);
            case POWER_LOSS -> losePower(node);
            case EVERYBODY_LOSES_POWER -> everybodyLosesPower();
            case WIPED_DISK -> wipe(node);
            case PAUSE -> pause(node);
            case EVERYBODY_SLEEPS -> everybodySleeps();
            case SLOW_DISK -> slowDisk(node);
            case APPLY_STUCK -> stickApply(node);
            case FAILED_FORCE, FULL_DISK, BIT_ROT, MISDIRECTED_WRITE, LOST_WRITE, SNAPSHOT_ROT ->
                    disks.bring(fault, node);
            case OLD_COPY -> oldCopies.bring(node);
            case SHORT_DISK -> fillDisks(node);
            case FORGED_BALLOT, FORGED_STEPS, FORGED_ANSWER -> cluster.forger().bring(fault, node);
            default -> outages.bring(fault, node.node());
        }
    }

    private void jumpWall(SimulatedNode node, int byMs, Fault fault) {
        totals.count(fault);
        boolean isEverywhere = random.chance(200);
        for (SimulatedNode other : cluster.nodes()) {
            if (isEverywhere || other == node) {
                cluster.clocks(other).jumpWall(byMs);
            }
        }
    }

    private void sleep(SimulatedNode node) {
        cluster.sleep(node, timeline.nowMs() + random.below(8 * swarm.electionTimeoutMs));
        totals.count(Fault.MACHINE_ASLEEP);
    }

    private void kill(SimulatedNode node) {
        if (node.isUp()) {
            node.kill();
            totals.count(Fault.KILL);
            restartLater(node);
        }
    }

    private void lightFuse(SimulatedNode node) {
        if (node.isUp()) {
            node.lightFuse(random.between(1, 12));
            totals.count(Fault.KILL_IN_MID_TURN);
            timeline.after(random.below(swarm.downMs), () -> loseOrKillBurnt(node));
        }
    }

    /**
     * The process may have died by itself meanwhile; half the time its machine lost power in the
     * same moment.
     */
    private void loseOrKillBurnt(SimulatedNode node) {
        if (isOver) {
            restart(node);
        } else if (node.isUp()) {
            kill(node);
        } else if (random.chance(500)) {
            disks.loseTail(node);
        } else {
            restartLater(node);
        }
    }

    private void losePower(SimulatedNode node) {
        if (node.isUp()) {
            node.kill();
            disks.loseTail(node);
        }
    }

    private void lostPowerInSnapshot(SimulatedNode node) {
        totals.count(Fault.POWER_LOSS_IN_SNAPSHOT);
        disks.loseTail(node);
    }

    private void everybodyLosesPower() {
        cluster.nodes().forEach(this::losePower);
        totals.count(Fault.EVERYBODY_LOSES_POWER);
    }

    /** Not the one that founded a cluster alone: emptied it would found another one. */
    private void wipe(SimulatedNode node) {
        boolean foundsAlone = swarm.nodes == 1 && node.node() == 1;
        if (!foundsAlone && spares.maySpare(node)) {
            spares.spare(node);
            node.wipe();
            totals.count(Fault.WIPED_DISK);
            restartLater(node);
        }
    }

    private void pause(SimulatedNode node) {
        cluster.pause(node, timeline.nowMs() + random.below(4 * swarm.electionTimeoutMs));
        totals.count(Fault.PAUSE);
    }

    private void everybodySleeps() {
        long until = timeline.nowMs() + random.below(HOUR_MS);
        cluster.nodes()
                .forEach(node -> cluster.pause(node, until + random.below(swarm.heartbeatMs)));
        awakeAtMs = until;
        totals.count(Fault.EVERYBODY_SLEEPS);
    }

    private void slowDisk(SimulatedNode node) {
        cluster.slowDisk(node, timeline.nowMs() + random.below(8 * swarm.electionTimeoutMs));
        totals.count(Fault.SLOW_DISK);
    }

    /** One disk, or all of them, as when the same foreign job writes to each. */
    private void fillDisks(SimulatedNode node) {
        boolean isEverywhere = random.chance(300);
        for (SimulatedNode other : cluster.nodes()) {
            if (isEverywhere || other == node) {
                disks.bring(Fault.SHORT_DISK, other);
            }
        }
    }

    private void stickApply(SimulatedNode node) {
        cluster.stickApply(node, timeline.nowMs() + random.below(16 * swarm.electionTimeoutMs));
        totals.count(Fault.APPLY_STUCK);
    }

    /** So long, at times, that the others have let go of what it would have to hear. */
    private void restartLater(SimulatedNode node) {
        int atLeastMs = swarm.snapshots.outageMs(swarm.downMs);
        timeline.after(atLeastMs + random.below(swarm.downMs), () -> restart(node));
    }

    private void restart(SimulatedNode node) {
        boolean isBroken = node.disk().damage().isDone() && !node.hasForgotten();
        boolean isOut = spares.isGone(node) && node.isOriginal() && !isBroken;
        if (!node.isUp() && !node.hasStopped() && !isOut) {
            totals.countRestart();
            cluster.start(node);
        }
    }

    /** No more faults; everybody who may come back does. */
    void clear() {
        isOver = true;
        operators.end();
        handOvers.end();
        cluster.network().heal();
        cluster.beCalm(true);
        cluster.setClocksRight();
        disks.clear();
        for (SimulatedNode node : List.copyOf(cluster.nodes())) {
            node.lightFuse(-1);
            cluster.slowDisk(node, 0);
            cluster.stickApply(node, 0);
            restart(node);
        }
    }

    /** Members that take part to the end. */
    List<SimulatedNode> remaining() {
        Terms.Term newest = cluster.safety().terms().newest();
        return cluster.nodes().stream()
                .filter(node -> newest.holds(node.node()) && !spares.isGone(node))
                .toList();
    }

    /** Most slots that one of those lacks which may be members; 0 where the members stay. */
    long slotsBehind() {
        long chosen = cluster.safety().chosenUpTo();
        return swarm.changes.isOn ? chosen - Math.min(chosen, spares.leastKnown()) : 0;
    }

    /**
     * Whom the latest change has removed, as long as no other one was prepared since. Who lags, and
     * knows none of those that are left, cannot know of it.
     */
    List<SimulatedNode> removedNow() {
        Terms terms = cluster.safety().terms();
        if (terms.changes() == 0 || spares.isChanging() || operators.hasAskedSince()) {
            return List.of();
        }
        Terms.Term newest = terms.newest();
        Terms.Term before = terms.of(newest.from() - 1);
        return cluster.nodes().stream()
                .filter(node -> before.holds(node.node()) && !newest.holds(node.node()))
                .filter(node -> !spares.isGone(node))
                .filter(node -> node.isUp() && knowsOneOf(newest, node.replica()))
                .toList();
    }

    private static boolean knowsOneOf(Terms.Term term, Replica replica) {
        Membership known = replica.newestMembership();
        return IntStream.range(0, known.size())
                .anyMatch(i -> term.holds(MemberId.node(known.member(i))));
    }

    /** Nodes with damage that others are to make good. */
    List<SimulatedNode> healing() {
        Terms.Term newest = cluster.safety().terms().newest();
        return cluster.nodes().stream()
                .filter(node -> newest.holds(node.node()))
                .filter(node -> spares.isGone(node) && node.isHealing())
                .toList();
    }
}
