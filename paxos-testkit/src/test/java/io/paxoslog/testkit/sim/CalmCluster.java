package io.paxoslog.testkit.sim;

import io.paxoslog.core.Role;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A cluster in calm weather, with two clients that write all the time, to which a test brings one
 * trouble by name. Nodes are called by letters: A leads at the start. Links are written {@code
 * A-B}, one direction of them {@code A>B}. Times are in election time-outs, the longest that can be
 * drawn.
 */
final class CalmCluster {
    private static final int SEEDS = 10;
    private static final int THINK_MS = 50;
    private static final int LIVENESS_TIMEOUTS = 10;
    private static final int WINDOW_MS = 100;

    private final Timeline timeline = new Timeline();
    private final Totals totals = new Totals();
    private final Swarm swarm;
    private final SimRandom random;
    private final World world;
    private final int first;
    private long electionsBefore;

    private CalmCluster(Swarm swarm, long seed) {
        this.swarm = swarm;
        random = new SimRandom(seed);
        world = new World(Setup.OWN, swarm, random.split(), timeline, totals, new Trace(false));
        world.beCalm(true);
        world.nodes().forEach(world::start);
        await(LIVENESS_TIMEOUTS, "is founded", world::hasLeader);
        for (int i = 0; i < swarm.clients; i++) {
            world.clients().add();
        }
        await(LIVENESS_TIMEOUTS, "serves", () -> acknowledged() > 0);
        first = world.nodes().get(0).replica().leader();
        world.beCalm(false);
        mark();
    }

    /** Plays a scenario under some seeds; at the end of each the cluster must come to rest. */
    static void play(int nodes, Consumer<CalmCluster> scenario) {
        play(SEEDS, new Swarm(nodes, 0, THINK_MS), scenario);
    }

    static void play(int seeds, Swarm swarm, Consumer<CalmCluster> scenario) {
        for (long seed = 1; seed <= seeds; seed++) {
            CalmCluster cluster = new CalmCluster(swarm, seed);
            try {
                scenario.accept(cluster);
                cluster.comesToRest();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError(
                        "seed "
                                + seed
                                + " at "
                                + cluster.timeline.nowMs()
                                + " ms: "
                                + failure.getMessage(),
                        failure);
            }
        }
    }

    private void comesToRest() {
        heal();
        world.beCalm(true);
        world.setClocksRight();
        require(LIVENESS_TIMEOUTS, "a new command is acknowledged", new Growth()::isSeen);
        world.clients().all().forEach(client -> client.finishAfter(0));
        require(LIVENESS_TIMEOUTS, "all nodes are level", this::isLevel);
        if (swarm.reads.isOn) {
            world.checkClients();
        }
    }

    private boolean isLevel() {
        long committed = world.safety().committedUpTo();
        return world.nodes().stream().allMatch(node -> node.appliedIndex() == committed);
    }

    private final class Growth {
        private final long before = acknowledged();

        boolean isSeen() {
            return acknowledged() > before;
        }
    }

    /** One node, by its letter. */
    SimulatedNode node(char letter) {
        return world.node(1 + (first - 1 + letter - 'A') % swarm.nodes);
    }

    /** Cuts these links and leaves the others as they are. */
    CalmCluster cut(String links) {
        for (String link : links.split(" ", -1)) {
            int from = node(link.charAt(0)).node();
            int to = node(link.charAt(2)).node();
            world.network().cut(from, to);
            if (link.charAt(1) == '-') {
                world.network().cut(to, from);
            }
        }
        return this;
    }

    /** Only these links pass messages from now on. */
    CalmCluster only(String links) {
        Reach reach = Reach.nobody(swarm.nodes);
        for (String link : links.isEmpty() ? new String[0] : links.split(" ", -1)) {
            int from = node(link.charAt(0)).node();
            int to = node(link.charAt(2)).node();
            reach.oneWay(from, to);
            if (link.charAt(1) == '-') {
                reach.oneWay(to, from);
            }
        }
        world.network().reshape(reach);
        return this;
    }

    /** Only nodes of one group reach one another, as in {@code AB CDE}. */
    CalmCluster split(String groups) {
        Reach reach = Reach.nobody(swarm.nodes);
        for (String group : groups.split(" ", -1)) {
            for (int i = 0; i < group.length(); i++) {
                for (int j = 0; j < i; j++) {
                    reach.link(node(group.charAt(i)).node(), node(group.charAt(j)).node());
                }
            }
        }
        world.network().reshape(reach);
        return this;
    }

