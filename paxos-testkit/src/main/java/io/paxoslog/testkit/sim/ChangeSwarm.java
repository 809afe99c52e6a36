package io.paxoslog.testkit.sim;

/**
 * What one seed draws about changes of the members before it begins. Comes from a source of its
 * own, so that seeds without changes play the same whether others have them.
 */
final class ChangeSwarm {
    private static final int ON_PER_MILLE = 333;
    private static final int MOST_JOINING = 5;

    /** So that changes come into force, and others behind them. */
    private static final int LEAST_EVENTS = 2_500;

    final boolean isOn;
    final int joining;
    final int everyTimeouts;
    final int flexiblePerMille;
    final int unreachablePerMille;
    final int hintPerMille;
    private final SimRandom random;

    /**
     * @param isAllowed whether this world may have changes at all
     */
    ChangeSwarm(SimRandom random, boolean isAllowed) {
        this.random = random;
        isOn = random.chance(ON_PER_MILLE) && isAllowed;
        joining = isOn ? random.between(1, MOST_JOINING) : 0;
        everyTimeouts = random.oneOf(1, 3, 8);
        flexiblePerMille = random.oneOf(0, 300, 1_000);
        unreachablePerMille = random.oneOf(0, 0, 150);
        hintPerMille = random.oneOf(100, 500);
    }

    /** The members stay what they are, but for what a test changes by hand. */
    ChangeSwarm(int joining) {
        random = new SimRandom(0);
        isOn = false;
        this.joining = joining;
        everyTimeouts = 1;
        flexiblePerMille = 0;
        unreachablePerMille = 0;
        hintPerMille = 0;
    }

    /** A source for one of those who play it. */
    SimRandom split() {
        return random.split();
    }

    /** How long a history is at least. */
    int leastEvents(int drawn) {
        return isOn ? Math.max(drawn, LEAST_EVENTS) : drawn;
    }

    @Override
    public String toString() {
        return isOn
                ? "members change about every "
                        + everyTimeouts
                        + " time-outs, up to "
                        + joining
                        + " nodes join"
                : "the members stay";
    }
}
