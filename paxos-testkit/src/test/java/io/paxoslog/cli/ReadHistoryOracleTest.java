package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.cli.ReadHistory.Input;
import io.paxoslog.client.ReadMode;
import org.junit.jupiter.api.Test;

/** That a history of reads that is wrong is found to be. */
class ReadHistoryOracleTest {
    private final ReadHistory history = new ReadHistory();

    private void write(long value, long slot, long invoked, long returned) {
        history.wrote("k", Input.write(value), true, slot, invoked, returned);
    }

    private void read(ReadMode mode, long value, long slot, long invoked, long returned) {
        history.read("k", mode, slot, value, invoked, returned);
    }

    @Test
    void aHistoryThatIsRightHasNoProblems() {
        read(ReadMode.QUORUM, ReadHistory.ABSENT, 1, 1, 2);
        write(7, 3, 3, 6);
        read(ReadMode.READ_INDEX, 7, 4, 4, 5);
        history.wrote("k", Input.swap(8, 9), false, 5, 7, 8);
        history.mayHaveWritten("k", Input.write(10), 9);
        read(ReadMode.LOG, 10, 8, 10, 11);
        read(ReadMode.STALE, 7, 4, 12, 13);
        assertThat(history.problems()).isEmpty();
    }

    /** It shows what its slot has, but it came after a later one was acknowledged. */
    @Test
    void aStaleAnswerToALinearizableReadIsFound() {
        write(7, 3, 1, 2);
        write(8, 4, 3, 4);
        read(ReadMode.FOLLOWER, 7, 3, 5, 6);
        assertThat(history.problems()).hasSize(1).allMatch(p -> p.startsWith("k is VIOLATED"));
    }

    @Test
    void aReadThatGoesBackIsFound() {
        history.mayHaveWritten("k", Input.write(7), 1);
        read(ReadMode.QUORUM, 7, 5, 2, 3);
        read(ReadMode.READ_INDEX, ReadHistory.ABSENT, 4, 4, 5);
        assertThat(history.problems()).isNotEmpty();
    }

    @Test
    void anAnswerThatIsNotThatOfItsSlotIsFound() {
        write(7, 3, 1, 2);
        write(8, 5, 3, 4);
        read(ReadMode.STALE, 7, 6, 5, 6);
        assertThat(history.problems()).hasSize(1).allMatch(p -> p.contains("but the log has"));
        read(ReadMode.AT_LEAST, 8, 4, 7, 8);
        assertThat(history.problems()).hasSize(2);
    }

    @Test
    void aDeletionIsAWriteOfNothing() {
        write(7, 3, 1, 2);
        history.wrote("k", Input.delete(), true, 5, 3, 4);
        read(ReadMode.QUORUM, ReadHistory.ABSENT, 6, 5, 6);
        read(ReadMode.STALE, 7, 4, 7, 8);
        assertThat(history.problems()).isEmpty();
        read(ReadMode.STALE, ReadHistory.ABSENT, 4, 9, 10);
        assertThat(history.problems()).hasSize(1).allMatch(p -> p.contains("but the log has"));
        read(ReadMode.LEASE, 7, 7, 11, 12);
        assertThat(history.problems()).hasSize(3);
    }

    @Test
    void aDeletionOfWhichNobodyKnowsMayStandAnywhere() {
        write(7, 3, 1, 2);
        history.mayHaveWritten("k", Input.delete(), 3);
        read(ReadMode.STALE, ReadHistory.ABSENT, 6, 5, 6);
        read(ReadMode.QUORUM, ReadHistory.ABSENT, 6, 7, 8);
        assertThat(history.problems()).isEmpty();
    }
}