    CalmCluster heal() {
        world.network().heal();
        return this;
    }

    /** Starts a node again after some time. */
    void restartLater(SimulatedNode node, int timeouts) {
        timeline.after((long) timeouts * swarm.longestTimeoutMs(), () -> world.start(node));
    }

    /** Starts a node again that was killed. */
    void restart(char letter) {
        world.start(node(letter));
    }

    /** Things that take links apart by themselves. */
    Outages outages() {
        return new Outages(swarm, world.network(), random.split(), timeline, totals);
    }

    /** While clients are silent they ask for nothing. */
    CalmCluster beSilent(boolean silent) {
        world.clients().all().forEach(client -> client.beSilent(silent));
        return this;
    }

    /** So much happens, and no more. */
    CalmCluster steps(int count) {
        for (int i = 0; i < count; i++) {
            timeline.step();
        }
        return this;
    }

    /** How often clients were answered a read in one of these modes. */
    long reads(Deed... modes) {
        return Stream.of(modes).mapToLong(totals::times).sum();
    }

    /** From now on clients read from one node whatever any may answer; null: from all. */
    CalmCluster readFrom(Character letter) {
        String address = letter == null ? null : ClientNetwork.addressOf(node(letter).node());
        world.clients().all().forEach(client -> client.readFrom(address));
        return this;
    }

    World world() {
        return world;
    }

    long nowMs() {
        return timeline.nowMs();
    }

    static int timeoutMs() {
        return new Swarm(1, 0, THINK_MS).longestTimeoutMs();
    }

    /** Lets time pass. */
    CalmCluster run(double timeouts) {
        runUntil(timeline.nowMs() + (long) (timeouts * swarm.longestTimeoutMs()));
        return this;
    }

    CalmCluster runUntil(long atMs) {
        while (timeline.nowMs() < atMs) {
            timeline.step();
        }
        return this;
    }

    /** Lets time pass until something holds, which must be soon. */
    CalmCluster require(double timeouts, String what, BooleanSupplier condition) {
        await(timeouts, what, condition);
        return this;
    }

    private void await(double timeouts, String what, BooleanSupplier condition) {
        long deadline = timeline.nowMs() + (long) (timeouts * swarm.longestTimeoutMs());
        while (!condition.getAsBoolean()) {
            if (timeline.nowMs() > deadline) {
                throw new AssertionError(
                        "not within " + timeouts + " time-outs: " + what + "; " + roles());
            }
            timeline.step();
        }
    }

    private String roles() {
        StringBuilder roles = new StringBuilder();
        for (char letter = 'A'; letter < 'A' + swarm.nodes; letter++) {
            roles.append(letter)
                    .append(' ')
                    .append(node(letter).replica().role().name().toLowerCase(Locale.ROOT))
                    .append(' ');
        }
        return roles.toString();
    }

    /** Whether this node, and no one under a higher ballot, leads and takes commands. */
    boolean leads(char letter) {
        return leader() == letter && node(letter).replica().takesCommands();
    }

    /** The node that leads under the highest ballot; '-' when nobody leads. */
    char leader() {
        char leader = '-';
        for (char letter = 'A'; letter < 'A' + swarm.nodes; letter++) {
            boolean isLeading =
                    node(letter).isUp() && node(letter).replica().role() == Role.LEADING;
            if (isLeading && (leader == '-' || ballot(letter) > ballot(leader))) {
                leader = letter;
            }
        }
        return leader;
    }

    private long ballot(char letter) {
        return node(letter).replica().ballot();
    }

    /** From now on leader changes are counted. */
    void mark() {
        electionsBefore = totals.elections();
    }

    /** Elections won since the mark. */
    long leaderChanges() {
        return totals.elections() - electionsBefore;
    }

    /** Commands that clients know to have taken effect. */
    long acknowledged() {
        return world.reference().acknowledged();
    }

    /** Runs, and tells in how many of the windows of 100 ms a command was acknowledged. */
    double shareServed(double timeouts) {
        long end = timeline.nowMs() + (long) (timeouts * swarm.longestTimeoutMs());
        int windows = 0;
        int served = 0;
        while (timeline.nowMs() < end) {
            Growth growth = new Growth();
            runUntil(timeline.nowMs() + WINDOW_MS);
            windows++;
            served += growth.isSeen() ? 1 : 0;
        }
        return (double) served / windows;
    }
}
