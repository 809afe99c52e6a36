package io.paxoslog.testkit.sim;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.KnownVersions;
import io.paxoslog.core.NonceKey;
import io.paxoslog.core.ReplicaConfig;
import io.paxoslog.core.Role;
import io.paxoslog.core.Snapshots;
import io.paxoslog.log.JournalException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Nodes, their clocks and disks, the network between them and clients, on one {@link Timeline}. */
final class World implements NodeHost {
    private static final long WALL_START_MS = 1_700_000_000_000L;
    private static final int WALL_ERROR_MS = 60_000;

    private final Swarm swarm;
    private final SimRandom random;
    private final Timeline timeline;
    private final Totals totals;
    private final Trace trace;
    private final Narrator narrator;
    private final Safety safety;
    private final SimulatedNetwork network;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<DiskDriver> disks = new ArrayList<>();
    private final List<ApplyDriver> appliers = new ArrayList<>();
    private final List<SnapshotDriver> snapshots = new ArrayList<>();
    private final ClientNetwork clientNetwork;
    private final Application application;
    private final KnownVersions versions;
    private final Reference reference;
    private final int[] starts;
    private final Deque<Envelope> toSelf = new ArrayDeque<>();
    private final Pauses pauses;
    private final ClientCrowd clients;
    private final List<NodeClocks> clocks = new ArrayList<>();
    private final TimeOracle timeOracle;
    private final RoundOracle roundOracle;
    private final Forger forger;
    private final OldCopyOracle oldCopies = new OldCopyOracle();
    private Watcher watcher = new Watcher() {};
    private BiConsumer<SimulatedNode, JournalException> diskFailures = (node, why) -> {};
    private Consumer<SimulatedNode> powerLosses = node -> {};
    private Consumer<SimulatedNode> removals = node -> {};
    private final SimRandom ofChanges;
    private boolean isCalm;

    World(
            Setup setup,
            Swarm swarm,
            SimRandom random,
            Timeline timeline,
            Totals totals,
            Trace trace) {
        this.swarm = swarm;
        this.random = random;
        this.timeline = timeline;
        this.totals = totals;
        this.trace = trace;
        narrator = new Narrator(trace, timeline);
        pauses = new Pauses(timeline, swarm.nodes);
        ofChanges = swarm.changes.split();
        trace.done(swarm::stageText);
        application =
                setup.isOwn()
                        ? new KitApplication(
                                swarm.paddingBytes,
                                swarm.snapshots.isFrozen,
                                swarm.hasTimers,
                                swarm.hasEvents)
                        : setup.application().get();
        versions = KnownVersions.OF_BUILD.withApplication(application.machine().newestVersion());
        reference = new Reference(application, swarm.sessionLimits, setup.isReferenceStrict());
        safety = new Safety(swarm.nodes, reference);
        clientNetwork = new ClientNetwork(this, swarm, random.split(), timeline, totals, narrator);
        clients =
                new ClientCrowd(
                        swarm,
                        random,
                        timeline,
                        totals,
                        pauses,
                        this::isCalm,
                        application,
                        reference,
                        setup.isOwn() ? new History() : null,
                        clientNetwork);
        starts = new int[swarm.places() + 1];
        timeOracle = new TimeOracle(timeline, clocks, () -> safety.terms().fewestMembers() == 1);
        roundOracle = new RoundOracle(this, timeline);
        network = new SimulatedNetwork(swarm, random.split(), timeline, totals, this::arrived);
        for (int id = 1; id <= swarm.nodes; id++) {
            addNode(id);
        }
        forger = new Forger(this, random.split(), totals);
    }

    private void addNode(int id) {
        SimulatedNode node =
                new SimulatedNode(
                        id, swarm.durability, safety, swarm.segmentBytes, this::configOf, this);
        nodes.add(node);
        disks.add(new DiskDriver(swarm, random.split(), timeline, node, () -> settle(node)));
        appliers.add(new ApplyDriver(this, swarm, random.split(), timeline, totals, node));
        snapshots.add(new SnapshotDriver(this, timeline, totals, node));
        long wallMs = WALL_START_MS + random.below(WALL_ERROR_MS);
        clocks.add(new NodeClocks(timeline, random.below(1_000_000), wallMs));
        gain(node, random.below(2 * swarm.clockErrorPerMille + 1) - swarm.clockErrorPerMille);
        timeline.after(random.below(swarm.tickMs + 1), () -> tick(node));
    }

    /** One node more, on an empty directory, which waits to be started and made a member. */
    SimulatedNode join() {
        trace.done(() -> "join " + (nodes.size() + 1));
        pauses.joined();
        network.joined();
        addNode(nodes.size() + 1);
        return nodes.get(nodes.size() - 1);
    }

    /** Whether it was no founder. */
    boolean isJoining(SimulatedNode node) {
        return node.node() > swarm.nodes;
    }

