package io.paxoslog.testkit.sim;

/**
 * Whether the nodes of a seed grant leases, and for how long. Their clocks then differ by no more
 * than leases allow, and never stand still.
 */
final class Leases {
    /**
     * The slowest clock is then 95 / 105 as fast as the quickest: nine parts in ten are allowed.
     */
    private static final int MOST_GAIN_PER_MILLE = 50;

    private final int leaseMs;

    /**
     * @param random a source of its own: what seeds without leases play does not hang on it
     */
    Leases(SimRandom random, int heartbeatMs, int electionTimeoutMs, boolean isAllowed) {
        boolean isDrawn = random.chance(250);
        int drawnMs =
                random.chance(500)
                        ? electionTimeoutMs
                        : random.between(2 * heartbeatMs, electionTimeoutMs);
        leaseMs = isDrawn && isAllowed ? drawnMs : 0;
    }

    private Leases() {
        leaseMs = 0;
    }

    static Leases none() {
        return new Leases();
    }

    boolean isOn() {
        return leaseMs > 0;
    }

    int leaseMs() {
        return leaseMs;
    }

    /** What a clock gains where it would gain so much. */
    int bounded(int gainPerMille) {
        return isOn()
                ? Math.max(-MOST_GAIN_PER_MILLE, Math.min(MOST_GAIN_PER_MILLE, gainPerMille))
                : gainPerMille;
    }
}
