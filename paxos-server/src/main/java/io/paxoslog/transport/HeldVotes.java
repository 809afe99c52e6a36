package io.paxoslog.transport;

import org.agrona.BitUtil;

/**
 * Votes that wait for the disk. A vote says everything an earlier one for the same leader and
 * ballot said, so of those released together only the last is sent, and a full queue merges.
 */
final class HeldVotes {
    private final int mask;
    private final int[] nodes;
    private final long[] positions;
    private final long[] froms;
    private final long[] ballots;
    private final long[] slots;
    private long head;
    private long tail;

    /**
     * @param capacity most votes that wait, a power of two
     */
    HeldVotes(int capacity) {
        if (!BitUtil.isPowerOfTwo(capacity)) {
            throw new IllegalArgumentException("not a power of two: " + capacity);
        }
        mask = capacity - 1;
        nodes = new int[capacity];
        positions = new long[capacity];
        froms = new long[capacity];
        ballots = new long[capacity];
        slots = new long[capacity];
    }

    /** Keeps a vote until {@code position} is synced; positions never fall. */
    void hold(int node, long position, long from, long ballot, long upTo) {
        if (tail - head > mask && isSameVoter(tail - 1, node, ballot)) {
            // The newest one waits a little longer and says more.
            tail--;
        } else if (tail - head > mask) {
            head++;
        }
        int index = (int) tail & mask;
        nodes[index] = node;
        positions[index] = position;
        froms[index] = from;
        ballots[index] = ballot;
        slots[index] = upTo;
        tail++;
    }

    private boolean isSameVoter(long vote, int node, long ballot) {
        int index = (int) vote & mask;
        return nodes[index] == node && ballots[index] == ballot;
    }

    /** Says what may leave now and returns how many votes that was. */
    int release(long syncedPosition, Speech speech) {
        int said = 0;
        while (head < tail && positions[(int) head & mask] <= syncedPosition) {
            if (!isReplacedByNext(syncedPosition)) {
                int index = (int) head & mask;
                speech.vote(nodes[index], froms[index], ballots[index], slots[index]);
                said++;
            }
            head++;
        }
        return said;
    }

    private boolean isReplacedByNext(long syncedPosition) {
        int index = (int) head & mask;
        return head + 1 < tail
                && positions[(int) (head + 1) & mask] <= syncedPosition
                && isSameVoter(head + 1, nodes[index], ballots[index]);
    }

    /** Sends a vote. */
    @FunctionalInterface
    interface Speech {
        void vote(int node, long from, long ballot, long upTo);
    }
}