    /** Whether there is such a node yet. */
    boolean isThere(int id) {
        return id <= nodes.size();
    }

    /** A node is told of another one, and goes on with it. */
    void hint(SimulatedNode node, SimulatedNode other) {
        node.hint(other.node(), addressOf(other.node()));
        settle(node);
    }

    private String addressOf(int id) {
        return swarm.changes.isOn ? ClientNetwork.addressOf(id) : "node-" + id;
    }

    private ReplicaConfig configOf(SimulatedNode node) {
        List<ReplicaConfig.Voter> voters = new ArrayList<>();
        for (int id : hintsOf(node)) {
            voters.add(new ReplicaConfig.Voter(id, addressOf(id)));
        }
        long seed = random.next();
        boolean isFounding = voters.size() == swarm.nodes && !isJoining(node);
        int most = voters.size();
        ReplicaConfig config =
                configOf(
                        node,
                        voters,
                        seed,
                        isFounding ? swarm.prepareQuorum : ReplicaConfig.majorityOf(most),
                        isFounding ? swarm.acceptQuorum : ReplicaConfig.majorityOf(most));
        return (isJoining(node) ? config.joining() : config).knowing(versions);
    }

    /**
     * The members that a node is started with: as at its first start, or as whoever starts it knows
     * them now. Before the founding all are started alike.
     */
    private NavigableSet<Integer> hintsOf(SimulatedNode node) {
        NavigableSet<Integer> hints = new TreeSet<>();
        boolean isFounder = !isJoining(node);
        if (isFounder) {
            IntStream.rangeClosed(1, swarm.nodes).forEach(hints::add);
        } else {
            hints.add(node.node());
        }
        boolean mayKnowMore = !isFounder || (node.isFounded() && !node.disk().damage().isDone());
        boolean knowsMore =
                swarm.changes.isOn
                        && mayKnowMore
                        && (isCalm || ofChanges.chance(swarm.changes.hintPerMille));
        for (SimulatedNode other : nodes) {
            boolean isMember = safety.terms().newest().holds(other.node());
            if (knowsMore || (!isFounder && isMember)) {
                hints.add(other.node());
            }
        }
        return hints;
    }

    private ReplicaConfig configOf(
            SimulatedNode node,
            List<ReplicaConfig.Voter> voters,
            long seed,
            int prepareQuorum,
            int acceptQuorum) {
        return new ReplicaConfig(
                        node.member(),
                        voters,
                        prepareQuorum,
                        acceptQuorum,
                        swarm.openSlotLimit,
                        swarm.openBytesLimit,
                        swarm.electionTimeoutMs,
                        swarm.heartbeatMs,
                        seed,
                        new NonceKey(seed, ~seed),
                        1 + (random.next() >>> 8))
                .leasing(swarm.leases.leaseMs(), swarm.leases.leaseMs());
    }

    private long clock(SimulatedNode node) {
        return clocks(node).nowMs();
    }

    /** The clocks of a node's machine. */
    NodeClocks clocks(SimulatedNode node) {
        return clocks.get(node.node() - 1);
    }

    /** From now on a node's monotonic clock gains so much, or loses it when negative. */
    void gain(SimulatedNode node, int perMille) {
        clocks(node).gain(swarm.leases.bounded(perMille));
        if (perMille != 0) {
            totals.count(perMille > 0 ? Fault.FAST_CLOCK : Fault.SLOW_CLOCK);
        }
    }

    private void tick(SimulatedNode node) {
        if (!isPaused(node)) {
            node.tick(clock(node), clocks(node).wallNs());
            if (node.isUp()) {
                service(node).desk().onTick(clock(node), clocks(node).wallNs());
                snapshots.get(node.node() - 1).onTick(clock(node));
            }
            settle(node);
        }
        long pause = pausedForMs(node);
        // A process that wakes up may hear for a while before it looks at the time.
        long wake = pause > 0 ? pause + random.below(2 * swarm.tickMs) : 0;
        timeline.after(Math.max(wake, swarm.tickMs), () -> tick(node));
    }

    /** What a node says to itself it hears right after; then its disk gets to work. */
    void settle(SimulatedNode node) {
        hearSelf(node);
        if (node.isUp()) {
            service(node).turn();
            hearSelf(node);
            appliers.get(node.node() - 1).look();
            hearSelf(node);
        }
        if (node.isUp()) {
            snapshots.get(node.node() - 1).look();
            hearSelf(node);
        }
        disks.get(node.node() - 1).look();
    }

    private void hearSelf(SimulatedNode node) {
        while (!toSelf.isEmpty()) {
            node.hear(toSelf.poll());
        }
    }

    /** A stranger sends this. */
    void forged(Envelope envelope) {
        arrived(envelope);
    }

    /** Whoever sends under others' names. */
    Forger forger() {
        return forger;
    }

