package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Decision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal whose oldest files go, as a snapshot holds what was in them. */
class CompactionTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final long B2 = Ballot.of(2, 2);
    private static final long FILE_BYTES = (128 << 10) + JournalConfig.MIN_SEGMENT_BYTES;
    private static final String FILLER = "x".repeat(7_000);

    @TempDir private Path directory;
    private TestJournal journal;
    private JournalReader reader;
    private final List<DamagedRecord> damaged = new ArrayList<>();

    private List<String> open(long snapshotSlot) {
        RecordedText heard = new RecordedText();
        journal = TestJournal.open(directory);
        journal.get().recover(heard, snapshotSlot);
        reader = journal.get().newReader(damaged::add);
        return heard.lines().stream().map(line -> line.replace("x", "")).toList();
    }

    @AfterEach
    void close() {
        reader.close();
        journal.close();
    }

    /** Less than twenty slots a file, each known as chosen. */
    private void append(long from, long to) {
        for (long slot = from; slot <= to; slot++) {
            journal.get().accepted(Batches.commands(B1, slot, "slot " + slot + " " + FILLER));
            journal.get().committed(B1, slot);
        }
        journal.sync();
    }

    private static String line(long slot) {
        return "accepted " + RecordedText.text(Batches.commands(B1, slot, "slot " + slot + " "));
    }

    private List<Long> read(long from, long to) {
        List<Long> slots = new ArrayList<>();
        reader.readAll(from, to, batch -> slots.add(batch.firstSlot()));
        return slots;
    }

    /** Compacts and waits until the files are removed. */
    private long compact(long upToSlot) {
        long before = journal.get().diskBytes();
        long firstKept = journal.get().compact(upToSlot);
        long gone = (before - journal.get().diskBytes()) / FILE_BYTES;
        assertThat(gone).isPositive();
        Path last = directory.resolve("journal/%08d".formatted(gone));
        TestJournal.await(() -> !Files.exists(last));
        return firstKept;
    }

    @Test
    void dropsFilesWhoseSlotsASnapshotHoldsAndNoOthers() {
        open(0);
        append(1, 80);
        assertThat(read(1, 80)).hasSize(80);
        assertThat(journal.get().compact(3)).isEqualTo(1);
        long firstKept = compact(40);
        assertThat(firstKept).isBetween(20L, 41L);
        assertThat(journal.get().firstKept()).isEqualTo(firstKept);

        assertThat(read(firstKept, 80)).hasSize((int) (81 - firstKept));
        assertThat(read(firstKept - 1, 80)).isEmpty();
        assertThat(damaged).isEmpty();
        // The next file holds the slot right behind the one asked for.
        assertThat(journal.get().compact(firstKept - 1)).isEqualTo(firstKept);
    }

    private void takeSnapshot(long slot) {
        try {
            SnapshotStore store =
                    SnapshotStore.open(directory, 100, damage -> {}, TestJournal.CACHE);
            try (Draft draft = store.begin(SnapshotStoreTest.head(slot))) {
                draft.complete(new byte[0]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void keepsAFileUntilItsLastSlotIsHeldElsewhere() {
        open(0);
        append(1, 40);
        long upTo = 0;
        while (journal.get().firstKept() == 1) {
            journal.get().compact(++upTo);
        }
        assertThat(journal.get().firstKept()).isEqualTo(upTo + 1);
    }

    @Test
    void startsWithoutTheFilesThatAreGone() {
        open(0);
        journal.get().membership(1, new UnsafeBuffer(new byte[] {'m', 'e'}), 0, 2);
        journal.get().promised(B2);
        journal.get().campaigned(B2);
        decide(2);
        journal.get().held(9, 0);
        append(1, 80);
        takeSnapshot(60);
        long firstKept = journal.get().compact(60);
        journal.kill();

        List<String> heard = open(60);
        assertThat(heard.subList(0, 6))
                .containsExactly(
                        "promised 2.2",
                        "campaigned 2.2",
                        "membership 1 me",
                        "decision 2 " + Decision.skip(7, 0),
                        "held 9 against 0",
                        "committed " + Ballot.text(Ballot.NONE) + " " + (firstKept - 1));
        assertThat(heard).contains(line(61), line(80)).doesNotContain(line(1));
        assertThat(journal.get().firstKept()).isEqualTo(firstKept);
        assertThat(read(firstKept, 80)).hasSize((int) (81 - firstKept));
        append(81, 120);
        assertThat(read(firstKept, 120)).hasSize((int) (121 - firstKept));
        assertThat(journal.get().compact(100)).isBetween(80L, 101L);
    }

    private void decide(long slot) {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[Decision.BYTES]);
        Decision.skip(7, 0).encode(entry, 0);
        journal.get().decision(slot, entry, 0, Decision.BYTES);
    }

    /** What is between must come from others; what this node promised is known. */
    @Test
    void goesOnWithoutTheSnapshotFromWhereItBegins() throws IOException {
        open(0);
        append(1, 80);
        takeSnapshot(60);
        long firstKept = compact(60);
        close();
        for (long slot : new long[] {0, firstKept - 2}) {
            assertThat(open(slot)).contains("promised " + Ballot.text(B1), line(80));
            assertThat(journal.get().firstKept()).isEqualTo(firstKept);
            assertThat(read(1, firstKept - 1)).isEmpty();
            close();
        }
        open(firstKept - 1);
        assertThat(read(firstKept, 80)).hasSize((int) (81 - firstKept));
    }

    @Test
    void doesNotReadFilesThatTheNewestSnapshotCovers() throws IOException {
        open(0);
        append(1, 80);
        close();
        takeSnapshot(60);
        // Nobody needs it, so nobody sees that it is not as it was.
        Path oldest = directory.resolve("journal/00000001/19700101F.cq4");
        byte[] bytes = Files.readAllBytes(oldest);
        bytes[180 << 10] ^= 1;
        Files.write(oldest, bytes);

        assertThat(open(60)).contains(line(61)).doesNotContain(line(1));
        long firstKept = journal.get().firstKept();
        assertThat(firstKept).isBetween(40L, 61L);
        assertThat(Files.exists(oldest)).isTrue();
        assertThat(read(firstKept, 80)).hasSize((int) (81 - firstKept));
        assertThat(journal.get().compact(60)).isEqualTo(firstKept);
        TestJournal.await(() -> !Files.exists(oldest));
    }

    @Test
    void readsMoreOfItWhenTheNewestSnapshotIsDamaged() throws IOException {
        open(0);
        append(1, 80);
        close();
        takeSnapshot(60);

        assertThat(open(9)).contains(line(10), line(80));
        assertThat(journal.get().firstKept()).isLessThanOrEqualTo(10);
    }

    @Test
    void doesNotHandOverWhatWasAcceptedWhereASnapshotCameIn() {
        open(0);
        append(1, 3);
        journal.get().accepted(Batches.commands(B1, 4, "never chosen"));
        journal.get().committed(Ballot.NONE, 10);
        append(11, 12);
        assertThat(journal.get().firstKept()).isEqualTo(11);
        assertThat(read(4, 12)).isEmpty();
        assertThat(read(11, 12)).hasSize(2);
        journal.kill();

        open(10);
        assertThat(journal.get().firstKept()).isEqualTo(11);
        assertThat(read(4, 12)).isEmpty();
        assertThat(read(11, 12)).hasSize(2);
        journal.kill();

        open(9);
        assertThat(journal.get().firstKept()).isEqualTo(11);
        assertThat(read(4, 12)).isEmpty();
    }

    @Test
    void doesNotHandOverWhatWasAcceptedAboveTheCommitIndexAndBelowASnapshot() {
        open(0);
        append(1, 3);
        journal.get().accepted(Batches.commands(B1, 4, "never chosen"));
        journal.sync();
        journal.kill();

        open(6);
        assertThat(journal.get().firstKept()).isEqualTo(7);
        assertThat(read(1, 4)).isEmpty();
        assertThat(read(4, 4)).isEmpty();
        append(7, 8);
        assertThat(read(7, 8)).hasSize(2);
    }

    @Test
    void slotsLearntAsChosenAreKeptAsLongAsOthers() {
        open(0);
        for (long slot = 1; slot <= 40; slot++) {
            journal.get()
                    .chosen(Batches.chosen(Batches.commands(B1, slot, "slot " + slot + FILLER)));
        }
        journal.sync();
        long firstKept = journal.get().compact(25);
        assertThat(firstKept).isBetween(2L, 26L);
        assertThat(read(firstKept, 40)).hasSize((int) (41 - firstKept));
    }

    @Test
    void canBeLookedAt() throws IOException {
        open(0);
        append(1, 80);
        takeSnapshot(60);
        long firstKept = compact(60);

        JournalInspector.Totals totals = JournalInspector.inspect(directory, (entry, batch) -> {});
        assertThat(totals.invalid()).isZero();
        assertThat(totals.firstKept()).isEqualTo(firstKept);
        assertThat(totals.commitIndex()).isEqualTo(80);
        assertThat(totals.snapshots()).containsExactly(60L);
        List<Long> slots = new ArrayList<>();
        JournalInspector.committed(directory, batch -> slots.add(batch.firstSlot()));
        assertThat(slots.get(0)).isEqualTo(firstKept);
        assertThat(slots).hasSize((int) (81 - firstKept));
    }
}
