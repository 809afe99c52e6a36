package io.paxoslog.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.testkit.scenario.Shrinker;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * Many histories under chance. {@code -Dsim.seeds=N} and {@code -Dsim.from=N} say how many and from
 * where.
 */
class SimulationTest {
    private static final int FRESH_SEEDS = 100;
    private static final double NS_PER_S = 1e9;

    @Test
    void keepsEveryOracleUnderChance() throws InterruptedException {
        long fresh = ThreadLocalRandom.current().nextLong(1L << 40, 1L << 50);
        System.out.println("simulation: fresh seeds " + fresh + " to " + (fresh + FRESH_SEEDS - 1));
        long start = System.nanoTime();
        Totals totals = play(Long.getLong("sim.from", 1), Integer.getInteger("sim.seeds", 4_900));
        totals.add(play(fresh, FRESH_SEEDS));
        double seconds = (System.nanoTime() - start) / NS_PER_S;
        System.out.println("simulation: " + totals);
        System.out.printf(
                "simulation: %.0f s, %.0f events/s%n", seconds, totals.events() / seconds);
        assertEveryFaultHappened(totals);
    }

    private static Totals play(long from, int seeds) throws InterruptedException {
        int threads = Runtime.getRuntime().availableProcessors();
        return new SeedRange(from, seeds, threads, () -> false, totals -> {}).play();
    }

    private static void assertEveryFaultHappened(Totals totals) {
        for (Fault fault : Fault.values()) {
            // Hardly one seed in 10,000 has it; the journal's own tests have it always.
            boolean isRare = fault == Fault.REFUSED_JOURNAL;
            assertThat(isRare || totals.times(fault) > 0).as("times of " + fault).isTrue();
        }
        assertThat(totals.times(Deed.HAND_OVER_BEGUN)).isPositive();
        assertThat(totals.times(Deed.LEADER_LEFT)).isPositive();
        assertThat(totals.times(Deed.READ_BY_INDEX)).isPositive();
        assertThat(totals.times(Deed.READ_BY_QUORUM)).isPositive();
        assertThat(totals.times(Deed.READ_BY_LEASE)).isPositive();
        assertThat(totals.times(Deed.LEASE_RAN_OUT_WHILE_READ)).isPositive();
        assertThat(totals.times(Deed.CLIENT_READ_BY_LOG)).isPositive();
        assertThat(totals.times(Deed.CLIENT_READ_BY_INDEX)).isPositive();
        assertThat(totals.times(Deed.CLIENT_READ_BY_LEASE)).isPositive();
        assertThat(totals.times(Deed.CLIENT_READ_BY_FOLLOWER)).isPositive();
        assertThat(totals.times(Deed.CLIENT_READ_BY_QUORUM)).isPositive();
        assertThat(totals.times(Deed.CLIENT_READ_AT_LEAST)).isPositive();
        assertThat(totals.times(Deed.CLIENT_READ_STALE)).isPositive();
        assertThat(totals.elections()).isPositive();
        assertThat(totals.operations()).isPositive();
    }

    @Test
    void playsTheSameHistoryAgainForTheSameSeed() {
        for (long seed = 1; seed <= 20; seed++) {
            assertThat(Simulation.traceHash(seed))
                    .as("seed " + seed)
                    .isEqualTo(Simulation.traceHash(seed));
        }
    }

    @Test
    void playsAnotherHistoryForAnotherSeed() {
        assertThat(Simulation.traceHash(1)).isNotEqualTo(Simulation.traceHash(2));
    }

    @Test
    void writesAScenarioThatViolatesNothingEither() {
        for (long seed = 1; seed <= 10; seed++) {
            Replay replay = Replay.of(seed);
            assertThat(replay.failure()).isEmpty();
            assertThat(replay.script()).hasSizeGreaterThan(SeedRange.LEAST_EVENTS);
            assertThat(Shrinker.violationIn(replay.script())).isEmpty();
        }
    }
}
