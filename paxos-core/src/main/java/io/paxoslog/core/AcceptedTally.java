package io.paxoslog.core;

import java.util.Arrays;

/** Phase 2 at the leader: how far each member has accepted this ballot. */
final class AcceptedTally implements Roster.Keeper {
    private final long[] upTo = new long[Roster.MAX];

    void begin() {
        Arrays.fill(upTo, 0);
    }

    void accepted(int member, long slot) {
        upTo[member] = Math.max(upTo[member], slot);
    }

    /** How far a member has accepted. */
    long upTo(int member) {
        return upTo[member];
    }

    @Override
    public void left(int number, long member) {
        upTo[number] = 0;
    }

    /** Highest slot that a quorum of these members has accepted. */
    long wonUpTo(int members, Quorum quorum) {
        long won = 0;
        for (int left = members; left != 0; left &= left - 1) {
            long slot = upTo[Integer.numberOfTrailingZeros(left)];
            if (slot > won && quorum.isReachedBy(membersAt(slot, members))) {
                won = slot;
            }
        }
        return won;
    }

    private int membersAt(long slot, int members) {
        int set = 0;
        for (int left = members; left != 0; left &= left - 1) {
            int member = Integer.numberOfTrailingZeros(left);
            if (upTo[member] >= slot) {
                set |= 1 << member;
            }
        }
        return set;
    }
}
