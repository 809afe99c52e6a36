package io.paxoslog.testkit.sim;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.ReplicaConfig;
import io.paxoslog.core.Role;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Nodes, their clocks and disks, the network between them and clients, on one {@link Timeline}. */
final class World implements NodeHost {
    private static final long WALL_START_MS = 1_700_000_000_000L;
    private static final int WALL_ERROR_MS = 60_000;

    private final Swarm swarm;
    private final SimRandom random;
    private final Timeline timeline;
    private final Totals totals;
    private final Trace trace;
    private final Safety safety;
    private final SimulatedNetwork network;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<DiskDriver> disks = new ArrayList<>();
    private final List<ModelClient> clients = new ArrayList<>();
    private final Map<Long, ModelClient> clientOfSession = new HashMap<>();
    private final Deque<Envelope> toSelf = new ArrayDeque<>();
    private final long[] pausedUntilMs;
    private final List<NodeClocks> clocks = new ArrayList<>();
    private boolean isCalm;

    World(Swarm swarm, SimRandom random, Timeline timeline, Totals totals, Trace trace) {
        this.swarm = swarm;
        this.random = random;
        this.timeline = timeline;
        this.totals = totals;
        this.trace = trace;
        safety = new Safety(swarm.nodes, swarm.acceptQuorum, swarm.openSlotLimit);
        trace.done(swarm::stageText);
        network = new SimulatedNetwork(swarm, random.split(), timeline, totals, this::arrived);
        pausedUntilMs = new long[swarm.nodes + 1];
        for (int id = 1; id <= swarm.nodes; id++) {
            addNode(id);
        }
    }

    private void addNode(int id) {
        SimulatedNode node =
                new SimulatedNode(id, swarm.nodes, swarm.valuesWait, safety, this::configOf, this);
        nodes.add(node);
        disks.add(new DiskDriver(swarm, random.split(), timeline, node, () -> settle(node)));
        long wallMs = WALL_START_MS + random.below(WALL_ERROR_MS);
        clocks.add(new NodeClocks(timeline, random.below(1_000_000), wallMs));
        gain(node, random.below(2 * swarm.clockErrorPerMille + 1) - swarm.clockErrorPerMille);
        timeline.after(random.below(swarm.tickMs + 1), () -> tick(node));
    }

    private ReplicaConfig configOf(SimulatedNode node) {
        List<ReplicaConfig.Voter> voters = new ArrayList<>();
        for (int id = 1; id <= swarm.nodes; id++) {
            voters.add(new ReplicaConfig.Voter(id, "node-" + id));
        }
        return new ReplicaConfig(
                node.member(),
                voters,
                swarm.prepareQuorum,
                swarm.acceptQuorum,
                swarm.openSlotLimit,
                swarm.openBytesLimit,
                swarm.electionTimeoutMs,
                swarm.heartbeatMs,
                random.next(),
                1 + (random.next() >>> 8));
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
        clocks(node).gain(perMille);
        if (perMille != 0) {
            totals.count(perMille > 0 ? Fault.FAST_CLOCK : Fault.SLOW_CLOCK);
        }
    }

    private void tick(SimulatedNode node) {
        if (!isPaused(node)) {
            node.tick(clock(node));
            settle(node);
        }
        long pause = pausedUntilMs[node.node()] - timeline.nowMs();
        // A process that wakes up may hear for a while before it looks at the time.
        long wake = pause > 0 ? pause + random.below(2 * swarm.tickMs) : 0;
        timeline.after(Math.max(wake, swarm.tickMs), () -> tick(node));
    }

    /** What a node says to itself it hears right after; then its disk gets to work. */
    private void settle(SimulatedNode node) {
        while (!toSelf.isEmpty()) {
            node.hear(toSelf.poll());
        }
        disks.get(node.node() - 1).look();
    }

