package io.paxoslog.core;

import java.util.Arrays;

/** Phase 2 at the leader: how far each member has accepted this ballot. */
final class AcceptedTally {
    private final long[] upTo = new long[Membership.MAX_MEMBERS];

    void begin() {
        Arrays.fill(upTo, 0);
    }

    void accepted(int member, long slot) {
        upTo[member] = Math.max(upTo[member], slot);
    }

    /** Highest slot that a quorum of the first {@code members} has accepted. */
    long wonUpTo(int members, Quorum quorum) {
        long won = 0;
        for (int i = 0; i < members; i++) {
            if (upTo[i] > won && quorum.isReachedBy(membersAt(upTo[i], members))) {
                won = upTo[i];
            }
        }
        return won;
    }

    private int membersAt(long slot, int members) {
        int set = 0;
        for (int i = 0; i < members; i++) {
            if (upTo[i] >= slot) {
                set |= 1 << i;
            }
        }
        return set;
    }
}
