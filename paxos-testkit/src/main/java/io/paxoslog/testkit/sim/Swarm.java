package io.paxoslog.testkit.sim;

import io.paxoslog.core.ReplicaConfig;
import io.paxoslog.log.Durability;
import io.paxoslog.service.EventLimits;
import io.paxoslog.service.SessionLimits;
import io.paxoslog.service.SessionTimes;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What one seed draws before it begins: the cluster, and which faults it meets how often. Most
 * seeds leave most faults out, because what is always on hides what only shows without it (Groce et
 * al., "Swarm Testing", ISSTA 2012).
 */
final class Swarm {
    /** About what a command takes of a window in bytes. */
    private static final int COMMAND_BYTES = 64;

    /** So that members come to remember of each other. */
    private static final int TIMERS_PER_MILLE = 250;

    private static final int LEAST_EVENTS_OF_COPIES = 4_000;

    /** Of these one is answered, most likely. */
    private static final int SIGNS = 10;

    private static final int OLD_COPY_WEIGHT = 10;

    private static final int EVENTS_PER_MILLE = 250;

    private static final long EVENTS_SOURCE = 0x6576656E7473L;

    private static final long LEASES_SOURCE = 0x6C6561736573L;

    private static final List<Fault> FORGERIES =
            List.of(Fault.FORGED_BALLOT, Fault.FORGED_STEPS, Fault.FORGED_ANSWER);

    private static final List<Fault> OF_SNAPSHOTS =
            List.of(Fault.SNAPSHOT_FAILS, Fault.POWER_LOSS_IN_SNAPSHOT, Fault.SNAPSHOT_ROT);

    final int nodes;
    final int prepareQuorum;
    final int acceptQuorum;
    final int openSlotLimit;
    final int openBytesLimit;
    final int electionTimeoutMs;
    final int heartbeatMs;
    final int tickMs;
    final Durability durability;
    final long oddSeed;
    final boolean hasOldCopies;
    final int backgroundForceMs;
    final int forceMs;
    final int delayMs;
    final boolean keepsOrder;
    final int oddLinksPerMille;
    final int slowLinksPerMille;
    final int lossPerMille;
    final int duplicatePerMille;
    final int overtakenPerMille;
    final int ancientPerMille;
    final int faultEveryMs;
    final int downMs;
    final int clients;
    final int commandsInFlight;
    final int commandsPerRequest;
    final int paddingBytes;
    final int thinkMs;
    final boolean hasClientStreams;
    final int clientLossPerMille;
    final int clientDuplicatePerMille;
    final int pressedBackPerMille;
    final int leavePerMille;
    final int fragmentBytes;
    final int silenceMs;
    final int resendMs;
    final SessionLimits sessionLimits;
    final boolean hasTimers;
    final boolean hasEvents;
    final int clockErrorPerMille;
    final boolean startsCalm;
    final int wantedEvents;
    final int segmentBytes;
    final int largestCommandBytes;
    final boolean appliesInTurn;
    final boolean hasSmallRings;
    final int applyLagPerMille;
    final int applyLagMs;
    final SnapshotSwarm snapshots;
    final ChangeSwarm changes;
    final Leases leases;
    final ReadSwarm reads;
    private final Map<Fault, Integer> weights = new EnumMap<>(Fault.class);

