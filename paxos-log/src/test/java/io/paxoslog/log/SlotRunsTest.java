package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.log.SlotRuns.Run;
import org.junit.jupiter.api.Test;

class SlotRunsTest {
    private final SlotRuns runs = new SlotRuns();

    @Test
    void runsThatTouchAreOne() {
        runs.add(5, 6);
        runs.add(1, 2);
        runs.add(3, 4);
        assertThat(runs.unbrokenAbove(0)).isEqualTo(6);
        assertThat(runs.unbrokenAbove(4)).isEqualTo(6);
        assertThat(runs.unbrokenAbove(6)).isEqualTo(6);
        assertThat(runs.gaps(1, 6)).isEmpty();
    }

    @Test
    void overlappingRunsAreOne() {
        runs.add(1, 10);
        runs.add(4, 5);
        runs.add(9, 12);
        assertThat(runs.gaps(1, 12)).isEmpty();
        assertThat(runs.gaps(1, 13)).containsExactly(new Run(13, 13));
    }

    @Test
    void gapsAreWhatIsMissing() {
        runs.add(3, 4);
        runs.add(8, 9);
        assertThat(runs.gaps(1, 12)).containsExactly(new Run(1, 2), new Run(5, 7), new Run(10, 12));
        assertThat(runs.gaps(4, 6)).containsExactly(new Run(5, 6));
        assertThat(runs.gaps(9, 8)).isEmpty();
        assertThat(new SlotRuns().gaps(1, 3)).containsExactly(new Run(1, 3));
    }
}
