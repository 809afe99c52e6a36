package io.paxoslog.core;

import java.util.Arrays;

/**
 * Phase 1 at the candidate: who promised, and the value that each slot above the commit index must
 * keep.
 */
final class PromiseTally implements Roster.Keeper {
    private static final long UNANNOUNCED = -1;

    private final OpenSlots reported = new OpenSlots(Long.MAX_VALUE);
    private final SlotSet[] come = new SlotSet[Roster.MAX];
    private final long[] announced = new long[Roster.MAX];
    private final CommitIndexes commits = new CommitIndexes();
    private final long[] identities = new long[Roster.MAX];
    private final long[] told = new long[Roster.MAX];
    private long firstSlot;

    PromiseTally() {
        Arrays.setAll(come, i -> new SlotSet());
    }

    /** Starts to count for a Prepare that named this slot. */
    void begin(long prepareFrom) {
        firstSlot = prepareFrom;
        reported.clear();
        Arrays.fill(announced, UNANNOUNCED);
        for (SlotSet slots : come) {
            slots.clear();
        }
    }

    @Override
    public void left(int number, long member) {
        come[number].clear();
        announced[number] = UNANNOUNCED;
    }

    /** The slot that Prepare named. */
    long firstSlot() {
        return firstSlot;
    }

    void promisedSlots(int member, Batch accepted) {
        come[member].add(accepted.firstSlot(), accepted.lastSlot());
        if (!reported.putWhereHighest(accepted)) {
            throw new IllegalStateException("unbounded memory refused a value");
        }
    }

    void promise(int member, long from, long commitIndex, long slots, long knows) {
        identities[member] = from;
        told[member] = knows;
        commits.said(member, commitIndex);
        announced[member] = slots;
    }

    /** Members whose promise has come whole, as a set. */
    int promisedBy() {
        int set = 0;
        for (int i = 0; i < announced.length; i++) {
            if (isWhole(i)) {
                set |= 1 << i;
            }
        }
        return set;
    }

    /** Those of them that know nothing chosen at or above a slot. */
    int promisedBelow(long slot) {
        return commits.below(promisedBy(), slot);
    }

    private boolean isWhole(int member) {
        return announced[member] != UNANNOUNCED
                && come[member].countFrom(Math.max(firstSlot, commits.of(member) + 1))
                        >= announced[member];
    }

    /** The member among {@code set} whose promise carried the highest commit index. */
    int mostCommitted(int set) {
        return commits.highestOf(set);
    }

    long commitIndex(int member) {
        return commits.of(member);
    }

    /** The identities that promised, by number; for genesis. */
    long[] identities(int members) {
        return Arrays.copyOf(identities, members);
    }

    /** The newest version that all of the first members know, by number; for genesis. */
    Version known(int members) {
        Version known = Version.of(told[0]);
        for (int i = 1; i < members; i++) {
            known = known.lowest(Version.of(told[i]));
        }
        return known;
    }

    /**
     * Per slot the reported value of the highest ballot. Belongs to the leader once Phase 1 is
     * done.
     */
    OpenSlots reported() {
        return reported;
    }
}