    /**
     * @param late what was added later is drawn from it, so that what seeds played before does not
     *     hang on it
     * @param shortDisks how often disks run short of room, beside the other faults
     * @param ofTimes a source for how long silent sessions live, and whether there are timers
     * @param reads what clients read
     */
    Swarm(
            SimRandom random,
            Setup setup,
            SnapshotSwarm snapshots,
            ChangeSwarm changes,
            SimRandom late,
            int shortDisks,
            SimRandom ofTimes,
            ReadSwarm reads) {
        this.snapshots = snapshots;
        this.changes = changes;
        this.reads = reads;
        FaultProfile faults = setup.faults();
        int drawn = random.oneOf(1, 3, 3, 3, 3, 5, 5, 7);
        nodes = setup.nodes() == 0 ? drawn : setup.nodes();
        boolean isFlexible = random.chance(250);
        prepareQuorum = isFlexible ? random.between(1, nodes) : ReplicaConfig.majorityOf(nodes);
        int leastAccept = nodes - prepareQuorum + 1;
        acceptQuorum =
                isFlexible ? random.between(leastAccept, nodes) : ReplicaConfig.majorityOf(nodes);
        openSlotLimit = random.oneOf(1, 2, 3, 8, 32, 128, 1024);
        openBytesLimit = random.oneOf(64, 500, 4_000, 1 << 20);
        heartbeatMs = random.oneOf(5, 10, 50);
        electionTimeoutMs = heartbeatMs * random.between(3, 4);
        tickMs = Math.max(1, heartbeatMs / 5);
        boolean valuesWait = acceptQuorum == 1 || random.chance(700);
        Durability background = late.chance(400) ? Durability.PAGE_CACHE : Durability.ASYNC;
        durability = valuesWait ? Durability.SYNC : background;
        oddSeed = late.next();
        SimRandom ofLeases = new SimRandom(SimRandom.mix(oddSeed ^ LEASES_SOURCE));
        leases = new Leases(ofLeases, heartbeatMs, electionTimeoutMs, setup.mayChangeMembers());
        backgroundForceMs = random.between(1, 20);
        forceMs = random.oneOf(0, 0, 1, 2, heartbeatMs / 2);
        delayMs = random.oneOf(0, 1, 2, heartbeatMs / 3);
        keepsOrder = random.chance(300);
        oddLinksPerMille = faults.soften(random.oneOf(0, 0, 300, 1_000));
        slowLinksPerMille = faults.soften(random.oneOf(0, 100, 400));
        lossPerMille = faults.soften(random.chance(500) ? random.oneOf(5, 50, 200) : 0);
        duplicatePerMille = faults.soften(random.chance(500) ? random.oneOf(5, 50, 200) : 0);
        overtakenPerMille = faults.soften(random.chance(500) ? random.oneOf(5, 50, 200) : 0);
        ancientPerMille = faults.soften(random.chance(300) ? random.oneOf(1, 5, 20) : 0);
        faultEveryMs = electionTimeoutMs * random.oneOf(1, 2, 4, 12);
        downMs = electionTimeoutMs * random.oneOf(1, 2, 6);
        clients = random.between(1, 3);
        commandsInFlight = random.oneOf(1, 4, 16);
        commandsPerRequest = random.oneOf(1, 3, 8);
        paddingBytes = random.oneOf(0, 10, 100);
        thinkMs = random.oneOf(2, heartbeatMs, electionTimeoutMs);
        hasClientStreams = random.chance(500);
        clientLossPerMille = faults.soften(random.chance(500) ? random.oneOf(5, 50, 200) : 0);
        clientDuplicatePerMille = faults.soften(random.chance(500) ? random.oneOf(5, 50, 200) : 0);
        pressedBackPerMille = faults.soften(random.oneOf(0, 0, 10, 200));
        leavePerMille = faults.soften(random.oneOf(0, 0, 3, 20));
        fragmentBytes = random.oneOf(256, 1_408, 8_192);
        silenceMs = random.oneOf(100, 250);
        resendMs = random.oneOf(250, 400, 800);
        SimRandom ofEvents = new SimRandom(SimRandom.mix(oddSeed ^ EVENTS_SOURCE));
        hasEvents = ofEvents.chance(EVENTS_PER_MILLE);
        sessionLimits =
                drawLimits(random, setup.largestCommandBytes())
                        .with(drawTimes(ofTimes, longestTimeoutMs()))
                        .with(setup.isOwn() ? drawEvents(ofEvents) : EventLimits.DEFAULT);
        hasTimers = ofTimes.chance(TIMERS_PER_MILLE);
        clockErrorPerMille = faults.soften(random.oneOf(0, 0, 10, 100, 600));
        startsCalm = random.chance(850);
        hasOldCopies = late.chance(120) && faults.allows(Fault.OLD_COPY) && spareNodes() > 0;
        int drawnEvents = random.chance(800) ? 1_000 : random.between(1_000, 4_000);
        wantedEvents =
                changes.leastEvents(
                        hasOldCopies ? Math.max(drawnEvents, LEAST_EVENTS_OF_COPIES) : drawnEvents);
        segmentBytes = snapshots.segmentBytes(random.oneOf(4_000, 16_000, 60_000), setup.isOwn());
        largestCommandBytes =
                setup.isOwn()
                        ? KitMachine.COMMAND_BYTES + paddingBytes
                        : setup.largestCommandBytes();
        appliesInTurn = random.chance(200);
        hasSmallRings = random.chance(700);
        applyLagPerMille = faults.soften(random.oneOf(0, 100, 1_000));
        applyLagMs = random.oneOf(1, heartbeatMs, 4 * electionTimeoutMs);
        drawWeights(random, faults);
        weights.put(Fault.OLD_COPY, hasOldCopies ? OLD_COPY_WEIGHT : 0);
        weights.put(Fault.SHORT_DISK, faults.allows(Fault.SHORT_DISK) ? shortDisks : 0);
    }

