package io.paxoslog.testkit.sim;

import java.util.function.Consumer;

/** Carries messages between nodes, badly: late, out of order, more than once, or not at all. */
final class SimulatedNetwork {
    private static final int MOST_COPIES = 5;
    private static final long HOUR_MS = 3_600_000;
    private static final int OVERTAKEN_BY_TIMEOUTS = 4;
    private static final int LONGEST_DELAY_BITS = 22;

    private final Swarm swarm;
    private final SimRandom random;
    private final Timeline timeline;
    private final Totals totals;
    private final Consumer<Envelope> receiver;
    private final Link[][] links;
    private boolean isCalm;
    private int healings;
    private int nodes;

    SimulatedNetwork(
            Swarm swarm,
            SimRandom random,
            Timeline timeline,
            Totals totals,
            Consumer<Envelope> receiver) {
        this.swarm = swarm;
        this.random = random;
        this.timeline = timeline;
        this.totals = totals;
        this.receiver = receiver;
        links = new Link[swarm.places() + 1][swarm.places() + 1];
        nodes = swarm.nodes;
        for (int from = 1; from <= swarm.places(); from++) {
            for (int to = 1; to <= swarm.places(); to++) {
                links[from][to] = new Link(swarm, random);
            }
        }
    }

    /** There is one node more, which everybody reaches. */
    void joined() {
        nodes++;
    }

    /** How many nodes there are. */
    int nodes() {
        return nodes;
    }

    /** A quiet network loses and delays nothing, what is late already comes later; cuts stay. */
    void beCalm(boolean calm) {
        isCalm = calm;
        for (int from = 1; from <= nodes; from++) {
            for (int to = 1; to <= nodes; to++) {
                links[from][to].forgetOrder();
            }
        }
    }

    /** Takes a message; 0 to 5 copies of it arrive, some time. */
    void send(Envelope envelope) {
        Link link = links[envelope.fromNode()][envelope.toNode()];
        if (link.isCut()) {
            return;
        }
        if (isCalm) {
            arriveAfter(quietDelay(link), envelope);
            return;
        }
        for (int copies = copies(link); copies > 0; copies--) {
            arriveAfter(delay(link), envelope);
        }
    }

    private void arriveAfter(long delayMs, Envelope envelope) {
        timeline.after(delayMs, () -> receiver.accept(envelope));
    }

    private int copies(Link link) {
        if (random.chance(link.lossPerMille)) {
            totals.count(Fault.LOST_MESSAGE);
            return 0;
        }
        if (random.chance(link.duplicatePerMille)) {
            totals.count(Fault.DUPLICATE);
            return random.between(2, MOST_COPIES);
        }
        return 1;
    }

    private long quietDelay(Link link) {
        return link.inOrder(timeline.nowMs() + random.below(swarm.delayMs + 1)) - timeline.nowMs();
    }

    private long delay(Link link) {
        if (random.chance(swarm.ancientPerMille)) {
            totals.count(Fault.ANCIENT_MESSAGE);
            return Math.min(HOUR_MS, 1L << random.between(5, LONGEST_DELAY_BITS));
        }
        if (random.chance(swarm.overtakenPerMille)) {
            totals.count(Fault.OVERTAKEN_MESSAGE);
            return random.below(OVERTAKEN_BY_TIMEOUTS * swarm.electionTimeoutMs);
        }
        long delay = link.slowMs + link.nextDelay(random);
        if (link.slowMs > 0) {
            totals.count(Fault.SLOW_LINK);
        }
        if (link.wasLate()) {
            totals.count(Fault.LATE_MESSAGE);
        }
        return swarm.keepsOrder ? link.inOrder(timeline.nowMs() + delay) - timeline.nowMs() : delay;
    }

    /** Cuts one direction of one link. */
    void cut(int from, int to) {
        links[from][to].cut(true);
    }

    /** Restores one direction of one link. */
    void restore(int from, int to) {
        links[from][to].cut(false);
    }

    /** Cuts what does not belong to this shape, and restores what does. */
    void reshape(Reach reach) {
        for (int from = 1; from <= nodes; from++) {
            for (int to = 1; to <= nodes; to++) {
                links[from][to].cut(!reach.reaches(from, to));
            }
        }
    }

    /** Everybody reaches everybody again. */
    void heal() {
        healings++;
        for (int from = 1; from <= nodes; from++) {
            for (int to = 1; to <= nodes; to++) {
                restore(from, to);
            }
        }
    }

    /** How often it was healed; who cuts and restores over some time stops when this moves. */
    int healings() {
        return healings;
    }
}
