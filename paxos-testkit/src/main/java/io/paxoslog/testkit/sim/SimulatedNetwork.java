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
    private final boolean[][] cut;
    private final int[][] slowByMs;
    private final long[][] lastArrival;
    private boolean isCalm;

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
        int size = swarm.nodes + 1;
        this.cut = new boolean[size][size];
        this.slowByMs = new int[size][size];
        this.lastArrival = new long[size][size];
        drawSlowLinks(size);
    }

    private void drawSlowLinks(int size) {
        for (int from = 1; from < size; from++) {
            for (int to = 1; to < size; to++) {
                slowByMs[from][to] = random.chance(100) ? random.below(swarm.heartbeatMs) : 0;
            }
        }
    }

    /** A quiet network loses and delays nothing; cuts stay. */
    void beCalm(boolean calm) {
        isCalm = calm;
    }

    /** Takes a message; 0 to 5 copies of it arrive, some time. */
    void send(Envelope envelope) {
        if (cut[envelope.fromNode()][envelope.toNode()]) {
            return;
        }
        if (!isCalm && random.chance(swarm.lossPerMille)) {
            totals.count(Fault.LOST_MESSAGE);
            return;
        }
        int copies = 1;
        if (!isCalm && random.chance(swarm.duplicatePerMille)) {
            copies = random.between(2, MOST_COPIES);
            totals.count(Fault.DUPLICATE);
        }
        for (int i = 0; i < copies; i++) {
            timeline.after(delay(envelope), () -> receiver.accept(envelope));
        }
    }

    private long delay(Envelope envelope) {
        if (!isCalm && random.chance(swarm.ancientPerMille)) {
            totals.count(Fault.ANCIENT_MESSAGE);
            return Math.min(HOUR_MS, 1L << random.between(5, LONGEST_DELAY_BITS));
        }
        if (!isCalm && random.chance(swarm.overtakenPerMille)) {
            totals.count(Fault.OVERTAKEN_MESSAGE);
            int latestMs = OVERTAKEN_BY_TIMEOUTS * swarm.electionTimeoutMs;
            return random.below(latestMs);
        }
        int slow = isCalm ? 0 : slowByMs[envelope.fromNode()][envelope.toNode()];
        int delay = slow + random.below(swarm.delayMs + 1);
        return swarm.keepsOrder || isCalm ? inOrder(envelope, delay) : delay;
    }

    private long inOrder(Envelope envelope, long delay) {
        long[] last = lastArrival[envelope.fromNode()];
        long arrival = Math.max(last[envelope.toNode()], timeline.nowMs() + delay);
        last[envelope.toNode()] = arrival;
        return arrival - timeline.nowMs();
    }

    /** Cuts one direction of one link. */
    void cut(int from, int to) {
        cut[from][to] = true;
    }

    /** Everybody reaches everybody again. */
    void heal() {
        for (boolean[] row : cut) {
            java.util.Arrays.fill(row, false);
        }
    }
}
