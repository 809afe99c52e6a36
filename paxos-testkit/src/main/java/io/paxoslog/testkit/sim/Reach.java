package io.paxoslog.testkit.sim;

/** Who reaches whom while a network is in pieces: the shapes that real networks have shown. */
final class Reach {
    private final int[] reached;

    private Reach(int nodes) {
        this.reached = new int[nodes + 1];
    }

    /** Full partition: each node is alone. */
    static Reach nobody(int nodes) {
        return new Reach(nodes);
    }

    /** Two sides, told apart by the bits of node ids, that do not reach each other. */
    static Reach sides(int nodes, int left) {
        Reach reach = new Reach(nodes);
        for (int from = 1; from <= nodes; from++) {
            for (int to = 1; to <= nodes; to++) {
                if ((left >> from & 1) == (left >> to & 1)) {
                    reach.oneWay(from, to);
                }
            }
        }
        return reach;
    }

    /** Quorum loss: everybody reaches the centre and nobody else. */
    static Reach star(int[] order) {
        Reach reach = new Reach(order.length);
        for (int other = 1; other < order.length; other++) {
            reach.link(order[0], order[other]);
        }
        return reach;
    }

    /** Constrained election: the last one is alone, all others reach the first and nobody else. */
    static Reach starWithoutOne(int[] order) {
        Reach reach = new Reach(order.length);
        for (int other = 1; other < order.length - 1; other++) {
            reach.link(order[0], order[other]);
        }
        return reach;
    }

    /** Each reaches its neighbours in a row. */
    static Reach chain(int[] order) {
        Reach reach = new Reach(order.length);
        for (int i = 1; i < order.length; i++) {
            reach.link(order[i - 1], order[i]);
        }
        return reach;
    }

    /** A mere majority is connected; one more node reaches the first of it, the rest is alone. */
    static Reach bridge(int[] order) {
        Reach reach = new Reach(order.length);
        int majority = order.length / 2 + 1;
        for (int i = 0; i < majority; i++) {
            for (int j = 0; j < i; j++) {
                reach.link(order[i], order[j]);
            }
        }
        return majority == order.length ? reach : reach.link(order[0], order[majority]);
    }

    /** Joins two nodes, both ways. */
    Reach link(int one, int other) {
        return oneWay(one, other).oneWay(other, one);
    }

    /** Lets messages pass in one direction. */
    Reach oneWay(int from, int to) {
        reached[from] |= 1 << to;
        return this;
    }

    boolean reaches(int from, int to) {
        return from == to || (reached[from] >> to & 1) != 0;
    }
}