    private void arrived(Envelope envelope) {
        SimulatedNode node = node(envelope.toNode());
        if (isPaused(node)) {
            if (!isCalm && random.chance(swarm.lossPerMille)) {
                totals.count(Fault.LOST_MESSAGE);
                return;
            }
            long pause = pausedUntilMs[node.node()] - timeline.nowMs();
            timeline.after(pause + random.below(swarm.tickMs), () -> arrived(envelope));
            return;
        }
        totals.countEvent();
        trace.event(
                1,
                envelope.fromNode(),
                envelope.toNode(),
                timeline.nowMs(),
                () ->
                        "# "
                                + timeline.nowMs()
                                + " ms: "
                                + envelope.message().text()
                                + "\ndeliver "
                                + envelope.message().name()
                                + " "
                                + envelope.link());
        node.hear(envelope);
        settle(node);
    }

    @Override
    public void done(SimulatedNode node, Supplier<String> command) {
        trace.done(command);
    }

    @Override
    public void left(SimulatedNode node, Envelope envelope) {
        if (envelope.isToSelf()) {
            toSelf.add(envelope);
        } else {
            network.send(envelope);
        }
        trace.event(
                2,
                envelope.fromNode(),
                envelope.toNode(),
                envelope.clusterId(),
                () -> "  " + envelope.link() + " " + envelope.message().text());
    }

    @Override
    public void committed(SimulatedNode node, BatchCopy batch) {
        trace.event(
                3,
                node.node(),
                batch.lastSlot(),
                batch.value(batch.firstSlot()),
                () -> "  " + node.node() + " commits " + batch.text());
    }

    @Override
    public void written(SimulatedNode node, JournalRecord entry) {
        trace.event(
                4,
                node.node(),
                entry.lengthBytes(),
                0,
                () -> "  " + node.node() + " writes " + entry.text());
    }

    @Override
    public void role(SimulatedNode node, Role role, long ballot, int leader, String why) {
        if (role == Role.LEADING) {
            totals.countElection();
        }
        trace.event(
                5,
                node.node(),
                leader,
                ballot + role.name().hashCode(),
                () ->
                        "  "
                                + node.node()
                                + " "
                                + role
                                + " b="
                                + Ballot.text(ballot)
                                + " leader="
                                + leader
                                + ": "
                                + why);
    }

    @Override
    public void mustStop(SimulatedNode node, String why) {
        trace.event(6, node.node(), 0, 0, () -> "  " + node.node() + " must stop: " + why);
        if (node.isOriginal()) {
            throw new SafetyViolation(
                    "node " + node.node() + " must stop, though nothing is wrong with it: " + why);
        }
    }

    /** Adds a client, which works until it is told to finish. */
    ModelClient addClient() {
        ModelClient client =
                new ModelClient(clients.size(), swarm, random.split(), safety, this::request);
        clients.add(client);
        timeline.after(random.below(swarm.thinkMs + 1), () -> step(client));
        return client;
    }

    private void step(ModelClient client) {
        if (!client.hasFinished()) {
            client.step(timeline.nowMs());
            long nextMs = untilSomeoneWakes() + 1 + random.below(swarm.thinkMs);
            timeline.after(nextMs, () -> step(client));
        }
    }

    /** Where all processes stand still, clients have nobody to ask. */
    private long untilSomeoneWakes() {
        long wakesMs = Long.MAX_VALUE;
        for (SimulatedNode node : nodes) {
            wakesMs = Math.min(wakesMs, pausedUntilMs[node.node()]);
        }
        return Math.max(0, wakesMs - timeline.nowMs());
    }

    private void request(ModelClient client, int to, List<Command> commands) {
        if (!isCalm && random.chance(swarm.lossPerMille)) {
            totals.count(Fault.LOST_REQUEST);
            return;
        }
        timeline.after(
                random.below(swarm.delayMs + 1), () -> requested(client, node(to), commands));
    }

    private void requested(ModelClient client, SimulatedNode node, List<Command> commands) {
        if (!node.isUp()) {
            return;
        }
        if (isPaused(node)) {
            requestedAfterPause(client, node, commands);
            return;
        }
        totals.countEvent();
        trace.event(
                7,
                client.id(),
                node.node(),
                commands.size(),
                () ->
                        "# client "
                                + client.id()
                                + " at "
                                + timeline.nowMs()
                                + " ms\npropose "
                                + node.node()
                                + " "
                                + commands.stream().map(Command::text).toList());
        if (!node.replica().takesCommands()) {
            int leader = node.replica().leader();
            timeline.after(
                    random.below(swarm.delayMs + 1),
                    () -> client.redirected(leader, timeline.nowMs()));
            return;
        }
        propose(node, commands);
        settle(node);
    }

