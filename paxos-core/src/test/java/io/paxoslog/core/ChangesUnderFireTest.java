package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Random changes under random faults; more of them with {@code -Dchanges.seeds=100000}. */
class ChangesUnderFireTest {
    private static final long FIRST = Long.getLong("changes.from", 1);
    private static final int SEEDS = Integer.getInteger("changes.seeds", 300);

    @Test
    void keepOneLogAndGoOn() {
        long changes = 0;
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            try {
                changes += new ChangesUnderFire(seed).play().changes();
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
        // A change takes an answer of each member to come, and leaders do not last here.
        assertThat(changes).isGreaterThan(SEEDS * 3L / 4);
    }
}
