package io.paxoslog.testkit.sim;

import java.util.EnumSet;
import java.util.Set;

/** Takes a network apart: single links, one node's, in every shape, and over some time. */
final class Outages {
    private static final Set<Fault> LINKS =
            EnumSet.of(Fault.CUT, Fault.ONE_WAY_CUT, Fault.FLAPPING_LINK);
    private static final Set<Fault> SHAPES =
            EnumSet.of(Fault.STAR, Fault.STAR_WITHOUT_ONE, Fault.CHAIN, Fault.BRIDGE);

    private final Swarm swarm;
    private final SimulatedNetwork network;
    private final SimRandom random;
    private final Timeline timeline;
    private final Totals totals;

    Outages(
            Swarm swarm,
            SimulatedNetwork network,
            SimRandom random,
            Timeline timeline,
            Totals totals) {
        this.swarm = swarm;
        this.network = network;
        this.random = random;
        this.timeline = timeline;
        this.totals = totals;
    }

    /** Brings one, if the cluster is large enough for it, with a node in its midst. */
    void bring(Fault fault, int node) {
        int other = random.between(1, network.nodes());
        boolean isOnTwo = LINKS.contains(fault);
        if ((isOnTwo && other == node) || (SHAPES.contains(fault) && network.nodes() < 3)) {
            return;
        }
        totals.count(fault);
        switch (fault) {
            case CUT -> cut(node, other);
            case ONE_WAY_CUT -> network.cut(node, other);
            case ISOLATION -> isolate(node);
            case SPLIT -> split(node);
            case FLAPPING_LINK -> flap(node, other);
            case FULL_PARTITION -> reshape(Reach.nobody(network.nodes()));
            case STAR -> reshape(Reach.star(orderFrom(node)));
            case STAR_WITHOUT_ONE -> reshape(Reach.starWithoutOne(orderFrom(node)));
            case CHAIN -> reshape(Reach.chain(orderFrom(node)));
            case BRIDGE -> reshape(Reach.bridge(orderFrom(node)));
            case CLOGGING_IN_TURN -> clogInTurn();
            default -> throw new IllegalStateException("not a fault of the network: " + fault);
        }
    }

    private int[] orderFrom(int node) {
        int[] order = new int[network.nodes()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i + 1;
        }
        swap(order, 0, node - 1);
        for (int i = order.length - 1; i > 1; i--) {
            swap(order, i, random.between(1, i));
        }
        return order;
    }

    private static void swap(int[] order, int one, int other) {
        int kept = order[one];
        order[one] = order[other];
        order[other] = kept;
    }

    private void reshape(Reach reach) {
        network.reshape(reach);
        healSoon();
    }

    /** Old leaders live to see it. */
    private void healSoon() {
        int mine = network.healings();
        timeline.after(
                random.below(4 * swarm.longestTimeoutMs()),
                () -> {
                    if (network.healings() == mine) {
                        network.heal();
                    }
                });
    }

    private void cut(int one, int other) {
        network.cut(one, other);
        network.cut(other, one);
    }

    private void restore(int one, int other) {
        network.restore(one, other);
        network.restore(other, one);
    }

    private void isolate(int node) {
        boolean cutsIn = random.chance(700);
        boolean cutsOut = !cutsIn || random.chance(700);
        for (int other = 1; other <= network.nodes(); other++) {
            if (other != node && cutsOut) {
                network.cut(node, other);
            }
            if (other != node && cutsIn) {
                network.cut(other, node);
            }
        }
    }

    /** Two sides, at times with one node that reaches both, or with some links left one way. */
    private void split(int node) {
        Reach reach = Reach.sides(network.nodes(), random.below(1 << network.nodes()) << 1);
        boolean isBridged = random.chance(500);
        int leftOneWayPerMille = random.oneOf(0, 0, 300);
        for (int from = 1; from <= network.nodes(); from++) {
            if (isBridged) {
                reach.link(node, from);
            }
            for (int to = 1; to <= network.nodes(); to++) {
                if (random.chance(leftOneWayPerMille)) {
                    reach.oneWay(from, to);
                }
            }
        }
        reshape(reach);
    }

    /** Down and up again, for a while. */
    private void flap(int one, int other) {
        int periodMs = random.between(1, swarm.longestTimeoutMs());
        flap(one, other, periodMs, timeline.nowMs() + 20L * periodMs);
    }

    /** Lets a link go down now and be up and down in turn, each for one period. */
    void flap(int one, int other, int periodMs, long untilMs) {
        flap(one, other, periodMs, untilMs, network.healings(), true);
    }

    private void flap(
            int one, int other, int periodMs, long untilMs, int healings, boolean goesDown) {
        if (network.healings() != healings) {
            return;
        }
        if (goesDown && timeline.nowMs() < untilMs) {
            cut(one, other);
        } else {
            restore(one, other);
        }
        if (timeline.nowMs() < untilMs) {
            timeline.after(
                    periodMs, () -> flap(one, other, periodMs, untilMs, healings, !goesDown));
        }
    }

    private void clogInTurn() {
        int nodes = random.between(1, network.nodes());
        clogInTurn(nodes, Math.max(1, swarm.longestTimeoutMs() / network.nodes()));
    }

    /**
     * Cuts all links of one node after the other's, then restores the links in any order, each up
     * to {@code stepMs} after the one before.
     *
     * @return when the last of them is whole again
     */
    long clogInTurn(int nodes, int stepMs) {
        int mine = network.healings();
        int[] order = orderFrom(random.between(1, network.nodes()));
        long atMs = 0;
        for (int i = 0; i < nodes; i++) {
            for (int other = 1; other <= network.nodes(); other++) {
                int one = order[i];
                int another = other;
                timeline.after(atMs, () -> unlessHealed(mine, () -> cut(one, another)));
                atMs += random.below(stepMs + 1);
            }
        }
        int[] pairs = new int[network.nodes() * network.nodes()];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = i;
        }
        for (int i = pairs.length - 1; i >= 0; i--) {
            swap(pairs, i, random.below(i + 1));
            int one = 1 + pairs[i] / network.nodes();
            int other = 1 + pairs[i] % network.nodes();
            timeline.after(atMs, () -> unlessHealed(mine, () -> restore(one, other)));
            atMs += random.below(stepMs + 1);
        }
        return timeline.nowMs() + atMs;
    }

    private void unlessHealed(int healings, Runnable action) {
        if (network.healings() == healings) {
            action.run();
        }
    }
}
