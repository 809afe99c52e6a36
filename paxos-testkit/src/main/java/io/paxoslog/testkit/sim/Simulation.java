package io.paxoslog.testkit.sim;

import io.paxoslog.core.Role;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * One seed, one history: a cluster under chance, then calm weather in which it must come to rest.
 */
public final class Simulation {
    private static final int LIVENESS_TIMEOUTS = 10;
    private static final int FEW_SLOTS = 8;
    private static final int FEW_BYTES = 500;
    private static final int BACKLOG_TIMEOUTS = 50;
    private static final int RESENDS = 10;

    /** A leader makes way for those who return only so often. */
    private static final int RETURN_TIMEOUTS = 40;

    private static final long LATE = 0x6c61746572L;
    private static final long ROOM_SOURCE = 0x726F6F6DL;
    private static final long TIMES_SOURCE = 0x74696D6573L;
    private static final long CHANGES_SOURCE = 0x6368616E676573L;
    private static final long READS_SOURCE = 0x7265616473L;
    private static final long CLIENT_READS_SOURCE = 0x61736B73L;
    private static final int HEAL_TIMEOUTS = 100;

    private static final long LONGEST_MS = 40_000_000;

    private final long seed;
    private final Setup setup;
    private final Swarm swarm;
    private final Timeline timeline = new Timeline();
    private final Totals totals = new Totals();
    private final Trace trace;
    private final World cluster;
    private final Weather weather;
    private final Readers readers;

    private Simulation(long seed, Setup setup, boolean keepsText) {
        this.seed = seed;
        this.setup = setup;
        SimRandom random = new SimRandom(seed);
        // A source of its own: what seeds without snapshots play does not hang on it.
        SimRandom ofSnapshots = new SimRandom(SimRandom.mix(~seed));
        SnapshotSwarm snapshots =
                new SnapshotSwarm(ofSnapshots, setup.faults(), setup.snapshotsPerMille());
        SimRandom late = new SimRandom(SimRandom.mix(seed ^ LATE));
        SimRandom ofChanges = new SimRandom(SimRandom.mix(seed ^ CHANGES_SOURCE));
        ChangeSwarm changes = new ChangeSwarm(ofChanges, setup.mayChangeMembers());
        SimRandom ofTimes = new SimRandom(SimRandom.mix(seed ^ TIMES_SOURCE));
        SimRandom ofClients = new SimRandom(SimRandom.mix(seed ^ CLIENT_READS_SOURCE));
        ReadSwarm reads = new ReadSwarm(ofClients, setup.mayChangeMembers());
        swarm =
                new Swarm(
                        random, setup, snapshots, changes, late, shortDisks(seed), ofTimes, reads);
        trace = new Trace(keepsText);
        cluster = new World(setup, swarm, random.split(), timeline, totals, trace);
        weather = new Weather(cluster, random.split(), timeline, totals, trace);
        SimRandom ofReads = new SimRandom(SimRandom.mix(seed ^ READS_SOURCE));
        readers = new Readers(cluster, ofReads, timeline, setup.mayChangeMembers());
    }

    /** Of a source of its own, too, and in a third of the seeds. */
    private static int shortDisks(long seed) {
        SimRandom ofRoom = new SimRandom(SimRandom.mix(seed ^ ROOM_SOURCE));
        return ofRoom.chance(333) ? ofRoom.between(2, 12) : 0;
    }

    /**
     * Plays one seed.
     *
     * @return what happened
     * @throws AssertionError when an oracle was violated or anything was thrown; the message holds
     *     the last part of the history and the command that plays it again
     */
    public static Totals play(long seed) {
        return run(seed, Setup.OWN).totals;
    }

    /** Plays one seed with something else than the simulator's own application. */
    public static Totals play(long seed, Setup setup) {
        return run(seed, setup).totals;
    }

    /**
     * Plays one seed, with logs that are kept for ever, under the eyes of a watcher, to its end or
     * to the first failure.
     *
     * @return why it failed; empty when it did not
     */
    public static String watch(long seed, Watcher watcher) {
        Simulation simulation = new Simulation(seed, Setup.WITHOUT_SNAPSHOTS, false);
        simulation.cluster.watchedBy(watcher);
        Throwable failure = failureOf(simulation);
        return failure == null ? "" : String.valueOf(failure.getMessage());
    }