    private void arrived(Envelope envelope) {
        if (!isThere(envelope.toNode())) {
            return;
        }
        SimulatedNode node = node(envelope.toNode());
        if (isPaused(node)) {
            if (!isCalm && random.chance(swarm.lossPerMille)) {
                totals.count(Fault.LOST_MESSAGE);
                return;
            }
            timeline.after(pausedForMs(node) + random.below(swarm.tickMs), () -> arrived(envelope));
            return;
        }
        totals.countEvent();
        narrator.arrived(envelope);
        node.hear(envelope);
        settle(node);
    }

    /** Says who hears what nodes do; before the first of them starts. */
    void watchedBy(Watcher newWatcher) {
        watcher = newWatcher;
        watcher.settings(
                swarm.nodes,
                swarm.prepareQuorum,
                swarm.acceptQuorum,
                swarm.openSlotLimit,
                swarm.durability.valuesWait());
    }

    @Override
    public void hears(SimulatedNode node, Envelope envelope) {
        oldCopies.heard(node, envelope);
        watcher.hears(node, envelope);
        forger.hears(envelope.message());
    }

    @Override
    public void said(SimulatedNode node, Envelope envelope) {
        watcher.said(node, envelope);
    }

    @Override
    public void done(SimulatedNode node, Supplier<String> command) {
        trace.done(command);
    }

    @Override
    public void left(SimulatedNode node, Envelope envelope) {
        watcher.left(node, envelope);
        if (envelope.message() instanceof Message.Accept accept) {
            timeOracle.proposes(accept.slots());
        }
        if (envelope.isToSelf()) {
            toSelf.add(envelope);
        } else {
            network.send(envelope);
        }
        narrator.left(envelope);
    }

    @Override
    public void committed(SimulatedNode node, BatchCopy batch) {
        watcher.committed(node, batch);
        narrator.committed(node.node(), batch);
    }

    @Override
    public void read(SimulatedNode node, ReadKind kind, long index) {
        totals.count(
                switch (kind) {
                    case INDEX -> Deed.READ_BY_INDEX;
                    case QUORUM -> Deed.READ_BY_QUORUM;
                    case LEASE -> Deed.READ_BY_LEASE;
                });
        narrator.read(node.node(), kind, index);
    }

    @Override
    public boolean judgesReads() {
        return reference.isStrict();
    }

    @Override
    public void written(SimulatedNode node, JournalRecord entry) {
        watcher.written(node, entry);
        roundOracle.written(node, entry);
        narrator.written(node.node(), entry);
    }

    @Override
    public void role(SimulatedNode node, Role role, long ballot, int leader, String why) {
        watcher.role(node, role, ballot);
        if (role == Role.LEADING) {
            totals.countElection();
        }
        narrator.role(node.node(), role, ballot, leader, why);
    }

    /** Says who hears when a node stops as the cluster goes on without it. */
    void onRemoval(Consumer<SimulatedNode> listener) {
        removals = listener;
    }

    @Override
    public void removed(SimulatedNode node, String why) {
        narrator.removed(node.node(), why);
        safety.removed(node.node());
        removals.accept(node);
    }

    /** Who decides what becomes of a node whose disk failed it. */
    void onDiskFailure(BiConsumer<SimulatedNode, JournalException> listener) {
        diskFailures = listener;
    }

    /** Says who hears when a disk that was told to lose power in the middle of a call does so. */
    void onPowerLoss(Consumer<SimulatedNode> listener) {
        powerLosses = listener;
    }

    @Override
    public void powerLost(SimulatedNode node) {
        powerLosses.accept(node);
    }

    @Override
    public void diskFailed(SimulatedNode node, JournalException why) {
        narrator.diskFailed(node.node(), why);
        diskFailures.accept(node, why);
    }

    @Override
    public void mustStop(SimulatedNode node, String why) {
        narrator.mustStop(node.node(), why);
        if (node.isOriginal()) {
            throw new SafetyViolation(
                    "node " + node.node() + " must stop, though nothing is wrong with it: " + why);
        }
    }

    @Override
    public void warning(SimulatedNode node, String what) {
        narrator.warning(node.node(), what);
    }

    @Override
    public int chunkBytes() {
        return swarm.snapshots.chunkBytes;
    }

    @Override
    public Snapshots snapshotsOf(SimulatedNode node) {
        return snapshots.get(node.node() - 1).restarted();
    }

    @Override
    public void jumped(SimulatedNode node, long slot) {
        narrator.snapshot(node.node(), "jumps to", slot);
    }

    /** A node did something with a snapshot. */
    void told(SimulatedNode node, Deed deed, long slot) {
        totals.count(deed);
        narrator.snapshot(node.node(), deed.toString(), slot);
    }

