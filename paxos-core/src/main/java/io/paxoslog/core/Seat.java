package io.paxoslog.core;

/** How a member takes part. Whoever is in the membership learns and applies everything. */
public enum Seat {
    /** Promises and votes, and may lead. */
    VOTER,

    /** Only learns: no quorum asks it, and it costs none anything. */
    OBSERVER,

    /** An observer that may take the place of a voter that is not heard any more. */
    SPARE;

    private static final int OBSERVES = 1;
    private static final int IS_SPARE = 2;

    /** Whether it counts in quorums. */
    public boolean votes() {
        return this == VOTER;
    }

    /** As a membership entry has it. */
    public byte flags() {
        return switch (this) {
            case VOTER -> 0;
            case OBSERVER -> OBSERVES;
            case SPARE -> OBSERVES | IS_SPARE;
        };
    }

    /** Throws {@link IllegalArgumentException} for what no build writes. */
    public static Seat of(int flags) {
        for (Seat seat : values()) {
            if (seat.flags() == flags) {
                return seat;
            }
        }
        throw new IllegalArgumentException("member with the flags " + flags);
    }
}
