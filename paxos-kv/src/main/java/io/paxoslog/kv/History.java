package io.paxoslog.kv;

import java.util.Arrays;

/**
 * The changes that are kept beside the newest of each key, in the order in which they were made:
 * what compaction goes along, and what watches read. Each has a position, which counts all changes
 * that were ever made.
 */
final class History {
    private static final int PIECE_BITS = 12;
    private static final int PIECE = 1 << PIECE_BITS;

    private int[][] pieces = new int[4][];
    private int[] spare;
    private long first;
    private long end;

    /** Forgets everything; the next change gets this position. */
    void begin(long position) {
        Arrays.fill(pieces, null);
        first = position;
        end = position;
    }

    /** The position of the oldest change. */
    long first() {
        return first;
    }

    /** The position behind the newest change. */
    long end() {
        return end;
    }

    private int indexOf(long position) {
        return (int) (position >> PIECE_BITS) & (pieces.length - 1);
    }

    void add(int change) {
        if ((end >> PIECE_BITS) - (first >> PIECE_BITS) == pieces.length) {
            grow();
        }
        int index = indexOf(end);
        if (pieces[index] == null) {
            pieces[index] = spare == null ? new int[PIECE] : spare;
            spare = null;
        }
        pieces[index][(int) end & (PIECE - 1)] = change;
        end++;
    }

    private void grow() {
        int[][] old = pieces;
        pieces = new int[2 * old.length][];
        for (long piece = first >> PIECE_BITS; piece < end >> PIECE_BITS; piece++) {
            pieces[(int) piece & (pieces.length - 1)] = old[(int) piece & (old.length - 1)];
        }
    }

    int get(long position) {
        return pieces[indexOf(position)][(int) position & (PIECE - 1)];
    }

    /** Lets go of the oldest change. */
    void removeFirst() {
        int index = indexOf(first);
        first++;
        if ((first & (PIECE - 1)) == 0) {
            spare = pieces[index];
            pieces[index] = null;
        }
    }
}