    @Override
    public NodeService serviceOf(SimulatedNode node) {
        if (node.disk().isCompacted()) {
            told(node, Deed.START_FROM_A_COMPACTED_JOURNAL, node.firstAppliedAbove());
        }
        String name = "node " + node.node() + " in its start " + ++starts[node.node()];
        return new SimulatedService(
                node,
                name,
                application,
                swarm.sessionLimits,
                reference,
                clientNetwork.linksFrom(node.node()),
                appliers.get(node.node() - 1).restarted(),
                snapshots.get(node.node() - 1),
                () -> totals.count(Fault.APPLY_BEHIND),
                clientNetwork,
                () -> clock(node));
    }

    @Override
    public void proposed(SimulatedNode node, int entries) {
        narrator.proposed(node.node(), entries);
    }

    /** What stands above a node that is up. */
    SimulatedService service(SimulatedNode node) {
        return (SimulatedService) node.service();
    }

    /** Whether one node leads and all others follow it. */
    boolean hasLeader() {
        int leader = nodes.get(0).replica().leader();
        return leader != 0
                && node(leader).replica().takesCommands()
                && nodes.stream().allMatch(node -> node.replica().leader() == leader);
    }

    /** Nodes that ever were there. */
    List<SimulatedNode> started() {
        return nodes.stream().filter(node -> node.replica() != null).toList();
    }

    /** The highest round of any node's ballot. */
    long highestRound() {
        return started().stream()
                .mapToLong(node -> Ballot.round(node.replica().ballot()))
                .max()
                .orElse(0);
    }

    /** Starts a node, for the first time or again. */
    void start(SimulatedNode node) {
        disks.get(node.node() - 1).restarted();
        clocks(node).restart(random.below(1_000));
        narrator.restarted(node.node());
        roundOracle.starts();
        JournalException refused = node.start(clock(node), clocks(node).wallNs());
        oldCopies.started(node, nodes);
        if (refused != null) {
            diskFailed(node, refused);
        } else if (!node.hasForgotten()) {
            watcher.started(node);
        }
        settle(node);
    }

    /**
     * Freezes a process: it hears nothing and its time stands still, but what comes waits for it.
     */
    void pause(SimulatedNode node, long untilMs) {
        pauses.pause(node.node(), untilMs);
    }

    /**
     * Freezes a whole machine: its monotonic clock stands still, too, where nothing rests on the
     * clocks.
     */
    void sleep(SimulatedNode node, long untilMs) {
        if (!swarm.leases.isOn()) {
            clocks(node).standStillUntil(untilMs);
        }
        pause(node, untilMs);
    }

    /** A node looks at its clock, and answers those reads for which it holds a lease. */
    void answerLeased(SimulatedNode node) {
        totals.count(Deed.LEASE_RAN_OUT_WHILE_READ, node.answerLeased(clock(node)));
    }

    long pausedForMs(SimulatedNode node) {
        return pauses.leftMs(node.node());
    }

    boolean isPaused(SimulatedNode node) {
        return pauses.isPaused(node.node());
    }

    /** From now on all clocks run alike. */
    void setClocksRight() {
        clocks.forEach(clock -> clock.gain(0));
    }

    boolean isAnyonePaused() {
        return pauses.isAnyonePaused();
    }

    boolean isCalm() {
        return isCalm;
    }

    /** From now on nothing goes wrong by chance, or again as the swarm says. */
    void beCalm(boolean calm) {
        isCalm = calm;
        network.beCalm(calm);
    }

    /** Lets no call of a node's state machine return before that. */
    void stickApply(SimulatedNode node, long untilMs) {
        if (swarm.appliesInTurn) {
            pause(node, untilMs);
        } else {
            appliers.get(node.node() - 1).stuckUntil(untilMs);
        }
    }

    /** Makes a node's forces slow for a while. */
    void slowDisk(SimulatedNode node, long untilMs) {
        disks.get(node.node() - 1).slowUntil(untilMs);
    }

    /** Lets no force of a node's disk end before that. */
    void hangDisk(SimulatedNode node, long untilMs) {
        disks.get(node.node() - 1).hangUntil(untilMs);
    }

    SimulatedNetwork network() {
        return network;
    }

    SimulatedNode node(int id) {
        return nodes.get(id - 1);
    }

    List<SimulatedNode> nodes() {
        return nodes;
    }

    ClientCrowd clients() {
        return clients;
    }

    Reference reference() {
        return reference;
    }

    /** What is checked at the end; returns the number of keys whose check was given up. */
    int checkClients() {
        nodes.stream().filter(SimulatedNode::isUp).forEach(n -> service(n).checkKeptReplies());
        return clients.check();
    }

    /** What becomes of the time that leaders stamp. */
    TimeOracle timeOracle() {
        return timeOracle;
    }

    Safety safety() {
        return safety;
    }

    Swarm swarm() {
        return swarm;
    }
}
