package io.paxoslog.testkit.sim;

/** One direction of one link: how long messages take, and how much goes wrong with them. */
final class Link {
    /** How delays are distributed. */
    private enum Delays {
        CONSTANT,
        UNIFORM,
        LONG_TAIL,
        TWO_ROADS
    }

    private static final Delays[] DELAYS = Delays.values();
    private static final int MOST_DOUBLINGS = 7;
    private static final int LATE_DOUBLINGS = 4;
    private static final int SECOND_ROAD_PER_MILLE = 100;

    final int lossPerMille;
    final int duplicatePerMille;
    final int slowMs;
    private final Delays delays;
    private final int delayMs;
    private final int secondRoadMs;
    private boolean wasLate;
    private boolean isCut;
    private long lastArrivalMs;

    Link(Swarm swarm, SimRandom random) {
        boolean isOdd = random.chance(swarm.oddLinksPerMille);
        lossPerMille = isOdd ? random.below(2 * swarm.lossPerMille + 1) : swarm.lossPerMille;
        duplicatePerMille =
                isOdd ? random.below(2 * swarm.duplicatePerMille + 1) : swarm.duplicatePerMille;
        slowMs = random.chance(swarm.slowLinksPerMille) ? random.between(1, swarm.heartbeatMs) : 0;
        delays = isOdd ? DELAYS[random.below(DELAYS.length)] : Delays.UNIFORM;
        delayMs = isOdd ? random.below(2 * swarm.delayMs + 1) : swarm.delayMs;
        secondRoadMs = delayMs + swarm.heartbeatMs;
    }

    /** How long the next message takes, in calm weather or bad. */
    long nextDelay(SimRandom random) {
        wasLate = false;
        return switch (delays) {
            case CONSTANT -> delayMs;
            case UNIFORM -> random.below(delayMs + 1);
            case LONG_TAIL -> longTail(random.next());
            case TWO_ROADS -> twoRoads(random);
        };
    }

    /** Each further doubling is half as likely. */
    private long longTail(long bits) {
        int doublings = Math.min(MOST_DOUBLINGS, Long.numberOfTrailingZeros(bits));
        wasLate = doublings >= LATE_DOUBLINGS;
        return (long) Math.max(1, delayMs) << doublings;
    }

    private long twoRoads(SimRandom random) {
        wasLate = random.chance(SECOND_ROAD_PER_MILLE);
        return wasLate ? secondRoadMs : delayMs;
    }

    /** Whether the last delay drawn was far longer than most. */
    boolean wasLate() {
        return wasLate;
    }

    boolean isCut() {
        return isCut;
    }

    void cut(boolean cut) {
        isCut = cut;
    }

    /** From now on what was sent before holds nothing up. */
    void forgetOrder() {
        lastArrivalMs = 0;
    }

    /** A time to arrive, moved so that nothing arrives before what was sent before. */
    long inOrder(long arrivalMs) {
        lastArrivalMs = Math.max(lastArrivalMs, arrivalMs);
        return lastArrivalMs;
    }
}
