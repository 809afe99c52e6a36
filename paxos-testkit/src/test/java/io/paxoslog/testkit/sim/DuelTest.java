package io.paxoslog.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** 25: all time-outs run out in the same moment, again and again. */
@Execution(ExecutionMode.CONCURRENT)
class DuelTest {
    private static final int SEEDS = Integer.getInteger("duel.seeds", 200);
    private static final int ROUNDS = 100;

    @Test
    void endsWithALeaderInTimeAndWithoutRunawayBallots() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            long highestRound = Simulation.duel(seed, ROUNDS);
            assertThat(highestRound).as("highest round of seed " + seed).isLessThan(4L * ROUNDS);
        }
    }
}
