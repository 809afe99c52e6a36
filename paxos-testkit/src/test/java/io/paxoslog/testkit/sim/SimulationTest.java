package io.paxoslog.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * Many histories under chance. {@code -Dsim.seed=N} plays one seed, {@code -Dsim.seeds=N} and
 * {@code -Dsim.from=N} say how many and from where.
 */
class SimulationTest {
    private static final int FRESH_SEEDS = 50;
    private static final int LEAST_EVENTS = 1_000;

    @Test
    void keepsEveryOracleUnderChance() {
        Long only = Long.getLong("sim.seed");
        if (only != null) {
            System.out.println("seed " + only + ": " + Simulation.play(only));
            return;
        }
        int seeds = Integer.getInteger("sim.seeds", 2_000);
        long from = Long.getLong("sim.from", 1);
        Totals totals = new Totals();
        for (long seed = from; seed < from + seeds; seed++) {
            play(seed, totals);
        }
        playFreshSeeds(totals);
        System.out.println("simulation: " + totals);
        assertEveryFaultHappened(totals);
    }

    private static void play(long seed, Totals totals) {
        Totals one = Simulation.play(seed);
        assertThat(one.events()).as("events of seed " + seed).isGreaterThanOrEqualTo(LEAST_EVENTS);
        totals.add(one);
    }

    private static void playFreshSeeds(Totals totals) {
        long first = ThreadLocalRandom.current().nextLong(1L << 40, 1L << 50);
        System.out.println("simulation: fresh seeds " + first + " to " + (first + FRESH_SEEDS - 1));
        for (int i = 0; i < FRESH_SEEDS; i++) {
            play(first + i, totals);
        }
    }

    private static void assertEveryFaultHappened(Totals totals) {
        for (Fault fault : Fault.values()) {
            assertThat(totals.times(fault)).as("times of " + fault).isPositive();
        }
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
}
