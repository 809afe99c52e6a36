package io.paxoslog.spec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ballots of a trace as 1, 2, .. in their order; and values, each named by the ballot that
 * first proposed it.
 */
final class BallotNumbers {
    /** Names a second value of one ballot at one slot, which nobody may propose. */
    private static final int IMPOSSIBLE = 1_000;

    private final List<Long> ballots;
    private final Map<String, Long> valueAt = new HashMap<>();

    BallotNumbers(Set<Long> ballots) {
        this.ballots = new ArrayList<>(ballots);
    }

    int count() {
        return ballots.size();
    }

    /** Its number; 0 for none. */
    int of(long ballot) {
        return 1 + ballots.indexOf(ballot);
    }

    /**
     * Names a value.
     *
     * @param origin ballot that first proposed it
     * @param fingerprint of all that belongs to the value
     */
    int value(long slot, long origin, long fingerprint) {
        Long known = valueAt.putIfAbsent(slot + " " + origin, fingerprint);
        return known == null || known == fingerprint ? of(origin) : IMPOSSIBLE + of(origin);
    }
}
