package io.paxoslog.log;

import io.paxoslog.core.JournalRecords;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The contract, on Chronicle Queue. */
class ChronicleJournalContractTest extends JournalContractTest {
    @TempDir private Path directory;

    @Override
    Subject subject() {
        return new Subject() {
            private TestJournal journal;

            @Override
            public void open(JournalRecords into) {
                journal = TestJournal.open(directory);
                journal.get().recover(into);
            }

            @Override
            public JournalRecords records() {
                return journal.get();
            }

            @Override
            public void sync() {
                journal.sync();
            }

            @Override
            public List<String> read(long firstSlot, long lastSlot) {
                List<String> batches = new ArrayList<>();
                try (JournalReader reader = journal.get().newReader(damaged -> {})) {
                    reader.read(
                            firstSlot,
                            lastSlot,
                            Integer.MAX_VALUE,
                            batch -> batches.add(RecordedText.text(batch)));
                }
                return batches;
            }

            @Override
            public void close() {
                journal.close();
            }

            @Override
            public void kill() {
                journal.kill();
            }
        };
    }
}