    /** Plays one seed and returns the fingerprint of everything that happened. */
    public static long traceHash(long seed) {
        return run(seed, Setup.OWN).trace.hash();
    }

    /** The first of {@code count} seeds that fails, and why; nothing when none does. */
    public static String firstFailure(long from, int count) {
        return firstFailure(from, count, Setup.OWN);
    }

    /** The same of so many seeds from one on in which members change. */
    public static String firstFailureOfChanges(long from, int count) {
        return firstFailure(from, count, simulation -> simulation.swarm.changes.isOn);
    }

    /** The same of so many seeds from one on in which clients read. */
    public static String firstFailureOfClientReads(long from, int count) {
        return firstFailure(from, count, simulation -> simulation.swarm.reads.isOn);
    }

    /** The same of so many seeds from one on in which clients read and members change. */
    public static String firstFailureOfClientReadsAndChanges(long from, int count) {
        return firstFailure(
                from,
                count,
                simulation -> simulation.swarm.reads.isOn && simulation.swarm.changes.isOn);
    }

    /** The same where clients read and only what they saw is checked. */
    public static String firstWrongHistoryOfReads(long from, int count) {
        return firstFailure(
                from, count, Setup.ONLY_HISTORIES, simulation -> simulation.swarm.reads.isOn);
    }

    /** The same of so many seeds from one on in which nodes read by leases. */
    public static String firstFailureOfLeases(long from, int count) {
        return firstFailure(from, count, simulation -> simulation.swarm.leases.isOn());
    }

    private static String firstFailure(long from, int count, Predicate<Simulation> isWanted) {
        return firstFailure(from, count, Setup.OWN, isWanted);
    }

    private static String firstFailure(
            long from, int count, Setup setup, Predicate<Simulation> isWanted) {
        int left = count;
        for (long seed = from; left > 0; seed++) {
            Simulation simulation = new Simulation(seed, setup, false);
            if (isWanted.test(simulation)) {
                left--;
                Throwable failure = failureOf(simulation);
                if (failure != null) {
                    return "seed " + seed + ": " + failure.getMessage();
                }
            }
        }
        return "";
    }

    /** The same where only what clients saw is checked of sessions, replies and states. */
    public static String firstWrongHistory(long from, int count) {
        return firstFailure(from, count, Setup.ONLY_HISTORIES);
    }

    private static String firstFailure(long from, int count, Setup setup) {
        for (long seed = from; seed < from + count; seed++) {
            Throwable failure = failureOf(new Simulation(seed, setup, false));
            if (failure != null) {
                return "seed " + seed + ": " + failure.getMessage();
            }
        }
        return "";
    }

    /**
     * Lets every process stand still until all time-outs have run out, so that all wake up as
     * candidates, {@code rounds} times, with a network that loses nothing.
     *
     * @return the highest round of any ballot at the end
     * @throws SafetyViolation when no leader was there within ten election time-outs
     */
    static long duel(long seed, int rounds) {
        Simulation simulation = new Simulation(seed, Setup.WITHOUT_SNAPSHOTS, false);
        simulation.cluster.beCalm(true);
        simulation.cluster.nodes().forEach(simulation.cluster::start);
        simulation.awaitFounding();
        for (int i = 0; i < rounds; i++) {
            simulation.sleepOnce();
            simulation.await(
                    LIVENESS_TIMEOUTS,
                    "seed " + seed + ": nobody leads",
                    simulation.cluster::hasLeader);
        }
        return simulation.cluster.highestRound();
    }

    private void sleepOnce() {
        long until = timeline.nowMs() + 4L * swarm.longestTimeoutMs();
        cluster.nodes().forEach(node -> cluster.pause(node, until));
        while (cluster.isAnyonePaused()) {
            timeline.step();
        }
    }