    /**
     * A calm world of majorities with the time-outs of a node's own settings: nothing is drawn, and
     * nothing goes wrong but with messages.
     *
     * @param strayPerMille how many messages are lost, how many come more than once and how many
     *     are overtaken; a tenth as many are ancient
     * @param thinkMs longest pause of each of two clients between two commands
     */
    Swarm(int nodes, int strayPerMille, int thinkMs) {
        this(nodes, strayPerMille, thinkMs, 0);
    }

    /**
     * @param joining how many nodes may join
     */
    Swarm(int nodes, int strayPerMille, int thinkMs, int joining) {
        this(nodes, strayPerMille, thinkMs, joining, ReadSwarm.none());
    }

    /**
     * @param reads what clients read
     */
    Swarm(int nodes, int strayPerMille, int thinkMs, int joining, ReadSwarm reads) {
        this.nodes = nodes;
        prepareQuorum = ReplicaConfig.majorityOf(nodes);
        acceptQuorum = ReplicaConfig.majorityOf(nodes);
        openSlotLimit = 1024;
        openBytesLimit = 1 << 20;
        heartbeatMs = 50;
        electionTimeoutMs = 150;
        tickMs = 10;
        durability = Durability.SYNC;
        oddSeed = 0;
        hasOldCopies = false;
        backgroundForceMs = 10;
        forceMs = 1;
        delayMs = 1;
        keepsOrder = strayPerMille == 0;
        oddLinksPerMille = 0;
        slowLinksPerMille = 0;
        lossPerMille = strayPerMille;
        duplicatePerMille = strayPerMille;
        overtakenPerMille = strayPerMille;
        ancientPerMille = strayPerMille / 10;
        faultEveryMs = electionTimeoutMs;
        downMs = electionTimeoutMs;
        clients = 2;
        commandsInFlight = 4;
        commandsPerRequest = 1;
        paddingBytes = 10;
        this.thinkMs = thinkMs;
        hasClientStreams = strayPerMille == 0;
        clientLossPerMille = strayPerMille;
        clientDuplicatePerMille = strayPerMille;
        pressedBackPerMille = 0;
        leavePerMille = 0;
        fragmentBytes = 1_408;
        silenceMs = 250;
        resendMs = 400;
        sessionLimits = new SessionLimits(64, 64, 1024, 64 * 2048);
        hasTimers = false;
        hasEvents = false;
        clockErrorPerMille = 0;
        startsCalm = true;
        wantedEvents = 0;
        segmentBytes = 8_000;
        snapshots = SnapshotSwarm.none();
        changes = new ChangeSwarm(joining);
        leases = Leases.none();
        this.reads = reads;
        largestCommandBytes = 1024;
        appliesInTurn = false;
        hasSmallRings = false;
        applyLagPerMille = 0;
        applyLagMs = 0;
    }

    private static EventLimits drawEvents(SimRandom random) {
        return new EventLimits(
                random.oneOf(500, 2_000, 20_000, 1 << 20), random.oneOf(100, 1_000, 1 << 20));
    }

    private static SessionLimits drawLimits(SimRandom random, int largestReplyBytes) {
        int inFlight = random.oneOf(2, 8, 64);
        return new SessionLimits(
                random.oneOf(4, 8, 64),
                inFlight,
                largestReplyBytes,
                (inFlight + 1) * (largestReplyBytes + Long.BYTES + Integer.BYTES));
    }

    private static SessionTimes drawTimes(SimRandom random, int longestTimeoutMs) {
        int timeoutMs = longestTimeoutMs * random.oneOf(6, 20, 100);
        return new SessionTimes(
                timeoutMs,
                timeoutMs / 2,
                longestTimeoutMs * random.oneOf(2, 5),
                Math.max(1, longestTimeoutMs / random.oneOf(2, 8)));
    }

