package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Ballot;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is appended to a file whose blocks were reserved is forced as in any other. */
class ReservedFileTest {
    private static final int RECORD_BYTES = 4 * Pages.BYTES;

    @TempDir private Path directory;

    /** Remembers what was forced last. */
    private static final class LastRangeDisk extends FileDisk {
        private int from;
        private int to;

        @Override
        void force(MappedByteBuffer map, int from, int to, Path file) throws IOException {
            super.force(map, from, to, file);
            this.from = from;
            this.to = to;
        }
    }

    /** Counts forces by whoever makes files ahead. */
    private static final class AheadDisk extends FileDisk {
        private final AtomicInteger forces = new AtomicInteger();

        @Override
        void force(MappedByteBuffer map, int from, int to, Path file) throws IOException {
            super.force(map, from, to, file);
            if (Thread.currentThread().getName().startsWith("journal-preparer")) {
                forces.incrementAndGet();
            }
        }
    }

    private byte[] record;

    @BeforeEach
    void fillARecord() {
        record = new byte[RECORD_BYTES];
        Arrays.fill(record, (byte) 7);
    }

    private int append(RecordFile file) {
        int start = file.begin(RECORD_BYTES);
        file.bytes().putBytes(start, record);
        file.end(RECORD_BYTES);
        return start;
    }

    @Test
    void theFirstForceAfterReservingCoversTheNewRecordAndNoMore() throws IOException {
        requireFirstForceCoversTheNewRecord(true);
    }

    @Test
    void theFirstForceAfterSettingAsideCoversTheNewRecordAndNoMore() throws IOException {
        requireFirstForceCoversTheNewRecord(false);
    }

    private void requireFirstForceCoversTheNewRecord(boolean isForced) throws IOException {
        LastRangeDisk disk = new LastRangeDisk();
        RecordFile file = disk.createRecords(directory, "reserved", 1 << 16);
        file.reserve(isForced, part -> {});
        int start = append(file);
        file.force();
        file.close();

        assertThat(disk.from).isEqualTo(start - start % Pages.BYTES);
        assertThat(disk.to).isEqualTo(start + RECORD_BYTES);
    }

    @Test
    void theFirstRecordsOfAReservedFileOutliveALossOfPower() throws IOException {
        requireForcedRecordsOutliveALossOfPower(true);
    }

    @Test
    void theFirstRecordsOfAFileSetAsideOutliveALossOfPower() throws IOException {
        requireForcedRecordsOutliveALossOfPower(false);
    }

    private void requireForcedRecordsOutliveALossOfPower(boolean isForced) throws IOException {
        PowerLossDisk disk = new PowerLossDisk(directory, Integer.MAX_VALUE);
        RecordFile file = disk.createRecords(directory, "reserved", 1 << 16);
        file.reserve(isForced, part -> {});
        int first = append(file);
        int second = append(file);
        file.force();
        int unforced = append(file);
        file.close();
        disk.takeAway(false);

        byte[] left = Files.readAllBytes(onlyFile());
        assertThat(Arrays.copyOfRange(left, first, first + RECORD_BYTES)).isEqualTo(record);
        assertThat(Arrays.copyOfRange(left, second, second + RECORD_BYTES)).isEqualTo(record);
        int pageAfter = unforced - unforced % Pages.BYTES + Pages.BYTES;
        // Blocks that were only set aside may be gone with the power.
        assertThat(pageAfter >= left.length || left[pageAfter] == 0).isTrue();
    }

    private Path onlyFile() throws IOException {
        return new SegmentFiles(FileDisk.REAL, directory).fileIn(directory);
    }

    @Test
    void filesMadeAheadAreForcedWhereSomebodyWaitsForForces() {
        assertThat(forcesAhead(Durability.SYNC)).isPositive();
    }

    @Test
    void filesMadeAheadAreNotForcedWhereNobodyWaitsForForces() {
        assertThat(forcesAhead(Durability.ASYNC)).isZero();
    }

    /** While three files are filled. */
    private int forcesAhead(Durability durability) {
        AheadDisk disk = new AheadDisk();
        JournalConfig config =
                new JournalConfig(
                        directory, TestJournal.NODE, durability, 1 << 20, 1, TestJournal.BOOT);
        try (TestJournal journal = TestJournal.open(config, disk)) {
            journal.get().recover(new RecordedText());
            for (int slot = 1; slot <= 3 * (1 << 20) / RECORD_BYTES; slot++) {
                String text = "x".repeat(RECORD_BYTES);
                journal.get().accepted(Batches.commands(Ballot.of(1, 1), slot, text));
                journal.get().endTurn();
            }
            journal.sync();
        }
        return disk.forces.get();
    }

    @Test
    void aSyncedRecordIsFoundAfterALossOfPower() {
        PowerLossDisk disk = new PowerLossDisk(directory, Integer.MAX_VALUE);
        long ballot = Ballot.of(1, 1);
        try (TestJournal journal = TestJournal.open(TestJournal.config(directory), disk)) {
            journal.get().recover(new RecordedText());
            journal.get().accepted(Batches.commands(ballot, 1, "x".repeat(5_000)));
            journal.sync();
            journal.kill();
        }
        disk.takeAway(true);

        RecordedText heard = new RecordedText();
        try (TestJournal again = TestJournal.open(directory)) {
            again.get().recover(heard);
        }
        assertThat(heard.lines())
                .containsExactly(
                        "accepted "
                                + RecordedText.text(
                                        Batches.commands(ballot, 1, "x".repeat(5_000))));
    }
}
