package io.paxoslog.media;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DatagramSizeTest {
    private long nowNs = Long.MAX_VALUE - 1;
    private final DatagramSize size = new DatagramSize(() -> nowNs);

    @Test
    void isWhatIsWantedWhileNothingIsWrong() {
        assertThat(size.of(65_440)).isEqualTo(65_440);
        nowNs += DatagramSize.LONGEST_PAUSE_NS;
        assertThat(size.of(1024)).isEqualTo(1024);
    }

    @Test
    void goesDownByStepsThatEndWithWhatPassesEverywhere() {
        size.tooLarge(65_440);
        assertThat(size.of(65_440)).isEqualTo(1408);
        size.tooLarge(1408);
        assertThat(size.of(65_440)).isEqualTo(1024);
        size.tooLarge(1024);
        assertThat(size.of(65_440)).isEqualTo(1024);
    }

    @Test
    void leavesOutStepsThatAreNoSmaller() {
        size.tooLarge(1408);
        assertThat(size.of(1408)).isEqualTo(1024);
    }

    /** Two streams take one way: the one that was opened before is not news. */
    @Test
    void aStreamOfALargerSizeThatIsStuckStillChangesNothingTwice() {
        size.tooLarge(1408);
        size.tooLarge(1408);
        size.tooLarge(65_440);
        assertThat(size.of(65_440)).isEqualTo(1024);
    }

    @Test
    void largerOnesAreTriedAgainMoreAndMoreSeldom() {
        long pause = DatagramSize.FIRST_PAUSE_NS;
        for (int i = 0; i < 10; i++) {
            size.tooLarge(1408);
            nowNs += pause - 1;
            assertThat(size.of(1408)).as("pause " + i).isEqualTo(1024);
            nowNs++;
            assertThat(size.of(1408)).as("pause " + i).isEqualTo(1408);
            pause = Math.min(2 * pause, DatagramSize.LONGEST_PAUSE_NS);
        }
        assertThat(pause).isEqualTo(DatagramSize.LONGEST_PAUSE_NS);
    }

    @Test
    void growsStepByStep() {
        size.tooLarge(65_440);
        size.tooLarge(1408);
        nowNs += DatagramSize.LONGEST_PAUSE_NS;
        assertThat(size.of(65_440)).isEqualTo(1408);
        assertThat(size.of(65_440)).isEqualTo(1408);
        nowNs += DatagramSize.LONGEST_PAUSE_NS;
        assertThat(size.of(65_440)).isEqualTo(65_440);
    }
}
