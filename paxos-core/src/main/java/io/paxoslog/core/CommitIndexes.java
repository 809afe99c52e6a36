package io.paxoslog.core;

/** How far members know slots chosen, as each said last. */
final class CommitIndexes {
    private final long[] said = new long[Roster.MAX];

    void said(int member, long commitIndex) {
        said[member] = commitIndex;
    }

    long of(int member) {
        return said[member];
    }

    /** The member of a set that knows most; of several the first. The set is not empty. */
    int highestOf(int members) {
        int best = Integer.numberOfTrailingZeros(members);
        for (int left = members; left != 0; left &= left - 1) {
            int member = Integer.numberOfTrailingZeros(left);
            best = said[member] > said[best] ? member : best;
        }
        return best;
    }

    /** Those of a set that know nothing chosen at or above a slot. */
    int below(int members, long slot) {
        return Roster.only(members, member -> said[member] < slot);
    }
}
