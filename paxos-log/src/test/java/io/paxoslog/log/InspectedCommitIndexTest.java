package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Ballot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far a journal that is only looked at is known chosen. */
class InspectedCommitIndexTest {

    private static final long BALLOT = Ballot.of(1, 1);

    @TempDir private Path directory;

    @Test
    void slotsLearntAsChosenCountWithoutACommitRecord() {
        try (TestJournal journal = TestJournal.open(directory)) {
            ChronicleJournal records = journal.get();
            records.recover(new RecordedText());
            records.accepted(Batches.commands(BALLOT, 1, "a", "b"));
            records.committed(BALLOT, 2);
            records.chosen(Batches.chosen(Batches.commands(BALLOT, 7, "g")));
            records.chosen(Batches.chosen(Batches.commands(BALLOT, 5, "e", "f")));
            records.chosen(Batches.chosen(Batches.commands(BALLOT, 3, "c", "d")));
            records.chosen(Batches.chosen(Batches.commands(BALLOT, 9, "i")));
            records.accepted(Batches.commands(BALLOT, 8, "not chosen"));
        }
        List<Long> slots = new ArrayList<>();

        long commitIndex =
                JournalInspector.committed(
                        directory,
                        batch -> {
                            for (long s = batch.firstSlot(); s <= batch.lastSlot(); s++) {
                                slots.add(s);
                            }
                        });

        assertThat(commitIndex).isEqualTo(7);
        assertThat(slots).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(JournalInspector.inspect(directory, (entry, batch) -> {}).commitIndex())
                .isEqualTo(7);
    }
}
