package io.paxoslog.cli;

/** The moments at which the commands of one session that await replies were meant to leave. */
final class IntendedTimes {
    private final long[] ring;
    private final int mask;
    private long first;
    private long next;

    IntendedTimes(int atMost) {
        ring = new long[Math.max(2, Integer.highestOneBit(Math.max(1, atMost)) << 1)];
        mask = ring.length - 1;
    }

    void add(long intendedNs) {
        ring[(int) next++ & mask] = intendedNs;
    }

    void removeLast() {
        next--;
    }

    long removeFirst() {
        if (first == next) {
            throw new IllegalStateException("a reply came that no command waits for");
        }
        return ring[(int) first++ & mask];
    }

    int size() {
        return (int) (next - first);
    }
}
