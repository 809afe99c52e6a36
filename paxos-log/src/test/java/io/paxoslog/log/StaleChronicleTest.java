package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files as a power loss may leave them, put together by hand: pages of different ages beside each
 * other. Chronicle Queue itself loses records in most of these, or what is appended after.
 */
class StaleChronicleTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final int PAGE = 4096;
    private static final int RECORDS = 200;

    /** Header and index of Chronicle lie below the first record. */
    private int firstRecord;

    @TempDir private Path directory;
    private final List<String> told = new ArrayList<>();
    private byte[] early;
    private byte[] late;
    private Path file;
    private int end;

    @BeforeEach
    void appendWithoutForcing() throws IOException {
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(new RecordedText());
            file = new SegmentFiles(FileDisk.REAL, directory.resolve("journal")).file(1);
            for (int slot = 1; slot <= RECORDS; slot++) {
                Batch batch = Batches.commands(B1, slot, "slot " + slot);
                journal.get().accepted(batch);
                told.add("accepted " + RecordedText.text(batch));
                if (slot == 10) {
                    early = Files.readAllBytes(file);
                }
            }
            journal.kill();
        }
        late = Files.readAllBytes(file);
        try (MappedSegment segment = MappedSegment.open(FileDisk.REAL, 1, file)) {
            RecordCursor cursor =
                    new RecordCursor(
                            segment, Identity.read(FileDisk.REAL, directory).incarnation());
            while (cursor.next()) {
                firstRecord = firstRecord == 0 ? cursor.offset() : firstRecord;
                end = cursor.offset() + cursor.header().recordBytes();
            }
        }
    }

    private List<String> heard() {
        RecordedText heard = new RecordedText();
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(heard);
        }
        return heard.lines();
    }

    /** Whatever is appended after is there, however often the journal is opened. */
    private void requireGoesOn(List<String> kept) {
        Batch batch = Batches.commands(B1, 1_000, "after");
        RecordedText heard = new RecordedText();
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(heard);
            journal.get().accepted(batch);
            journal.sync();
            journal.kill();
        }
        assertThat(heard.lines()).isEqualTo(kept);
        List<String> all = new ArrayList<>(kept);
        all.add("accepted " + RecordedText.text(batch));
        assertThat(heard()).isEqualTo(all);
        assertThat(heard()).isEqualTo(all);
    }

    private void zero(int from, int to) {
        Arrays.fill(late, from, to, (byte) 0);
    }

    private void takeHeaderAndIndexFrom(byte[] other) {
        System.arraycopy(other, 0, late, 0, firstRecord - Integer.BYTES);
    }

    private void write() throws IOException {
        Files.write(file, late);
    }

    /** A: header and index of Chronicle are old, all records are there. */
    @Test
    void readsAllBehindAStaleHeader() throws IOException {
        takeHeaderAndIndexFrom(early);
        write();

        requireGoesOn(told);
    }

    /** B: the header is new, the last two pages of records never came. */
    @Test
    void goesOnBehindLostPagesUnderAFreshHeader() throws IOException {
        int from = end / PAGE * PAGE - PAGE;
        zero(from, end);
        write();

        List<String> kept = heard();
        assertThat(kept).isNotEmpty().hasSizeLessThan(RECORDS);
        assertThat(told).startsWith(kept.toArray(String[]::new));
        requireGoesOn(kept);
    }

    /** C: a page in the middle never came. */
    @Test
    void endsAtALostPageInTheMiddle() throws IOException {
        int from = (firstRecord + end) / 2 / PAGE * PAGE;
        zero(from, from + PAGE);
        write();

        List<String> kept = heard();
        assertThat(kept).isNotEmpty().hasSizeLessThan(RECORDS);
        assertThat(told).startsWith(kept.toArray(String[]::new));
        requireGoesOn(kept);
    }

    /** C, but what follows proves that the page had been forced. */
    @Test
    void refusesALostPageThatWasForced() throws IOException {
        Trees.delete(directory);
        Files.createDirectory(directory);
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(new RecordedText());
            for (int slot = 1; slot <= RECORDS; slot++) {
                journal.get().accepted(Batches.commands(B1, slot, "slot " + slot));
                if (slot == RECORDS - 1) {
                    journal.sync();
                }
            }
            journal.kill();
        }
        late = Files.readAllBytes(file);
        int from = (firstRecord + end) / 2 / PAGE * PAGE;
        zero(from, from + PAGE);
        write();

        Assertions.assertThatThrownBy(this::heard)
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("is damaged");
        assertThat(Files.readAllBytes(file)).isEqualTo(late);
    }

    /** E: the header is old, and the last two pages never came. */
    @Test
    void goesOnBehindLostPagesUnderAStaleHeader() throws IOException {
        takeHeaderAndIndexFrom(early);
        zero(end / PAGE * PAGE - PAGE, end);
        write();

        List<String> kept = heard();
        assertThat(kept).isNotEmpty().hasSizeLessThan(RECORDS);
        requireGoesOn(kept);
    }

    /** No header of Chronicle at all. */
    @Test
    void readsAllWithoutAnythingOfChronicle() throws IOException {
        zero(0, firstRecord - Integer.BYTES);
        write();

        requireGoesOn(told);
    }
}