    /** What came late in a pause still lies before the node when it wakes up. */
    private void requestedAfterPause(
            ModelClient client, SimulatedNode node, List<Command> commands) {
        long pause = pausedUntilMs[node.node()] - timeline.nowMs();
        if (pause <= 2L * swarm.longestTimeoutMs()) {
            timeline.after(
                    pause + random.below(swarm.tickMs), () -> requested(client, node, commands));
        }
    }

    private void propose(SimulatedNode node, List<Command> commands) {
        long timestamp = clocks(node).wallNs();
        int next = 0;
        while (next < commands.size()) {
            int end =
                    Math.min(
                            commands.size(),
                            next + Math.min(swarm.openSlotLimit, swarm.commandsPerRequest));
            List<byte[]> entries =
                    commands.subList(next, end).stream().map(Command::encode).toList();
            if (!node.propose(timestamp, entries)) {
                return;
            }
            next = end;
        }
    }

    @Override
    public void replied(SimulatedNode node, ModelApplier.Reply reply) {
        if (node.replica().role() != Role.LEADING) {
            return;
        }
        if (!isCalm && random.chance(swarm.lossPerMille)) {
            totals.count(Fault.LOST_REPLY);
            return;
        }
        timeline.after(random.below(swarm.delayMs + 1), () -> deliverReply(reply));
    }

    private void deliverReply(ModelApplier.Reply reply) {
        boolean opens = reply.outcome() == ModelApplier.Outcome.OPENED;
        ModelClient client =
                opens
                        ? clients.get((int) reply.command().session())
                        : clientOfSession.get(reply.command().session());
        if (client == null) {
            return;
        }
        totals.countEvent();
        client.replied(reply);
        clientOfSession.put(client.session(), client);
    }

    /** Whether one node leads and all others follow it. */
    boolean hasLeader() {
        int leader = nodes.get(0).replica().leader();
        return leader != 0
                && node(leader).replica().takesCommands()
                && nodes.stream().allMatch(node -> node.replica().leader() == leader);
    }

    /** The highest round of any node's ballot. */
    long highestRound() {
        return nodes.stream()
                .mapToLong(node -> Ballot.round(node.replica().ballot()))
                .max()
                .orElse(0);
    }

    /** Starts a node, for the first time or again. */
    void start(SimulatedNode node) {
        disks.get(node.node() - 1).restarted();
        clocks(node).restart(random.below(1_000));
        trace.event(8, node.node(), 0, timeline.nowMs(), () -> "restart " + node.node());
        node.start(clock(node));
        settle(node);
    }

    /**
     * Freezes a process: it hears nothing and its time stands still, but what comes waits for it.
     */
    void pause(SimulatedNode node, long untilMs) {
        pausedUntilMs[node.node()] = Math.max(pausedUntilMs[node.node()], untilMs);
    }

    /** Freezes a whole machine: its monotonic clock stands still, too. */
    void sleep(SimulatedNode node, long untilMs) {
        clocks(node).standStillUntil(untilMs);
        pause(node, untilMs);
    }

    boolean isPaused(SimulatedNode node) {
        return timeline.nowMs() < pausedUntilMs[node.node()];
    }

    /** From now on all clocks run alike. */
    void setClocksRight() {
        clocks.forEach(clock -> clock.gain(0));
    }

    boolean isAnyonePaused() {
        return nodes.stream().anyMatch(this::isPaused);
    }

    /** From now on nothing goes wrong by chance, or again as the swarm says. */
    void beCalm(boolean calm) {
        isCalm = calm;
        network.beCalm(calm);
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

    List<ModelClient> clients() {
        return clients;
    }

    Safety safety() {
        return safety;
    }

    Swarm swarm() {
        return swarm;
    }
}
