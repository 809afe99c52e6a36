package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A journal can be looked at while it is open, after it was closed, and when it is damaged; looking
 * changes nothing.
 */
class InspectorTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final long B2 = Ballot.of(2, 3);

    @TempDir private Path directory;
    private final List<JournalInspector.Entry> entries = new ArrayList<>();
    private final List<String> batches = new ArrayList<>();

    private JournalInspector.Totals inspect() throws IOException {
        entries.clear();
        batches.clear();
        List<String> before = Trees.describe(directory);
        JournalInspector.Totals totals =
                JournalInspector.inspect(
                        directory,
                        (entry, batch) -> {
                            entries.add(entry);
                            if (batch != null) {
                                batches.add(RecordedText.text(batch));
                            }
                        });
        assertThat(Trees.describe(directory)).isEqualTo(before);
        return totals;
    }

    private List<String> types() {
        return entries.stream().map(JournalInspector.Entry::type).toList();
    }

    private static void tell(TestJournal journal) {
        journal.get().recover(new RecordedText());
        journal.get().promised(B1);
        journal.get().campaigned(B2);
        journal.get().accepted(Batches.commands(B1, 1, "apple", "pear"));
        journal.get().accepted(Batches.commands(B2, 2, "plum"));
        journal.get().committed(B1, 1);
        journal.sync();
    }

    @Test
    void showsAJournalThatIsOpen() throws IOException {
        try (TestJournal journal = TestJournal.open(directory)) {
            tell(journal);
            Path directoryOfNext = directory.resolve("journal").resolve("00000002");
            TestJournal.await(() -> directoryOfNext.toFile().isDirectory());
            JournalInspector.Totals totals =
                    JournalInspector.inspect(directory, (entry, batch) -> entries.add(entry));

            assertThat(types())
                    .containsExactly(
                            "opening",
                            "promised",
                            "campaigned",
                            "accepted",
                            "accepted",
                            "committed");
            assertThat(totals.node()).isEqualTo(TestJournal.NODE);
            assertThat(totals.incarnation()).isEqualTo(journal.get().incarnation());
            assertThat(totals.records()).isEqualTo(6);
            assertThat(totals.invalid()).isZero();
            assertThat(totals.commitIndex()).isEqualTo(1);
            assertThat(totals.promised()).isEqualTo(B2);
            assertThat(totals.campaigned()).isEqualTo(B2);
            assertThat(totals.endPosition()).isEqualTo(journal.get().appendedPosition());
            assertThat(totals.stoppedCleanly()).isFalse();
        }
    }

    @Test
    void showsAJournalThatWasClosed() throws IOException {
        try (TestJournal journal = TestJournal.open(directory)) {
            tell(journal);
        }
        JournalInspector.Totals totals = inspect();

        assertThat(types()).endsWith("committed", "stopped");
        assertThat(totals.stoppedCleanly()).isTrue();
        assertThat(totals.forcedPosition()).isEqualTo(entries.get(6).position());
        assertThat(batches)
                .containsExactly(
                        RecordedText.text(Batches.commands(B1, 1, "apple", "pear")),
                        RecordedText.text(Batches.commands(B2, 2, "plum")));
        JournalInspector.Entry accepted = entries.get(3);
        assertThat(accepted.ballot()).isEqualTo(B1);
        assertThat(accepted.firstSlot()).isEqualTo(1);
        assertThat(accepted.lastSlot()).isEqualTo(2);
        assertThat(accepted.timestamp()).isEqualTo(1_001);
        assertThat(accepted.valid()).isTrue();
    }

    @Test
    void showsWhatIsDamaged() throws IOException {
        try (TestJournal journal = TestJournal.open(directory)) {
            tell(journal);
        }
        inspect();
        JournalInspector.Entry accepted = entries.get(3);
        Path file =
                new SegmentFiles(FileDisk.REAL, directory.resolve("journal"))
                        .file(accepted.segment());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), accepted.offset() + RecordHeader.BYTES);
        }

        assertThat(inspect().invalid()).isPositive();
        assertThat(entries.get(2).valid()).isTrue();
        assertThat(entries.get(3).valid()).isFalse();
    }

    @Test
    void handsOverWhatIsChosen() throws IOException {
        try (TestJournal journal = TestJournal.open(directory)) {
            tell(journal);
            journal.get().chosen(Batches.chosen(Batches.commands(B1, 2, "pear")));
            journal.get().committed(B1, 2);
        }
        List<String> chosen = new ArrayList<>();
        long commitIndex =
                JournalInspector.committed(
                        directory, batch -> chosen.add(RecordedText.text(batch)));

        assertThat(commitIndex).isEqualTo(2);
        assertThat(chosen)
                .containsExactly(
                        RecordedText.text(
                                new Batch().slice(Batches.commands(B1, 1, "apple", "pear"), 1, 1)),
                        RecordedText.text(Batches.chosen(Batches.commands(B1, 2, "pear"))));
    }

    @Test
    void saysThatThereIsNoJournal() {
        assertThatThrownBy(() -> inspect())
                .isInstanceOfSatisfying(
                        JournalException.class,
                        e -> assertThat(e.kind()).isEqualTo(JournalException.Kind.ABSENT));
    }
}
