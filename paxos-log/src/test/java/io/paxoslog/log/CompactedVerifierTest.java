package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.core.Ballot;
import io.paxoslog.log.JournalVerifier.Finding;
import io.paxoslog.log.JournalVerifier.Report;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal whose first files are gone is whole as long as a snapshot holds what was in them. */
class CompactedVerifierTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final String FILLER = "x".repeat(7_000);

    @TempDir private Path directory;
    private long firstKept;

    @BeforeEach
    void leaveACompactedJournalBesideTwoSnapshots() throws IOException {
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(new RecordedText());
            journal.get().campaigned(B1);
            for (long slot = 1; slot <= 120; slot++) {
                journal.get().accepted(Batches.commands(B1, slot, FILLER));
                journal.get().committed(B1, slot);
            }
            journal.sync();
            takeSnapshot(40);
            takeSnapshot(60);
            firstKept = journal.get().compact(60);
            TestJournal.await(() -> holdsFrom(firstKept));
        }
        assertThat(firstKept).isBetween(40L, 61L);
    }

    /** Files are removed in the background. */
    private boolean holdsFrom(long slot) {
        try (ChosenSlots chosen = ChosenSlots.open(directory)) {
            return chosen.first() == slot;
        } catch (JournalException e) {
            // One went while it was to be read.
            return false;
        }
    }

    private void takeSnapshot(long slot) throws IOException {
        SnapshotStore store = SnapshotStore.open(directory, 100, damage -> {}, TestJournal.CACHE);
        try (Draft draft = store.begin(SnapshotStoreTest.head(slot))) {
            draft.write(new byte[150]);
            draft.complete(new byte[0]);
        }
    }

    private Path snapshot(long slot) {
        return directory.resolve("snapshots/%020d".formatted(slot));
    }

    private Report verify() throws IOException {
        List<String> before = Trees.describe(directory);
        Report report = JournalVerifier.verify(directory);
        assertThat(Trees.describe(directory)).isEqualTo(before);
        return report;
    }

    private static void spoil(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), 9);
        }
    }

    @Test
    void isWell() throws IOException {
        Report report = verify();
        assertThat(report.findings()).isEmpty();
        assertThat(report.firstKept()).isEqualTo(firstKept);
        assertThat(report.commitIndex()).isEqualTo(120);
        assertThat(report.snapshots()).containsExactly(60L, 40L);
    }

    @Test
    void withoutASnapshotItsFirstSlotsAreMissing() throws IOException {
        Trees.delete(snapshot(40));
        Trees.delete(snapshot(60));
        Report report = verify();
        assertThat(report.findings()).hasSize(1);
        Finding finding = report.findings().get(0);
        assertThat(finding.firstSlot()).isEqualTo(1);
        assertThat(finding.lastSlot()).isEqualTo(firstKept - 1);
        assertThat(finding.what()).contains("no snapshot that can be read holds them");
    }

    @Test
    void aDamagedChunkIsNamedAndItsSnapshotHoldsNothing() throws IOException {
        Path chunk = snapshot(60).resolve("00000001.chunk");
        spoil(chunk);
        Report report = verify();
        assertThat(report.snapshots()).containsExactly(40L);
        assertThat(report.findings().stream().map(Finding::file))
                .containsExactly(chunk, directory.resolve("journal"));
    }

    @Test
    void aMissingChunkAndADamagedManifestAreNamed() throws IOException {
        Files.delete(snapshot(60).resolve("00000000.chunk"));
        spoil(snapshot(40).resolve("manifest"));
        assertThat(verify().findings().stream().map(Finding::file))
                .contains(snapshot(60).resolve("00000000.chunk"), snapshot(40).resolve("manifest"));
        assertThat(verify().snapshots()).isEmpty();
    }

    @Test
    void aFileMissingInTheMiddleIsStillFound() throws IOException {
        List<SegmentFiles.Name> names =
                new SegmentFiles(FileDisk.REAL, directory.resolve("journal")).list();
        Trees.delete(names.get(1).directory());
        assertThat(verify().findings().get(0).what()).contains("bytes of records at the end");
    }

    /** A snapshot that came from elsewhere takes the place of slots that never were here. */
    @Test
    void slotsThatASnapshotBroughtNeedNotBeThere() throws IOException {
        takeSnapshot(200);
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(new RecordedText(), 60);
            journal.get().committed(Ballot.NONE, 200);
            journal.get().chosen(Batches.chosen(Batches.commands(B1, 201, "behind it")));
        }
        Report report = verify();
        assertThat(report.findings()).isEmpty();
        assertThat(report.firstKept()).isEqualTo(201);
        assertThat(report.commitIndex()).isEqualTo(201);
    }

    @Test
    void whatIsLeftCanBeRead() {
        List<Long> slots = new ArrayList<>();
        try (ChosenSlots chosen = ChosenSlots.open(directory)) {
            assertThat(chosen.first()).isEqualTo(firstKept);
            chosen.read(chosen.first(), chosen.last(), batch -> slots.add(batch.firstSlot()));
        }
        assertThat(slots).hasSize((int) (121 - firstKept)).startsWith(firstKept).endsWith(120L);
    }

    /** As a node does that runs: it is no damage. */
    @Test
    void aFileThatItsNodeDroppedMeanwhileIsNotCalledDamaged() throws IOException {
        try (ChosenSlots chosen = ChosenSlots.open(directory)) {
            Trees.delete(
                    new SegmentFiles(FileDisk.REAL, directory.resolve("journal"))
                            .list()
                            .get(0)
                            .directory());
            assertThatThrownBy(() -> chosen.read(chosen.first(), chosen.last(), batch -> {}))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("look again");
        }
    }
}