    private static Simulation run(long seed, Setup setup) {
        Simulation simulation = new Simulation(seed, setup, false);
        Throwable failure = failureOf(simulation);
        if (failure == null) {
            return simulation;
        }
        if (setup.isOwn()) {
            throw new AssertionError(replay(seed).failure());
        }
        // A machine that does not follow from its entries may go another way the next time.
        throw new AssertionError(simulation.report(failure).strip(), failure);
    }

    static Replay replay(long seed) {
        Simulation simulation = new Simulation(seed, Setup.OWN, true);
        Throwable failure = failureOf(simulation);
        String report = failure == null ? "" : simulation.report(failure);
        return new Replay(
                seed,
                simulation.totals,
                simulation.trace.hash(),
                report,
                simulation.trace.script());
    }

    private static Throwable failureOf(Simulation simulation) {
        try {
            simulation.run();
            return null;
        } catch (RuntimeException | AssertionError failure) {
            return failure;
        }
    }

    private String report(Throwable failure) {
        return "seed "
                + seed
                + " at "
                + timeline.nowMs()
                + " ms: "
                + failure
                + "\n"
                + swarm
                + "\n"
                + "play it again: "
                + String.format(setup.howToReplay(), seed)
                + "\n"
                + trace.text();
    }

    private void run() {
        boolean startsCalm = swarm.startsCalm;
        cluster.beCalm(startsCalm);
        cluster.nodes().forEach(cluster::start);
        for (int i = 0; i < swarm.clients; i++) {
            cluster.clients().add();
        }
        if (startsCalm) {
            awaitFounding();
        }
        cluster.beCalm(false);
        weather.begin();
        readers.begin();
        while (totals.events() < swarm.wantedEvents && timeline.nowMs() < LONGEST_MS) {
            timeline.step();
        }
        comeToRest();
        totals.undecided(cluster.checkClients());
        totals.count(Deed.MEMBERS_CHANGED, cluster.safety().terms().changes());
        totals.count(Deed.SESSION_EXPIRED, cluster.reference().expired());
        totals.count(Deed.SESSION_EVICTED, cluster.reference().evicted());
        totals.count(Deed.TIMER_FIRED, cluster.reference().fired());
        totals.count(Deed.EVENT_SENT, cluster.reference().events());
        totals.count(Deed.SESSION_SLOW, cluster.reference().slow());
        totals.ended(
                timeline.nowMs(),
                cluster.reference().acknowledged(),
                cluster.safety().committedUpTo());
    }

    private void awaitFounding() {
        await(
                LIVENESS_TIMEOUTS,
                "genesis is not chosen",
                () -> cluster.safety().committedUpTo() > 0);
    }