    private void drawWeights(SimRandom random, FaultProfile faults) {
        for (Fault fault : Fault.values()) {
            boolean isDrawnApart =
                    FORGERIES.contains(fault)
                            || OF_SNAPSHOTS.contains(fault)
                            || fault == Fault.OLD_COPY
                            || fault == Fault.SHORT_DISK;
            if (!isDrawnApart) {
                weights.put(fault, random.chance(400) ? random.between(1, 10) : 0);
            }
        }
        for (Fault damage : List.of(Fault.BIT_ROT, Fault.MISDIRECTED_WRITE, Fault.LOST_WRITE)) {
            weights.put(damage, random.chance(250) ? 5 : 0);
        }
        weights.put(Fault.WIPED_DISK, random.chance(100) ? 2 : 0);
        weights.put(Fault.EVERYBODY_SLEEPS, random.chance(100) ? 1 : 0);
        for (Fault forgery : FORGERIES) {
            weights.put(forgery, random.chance(200) ? random.between(1, 4) : 0);
        }
        OF_SNAPSHOTS.forEach(fault -> weights.put(fault, 0));
        weights.put(Fault.SNAPSHOT_ROT, snapshots.rotWeight);
        weights.replaceAll((fault, weight) -> faults.allows(fault) ? weight : 0);
    }

    /**
     * Longest that commands keep others waiting which are behind them, where the window is small.
     */
    int backlogMs(int commands) {
        int turnMs = 2 * (forceMs + delayMs + tickMs);
        int open = Math.max(1, Math.min(openSlotLimit, openBytesLimit / COMMAND_BYTES));
        return commands / open * turnMs;
    }

    /** Longest that it takes to send so many slots of the log to whoever lacks them. */
    int catchUpMs(long slots) {
        return (int) (slots / SimulatedOutbox.SEND_BUDGET) * 3 * (forceMs + delayMs + tickMs);
    }

    /** How often this fault is picked among those that are picked. */
    int weight(Fault fault) {
        return weights.get(fault);
    }

    /** Longest time-out a follower can draw. */
    int longestTimeoutMs() {
        return 2 * electionTimeoutMs;
    }

    /** What is lost on its way to a client is missed where a sign of life of it is answered. */
    int longestSilenceMs() {
        return hasEvents ? SIGNS * sessionLimits.times().keepAliveMs() : 0;
    }

    /** How long the stopwatch may have to run until all timers have fired. */
    int longestTimerMs() {
        return hasTimers ? (int) KitMachine.AFTER_MS + 2 * sessionLimits.times().stepMs() : 0;
    }

    /** How many nodes may be gone for good, so that the others can still elect and choose. */
    int spareNodes() {
        return nodes - Math.max(prepareQuorum, acceptQuorum);
    }

    /** How many nodes there may be at once, those that joined and those that left among them. */
    int places() {
        return nodes + changes.joining;
    }

    /** The cluster as scenarios found it, with nothing that happens by itself. */
    String stageText() {
        return "nodes "
                + nodes
                + " by-hand prepareQuorum="
                + prepareQuorum
                + " acceptQuorum="
                + acceptQuorum
                + " openSlotLimit="
                + openSlotLimit
                + " openBytesLimit="
                + openBytesLimit
                + " electionTimeout="
                + electionTimeoutMs
                + " heartbeat="
                + heartbeatMs
                + " segmentBytes="
                + segmentBytes
                + (durability.valuesWait() ? "" : " " + durability.text());
    }

    @Override
    public String toString() {
        return "nodes "
                + nodes
                + ", prepareQuorum "
                + prepareQuorum
                + ", acceptQuorum "
                + acceptQuorum
                + ", openSlotLimit "
                + openSlotLimit
                + ", openBytesLimit "
                + openBytesLimit
                + ", "
                + durability.text()
                + ", election time-out "
                + electionTimeoutMs
                + " ms, force "
                + forceMs
                + " ms, delay "
                + delayMs
                + " ms, loss "
                + lossPerMille
                + ", duplicates "
                + duplicatePerMille
                + ", overtaken "
                + overtakenPerMille
                + ", ancient "
                + ancientPerMille
                + ", "
                + snapshots
                + ", "
                + changes
                + (hasTimers ? ", timers" : "")
                + (hasEvents ? ", " + sessionLimits.events() : "")
                + (leases.isOn() ? ", leases of " + leases.leaseMs() + " ms" : "")
                + ", "
                + reads;
    }
}
