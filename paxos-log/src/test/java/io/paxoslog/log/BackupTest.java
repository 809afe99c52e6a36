package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.core.Ballot;
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

/** A backup holds what its node held, is whole, and starts no node. */
class BackupTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final String FILLER = "x".repeat(7_000);

    @TempDir private Path parent;
    private Path node;
    private Path backup;

    @BeforeEach
    void namePlaces() {
        node = parent.resolve("node");
        backup = parent.resolve("deep/backup");
    }

    private static void append(TestJournal journal, long from, long to) {
        for (long slot = from; slot <= to; slot++) {
            journal.get().accepted(Batches.commands(B1, slot, slot + FILLER));
            journal.get().committed(B1, slot);
        }
        journal.sync();
    }

    private void takeSnapshot(long slot) throws IOException {
        SnapshotStore store = SnapshotStore.open(node, 100, damage -> {}, TestJournal.CACHE);
        try (Draft draft = store.begin(SnapshotStoreTest.head(slot))) {
            draft.write(new byte[250]);
            draft.complete(new byte[] {7});
        }
    }

    private static List<String> chosen(Path directory, long from) {
        List<String> chosen = new ArrayList<>();
        try (ChosenSlots slots = ChosenSlots.open(directory)) {
            slots.read(
                    Math.max(from, slots.first()),
                    slots.last(),
                    batch -> chosen.add(RecordedText.text(batch)));
        }
        return chosen;
    }

    @Test
    void ofANodeThatRunsHoldsWhatItHeld() throws IOException {
        try (TestJournal journal = TestJournal.open(node)) {
            journal.get().recover(new RecordedText());
            append(journal, 1, 60);
            Backup.Taken taken = Backup.take(node, backup);
            append(journal, 61, 70);
            assertThat(taken.report().commitIndex()).isEqualTo(60);
            assertThat(taken.report().snapshots()).isEmpty();
        }
        assertThat(chosen(backup, 1)).hasSize(60).isEqualTo(chosen(node, 1).subList(0, 60));
        assertThat(JournalVerifier.verify(backup).isWell()).isTrue();
    }

    @Test
    void takesTheNewestSnapshotAndTheLogBehindIt() throws IOException {
        long firstKept;
        try (TestJournal journal = TestJournal.open(node)) {
            journal.get().recover(new RecordedText());
            append(journal, 1, 120);
            takeSnapshot(40);
            takeSnapshot(100);
            firstKept = journal.get().compact(40);
        }
        Backup.Taken taken = Backup.take(node, backup);
        assertThat(taken.report().snapshots()).containsExactly(100L);
        assertThat(taken.report().firstKept()).isGreaterThan(firstKept).isLessThanOrEqualTo(101);
        assertThat(chosen(backup, 101)).hasSize(20).isEqualTo(chosen(node, 101));
        SnapshotManifest manifest = SnapshotStore.look(FileDisk.REAL, backup).get(0);
        assertThat(manifest.id()).isEqualTo(SnapshotStore.look(FileDisk.REAL, node).get(0).id());
        SnapshotStore store = SnapshotStore.open(backup, 100, damage -> {}, TestJournal.CACHE);
        assertThat(store.newestValid().slot()).isEqualTo(100);
        assertThat(store.effects(manifest)).containsExactly(7);
    }

    @Test
    void anOlderSnapshotWillDoWhereTheNewestIsDamaged() throws IOException {
        try (TestJournal journal = TestJournal.open(node)) {
            journal.get().recover(new RecordedText());
            append(journal, 1, 60);
        }
        takeSnapshot(20);
        takeSnapshot(50);
        Files.delete(node.resolve("snapshots/%020d/00000001.chunk".formatted(50)));
        assertThat(Backup.take(node, backup).report().snapshots()).containsExactly(20L);
    }

    @Test
    void noNodeStartsOnIt() {
        try (TestJournal journal = TestJournal.open(node)) {
            journal.get().recover(new RecordedText());
            append(journal, 1, 3);
        }
        Backup.take(node, backup);
        assertThatThrownBy(() -> TestJournal.open(backup))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("is a backup");
    }

    @Test
    void ofABackupIsOneToo() {
        try (TestJournal journal = TestJournal.open(node)) {
            journal.get().recover(new RecordedText());
            append(journal, 1, 3);
        }
        Backup.take(node, backup);
        Path again = parent.resolve("again");
        assertThat(Backup.take(backup, again).report().commitIndex()).isEqualTo(3);
        assertThat(chosen(again, 1)).isEqualTo(chosen(node, 1));
    }

    @Test
    void ofAKilledNodeLeavesOutWhatIsTorn() throws IOException {
        try (TestJournal journal = TestJournal.open(node)) {
            journal.get().recover(new RecordedText());
            append(journal, 1, 5);
            journal.get().accepted(Batches.commands(B1, 6, "torn" + FILLER));
            journal.kill();
        }
        JournalInspector.Entry[] last = new JournalInspector.Entry[1];
        JournalInspector.inspect(node, (entry, batch) -> last[0] = entry);
        Path file =
                new SegmentFiles(FileDisk.REAL, node.resolve("journal")).file(last[0].segment());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(9), last[0].offset() + 1_000);
        }
        assertThat(Backup.take(node, backup).report().commitIndex()).isEqualTo(5);
    }

    @Test
    void ofDamagedFilesThereIsNone() throws IOException {
        try (TestJournal journal = TestJournal.open(node)) {
            journal.get().recover(new RecordedText());
            append(journal, 1, 5);
        }
        Path file = new SegmentFiles(FileDisk.REAL, node.resolve("journal")).file(1);
        JournalInspector.Entry[] accepted = new JournalInspector.Entry[1];
        JournalInspector.inspect(
                node, (entry, batch) -> accepted[0] = entry.firstSlot() == 2 ? entry : accepted[0]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(9), accepted[0].offset() + 30);
        }
        assertThatThrownBy(() -> Backup.take(node, backup))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("are not whole")
                .hasMessageContaining("back up another node");
        assertThat(backup).isEmptyDirectory();
    }

    @Test
    void goesIntoNoDirectoryThatHoldsSomething() throws IOException {
        Files.createDirectories(backup.resolve("something"));
        assertThatThrownBy(() -> Backup.take(node, backup))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("is not empty");
    }

    @Test
    void goesIntoNoDirectoryOfTheNodeItself() {
        assertThatThrownBy(() -> Backup.take(node, node.resolve("x/../backup")))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("lies in");
    }

    @Test
    void ofNoNodeThereIsNone() {
        assertThatThrownBy(() -> Backup.take(node, backup))
                .isInstanceOfSatisfying(
                        JournalException.class,
                        e -> assertThat(e.kind()).isEqualTo(JournalException.Kind.ABSENT));
    }
}
