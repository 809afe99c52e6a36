package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The thread that appends allocates nothing for a record. */
class AllocationTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final int RECORDS = 20_000;

    @TempDir private Path directory;
    private long slot = 1;

    @Test
    void appendsWithoutAllocating() {
        JournalConfig config =
                TestJournal.config(directory).withSegmentBytes(JournalConfig.DEFAULT_SEGMENT_BYTES);
        try (TestJournal journal = TestJournal.open(config, FileDisk.REAL)) {
            journal.get().recover(new RecordedText());
            Batch batch = Batches.commands(B1, 1, "a command of some bytes");
            append(journal, batch);
            long before = allocated();
            append(journal, batch);
            long bytes = allocated() - before;
            // What little there is comes from the waiting below.
            assertThat(bytes).as("bytes for %d records", 2 * RECORDS).isLessThan(RECORDS);
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private void append(TestJournal journal, Batch batch) {
        for (int i = 0; i < RECORDS; i++) {
            batch.slots(B1, slot++, 1);
            journal.get().accepted(batch);
            journal.get().committed(B1, batch.lastSlot());
            if (i % 64 == 0) {
                // As a node does, this waits for the disk now and then: the spare leaf comes from
                // there.
                journal.sync();
            }
        }
    }
}
