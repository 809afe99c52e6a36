package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The largest record goes in, a larger one is refused; settings out of range are named. */
class LimitsTest {
    private static final long B1 = Ballot.of(1, 1);

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1 << 16, 1 << 20, 32 << 20})
    void takesTheLargestRecordAndRefusesALargerOne(int segmentBytes) {
        int largest = segmentBytes / 8 - Integer.BYTES;
        JournalConfig config = TestJournal.config(directory).withSegmentBytes(segmentBytes);
        List<String> told = new ArrayList<>();
        try (TestJournal journal = TestJournal.open(config, TestJournal.CACHE)) {
            journal.get().recover(new RecordedText());
            for (int slot = 1; slot <= 10; slot++) {
                journal.get().accepted(Batches.commands(B1, slot, "x".repeat(largest)));
                told.add("slot " + slot);
            }
            assertThatThrownBy(
                            () ->
                                    journal.get()
                                            .accepted(
                                                    Batches.commands(
                                                            B1, 11, "x".repeat(largest + 1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("too large");
        }
        List<String> heard = new ArrayList<>();
        try (TestJournal journal = TestJournal.open(config, TestJournal.CACHE)) {
            journal.get()
                    .recover(
                            new RecordedText() {
                                @Override
                                public void accepted(Batch batch) {
                                    heard.add("slot " + batch.firstSlot());
                                }
                            });
        }
        assertThat(heard).isEqualTo(told);
    }

    @Test
    void namesASettingOutOfRange() {
        JournalConfig config = TestJournal.config(directory);

        assertThatThrownBy(() -> config.withSegmentBytes(JournalConfig.MIN_SEGMENT_BYTES - 1))
                .hasMessageContaining("segment size");
        assertThatThrownBy(() -> config.withSegmentBytes(JournalConfig.MAX_SEGMENT_BYTES + 1))
                .hasMessageContaining("segment size");
        assertThatThrownBy(() -> config.withSyncIntervalMs(0))
                .hasMessageContaining("sync interval");
        assertThatThrownBy(
                        () -> new JournalConfig(directory, 0, Durability.SYNC, 1 << 20, 5, "boot"))
                .hasMessageContaining("node id");
    }
}
