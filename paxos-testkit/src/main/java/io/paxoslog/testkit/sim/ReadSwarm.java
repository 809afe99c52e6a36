package io.paxoslog.testkit.sim;

/**
 * What one seed draws about the reads of its clients before it begins. Comes from a source of its
 * own, so that seeds whose clients do not read play the same whether others' do.
 */
final class ReadSwarm {
    private static final int ON_PER_MILLE = 300;

    final boolean isOn;
    final int readPerMille;
    final int mostAtOnce;
    final int timeoutMs;
    final int hopPerMille;

    /** Where little is written, nothing is on its way that would hold up a read. */
    final int writePerMille;

    private final SimRandom random;

    /**
     * @param isAllowed whether this world has a state machine that answers queries
     */
    ReadSwarm(SimRandom random, boolean isAllowed) {
        this.random = random;
        isOn = random.chance(ON_PER_MILLE) && isAllowed;
        readPerMille = random.oneOf(200, 500, 1_000);
        mostAtOnce = random.oneOf(1, 3);
        timeoutMs = random.oneOf(1_000, 4_000, 20_000);
        hopPerMille = random.oneOf(0, 50, 300);
        writePerMille = random.oneOf(1_000, 300, 50);
    }

    private ReadSwarm(boolean isOn) {
        this.isOn = isOn;
        writePerMille = 1_000;
        random = new SimRandom(0);
        readPerMille = 500;
        mostAtOnce = 3;
        timeoutMs = 4_000;
        hopPerMille = 50;
    }

    /** Nobody reads. */
    static ReadSwarm none() {
        return new ReadSwarm(false);
    }

    /** Clients read all the time. */
    static ReadSwarm steady() {
        return new ReadSwarm(true);
    }

    /** A source for one of those who read. */
    SimRandom split() {
        return random.split();
    }

    @Override
    public String toString() {
        return isOn ? "clients read, " + readPerMille + " of 1000 times" : "clients do not read";
    }
}