    private void comeToRest() {
        weather.clear();
        readers.end();
        while (cluster.isAnyonePaused()) {
            timeline.step();
        }
        int catchUpMs = swarm.catchUpMs(weather.slotsBehind());
        List<SimulatedClient> earlier = List.copyOf(cluster.clients().all());
        earlier.forEach(client -> client.beSilent(true));
        earlier.forEach(client -> client.finishAfter(0));
        SimulatedClient probe = cluster.clients().add();
        probe.finishAfter(1);
        int ahead =
                earlier.stream().mapToInt(SimulatedClient::unanswered).sum()
                        + cluster.reference().timersOwed();
        await(
                LIVENESS_TIMEOUTS,
                catchUpMs + swarm.snapshots.longestTransferMs() + swarm.backlogMs(ahead),
                "a new command is not acknowledged",
                probe::hasFinished);
        earlier.forEach(client -> client.beSilent(false));
        await(
                BACKLOG_TIMEOUTS,
                swarm.snapshots.longestTransferMs() + RESENDS * swarm.backlogMs(ahead),
                "not all commands are acknowledged",
                this::haveAllClientsFinished);
        await(
                LIVENESS_TIMEOUTS,
                swarm.longestTimerMs(),
                "not all timers have fired",
                () -> cluster.reference().timersOwed() == 0 || !hasRoomForTimers());
        await(
                BACKLOG_TIMEOUTS,
                swarm.longestSilenceMs(),
                "not all events are heard",
                () -> cluster.clients().all().stream().allMatch(SimulatedClient::hasHeardAll));
        long committed = cluster.safety().committedUpTo();
        await(
                LIVENESS_TIMEOUTS,
                catchUpMs + swarm.snapshots.longestTransferMs(),
                "not all nodes have committed what one of them has",
                () -> haveCommitted(weather.remaining(), committed));
        await(
                RETURN_TIMEOUTS,
                swarm.snapshots.longestTransferMs(),
                "not all nodes are back that may have forgotten votes",
                () -> weather.remaining().stream().noneMatch(SimulatedNode::isReturning));
        await(
                HEAL_TIMEOUTS,
                swarm.snapshots.longestTransferMs(),
                "not all nodes are as good as before that were damaged",
                () -> areHealed(weather.healing(), committed));
        // They have to learn of it first, and wait for members that do not answer.
        await(
                BACKLOG_TIMEOUTS,
                catchUpMs(weather.removedNow()),
                "not all nodes have stopped that are no members any more",
                () -> weather.removedNow().stream().noneMatch(SimulatedNode::isUp));
        // Changes that came last may have made members of others, and filled window after window.
        List<SimulatedNode> asked = weather.remaining();
        readers.readAt(asked);
        await(
                LIVENESS_TIMEOUTS,
                catchUpMs(asked),
                "not all reads are answered",
                () -> asked.stream().allMatch(node -> node.reads().waiting() == 0));
        if (swarm.reads.isOn) {
            probe.readEach();
            // One after the other where its window is small, and it may have come to any of them.
            await(
                    BACKLOG_TIMEOUTS,
                    catchUpMs(cluster.nodes()),
                    "not all reads of a client are answered",
                    probe::hasRead);
        }
    }

    /** Longest that it takes until those of these nodes that are up have what is chosen by now. */
    private int catchUpMs(List<SimulatedNode> nodes) {
        long chosen = cluster.safety().chosenUpTo();
        long behind =
                nodes.stream()
                        .filter(SimulatedNode::isUp)
                        .mapToLong(node -> chosen - node.appliedIndex())
                        .max()
                        .orElse(0);
        return swarm.catchUpMs(Math.max(0, behind));
    }

    /**
     * Whether a leader ever takes more than what waits: while it does not the stopwatch stands, and
     * in a window of a few slots or bytes the words by which clients keep their sessions alive may
     * be enough for that.
     */
    private boolean hasRoomForTimers() {
        return swarm.openBytesLimit >= FEW_BYTES
                && weather.remaining().stream()
                        .allMatch(node -> node.replica().membership().openSlotLimit() >= FEW_SLOTS);
    }

    private static boolean areHealed(List<SimulatedNode> damaged, long upTo) {
        return damaged.stream()
                .allMatch(node -> node.appliedIndex() >= upTo && hasAllItNeeds(node));
    }

    /**
     * A leader whose state machine would have to stand still takes no snapshot, and so may need
     * slots for long that others have let go.
     */
    private static boolean hasAllItNeeds(SimulatedNode node) {
        return node.replica().unknownSlots() == 0 || node.replica().role() == Role.LEADING;
    }

    private boolean haveAllClientsFinished() {
        return cluster.clients().all().stream().allMatch(SimulatedClient::hasFinished);
    }

    private static boolean haveCommitted(List<SimulatedNode> remaining, long upTo) {
        return remaining.stream().allMatch(node -> node.isUp() && node.appliedIndex() >= upTo);
    }

    private void await(int timeouts, String otherwise, BooleanSupplier condition) {
        await(timeouts, 0, otherwise, condition);
    }

    private void await(int timeouts, int moreMs, String otherwise, BooleanSupplier condition) {
        long deadline = timeline.nowMs() + (long) timeouts * swarm.longestTimeoutMs() + moreMs;
        while (!condition.getAsBoolean()) {
            if (timeline.nowMs() > deadline) {
                throw new SafetyViolation(
                        otherwise
                                + " within "
                                + timeouts
                                + " election time-outs: "
                                + cluster.clients().all());
            }
            timeline.step();
        }
    }
}
