package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunsTest {
    private final Runs runs = new Runs();
    private final Runs others = new Runs();

    @Test
    void theRunsOfAnEarlierStartTakeNothingBack() {
        runs.begin(7, 0);
        others.add(runs.current(), 0);
        runs.begin(8, 40);
        long latest = runs.current();
        runs.take(others);
        assertThat(runs.current()).isEqualTo(latest);
        assertThat(runs.heldUpTo(others.current(), 90)).isEqualTo(40);
    }

    @Test
    void theRunsOfALaterStartAreTaken() {
        runs.begin(7, 0);
        others.add(runs.current(), 0);
        others.begin(8, 40);
        runs.take(others);
        assertThat(runs.current()).isEqualTo(others.current());
        assertThat(runs.heldUpTo(runs.run(0), 90)).isEqualTo(40);
    }
}
