package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Room;
import io.paxoslog.log.JournalException.Kind;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, for a while or for good: at a start, and while a journal is appended to. */
class ShortRoomTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final String FILLER = "x".repeat(7_000);
    private static final int ROLLS_TWICE = 20;

    @TempDir private Path directory;

    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger ends = new AtomicInteger();

    private final JournalListener listener =
            new JournalListener() {
                @Override
                public void cannotPrepare(String why) {
                    failures.incrementAndGet();
                }

                @Override
                public void prepared() {
                    ends.incrementAndGet();
                }
            };

    /** A disk with as much room for files of records as the test says. */
    private static final class SmallDisk extends FileDisk {
        private volatile boolean isFull;
        private volatile boolean isImmutable;
        private volatile boolean isShort;

        @Override
        public long usableBytes(Path path) throws IOException {
            if (isShort) {
                // Below the floor, and enough for a file.
                return TestJournal.config(path).roomRule().logBytes() - 1;
            }
            return isFull ? 4096 : super.usableBytes(path);
        }

        @Override
        public void createDirectory(Path path) throws IOException {
            if (isImmutable) {
                throw new FileSystemException(path.toString(), null, "Operation not permitted");
            }
            super.createDirectory(path);
        }

        @Override
        void force(FileChannel channel, Path file) {}

        @Override
        void force(MappedByteBuffer map, int from, int to, Path file) {}

        @Override
        public void forceNames(Path path) {}
    }

    private final SmallDisk disk = new SmallDisk();

    private ChronicleJournal open() {
        ChronicleJournal journal =
                ChronicleJournal.open(
                        TestJournal.config(directory), Surroundings.of(disk), listener);
        journal.recover(new RecordedText());
        return journal;
    }

    private static void append(ChronicleJournal journal, int firstSlot, int count) {
        for (int slot = firstSlot; slot < firstSlot + count; slot++) {
            journal.accepted(Batches.commands(B1, slot, FILLER));
        }
        journal.endTurn();
    }

    @Test
    void aShortLackOfRoomStopsNothing() {
        try (ChronicleJournal journal = openOnADiskThatFillsUp()) {
            TestJournal.await(() -> failures.get() >= 2);
            disk.isFull = false;

            append(journal, 1, ROLLS_TWICE);

            // Said by the thread that makes files, once whoever appends may have the file already.
            TestJournal.await(() -> ends.get() == 1);
        }
    }

    /** The first file of a run is there before the disk is full. */
    private ChronicleJournal openOnADiskThatFillsUp() {
        ChronicleJournal journal =
                ChronicleJournal.open(
                        TestJournal.config(directory),
                        Surroundings.of(new FileDiskThatFillsUp(disk)),
                        listener);
        journal.recover(new RecordedText());
        return journal;
    }

    @Test
    void madeAtLastTheNextFileIsSaidToBeThere() {
        try (ChronicleJournal journal = openOnADiskThatFillsUp()) {
            TestJournal.await(() -> failures.get() >= 2);
            disk.isFull = false;
            TestJournal.await(() -> ends.get() == 1);
            assertThat(journal.hasFailed()).isFalse();
        }
    }

    @Test
    void aDiskThatFillsUpHasRoomForWhatIsPreparedOnlyAndIsSeenToHaveRoomAgain() {
        try (ChronicleJournal journal = openOnADiskThatFillsUp()) {
            TestJournal.await(() -> journal.room() == Room.REPORTED);
            assertThat(journal.freeBytes()).isEqualTo(4096);

            appendUntil(journal, Room.BALLOTS);
            // What was voted on before the disk was full is what took it.
            journal.promised(Ballot.of(2, 2));
            journal.endTurn();

            disk.isFull = false;
            TestJournal.await(() -> journal.room() == Room.COMMANDS);
            append(journal, 1_000, ROLLS_TWICE);
        }
    }

    private static void appendUntil(ChronicleJournal journal, Room room) {
        for (int slot = 1; slot < ROLLS_TWICE && journal.room() != room; slot++) {
            append(journal, slot, 1);
            journal.lookForRoom();
        }
        assertThat(journal.room()).isEqualTo(room);
    }

    @Test
    void aStartOnAShortDiskVotesOnNoCommandsFromItsFirstTurnOn() {
        disk.isShort = true;
        try (ChronicleJournal journal = open()) {
            assertThat(journal.room()).isEqualTo(Room.REPORTED);
            assertThat(journal.isRoomTight()).isTrue();
        }
    }

    @Test
    void roomForASnapshotIsPartOfTheFloor() {
        try (ChronicleJournal journal = open()) {
            long floor = journal.floorBytes();
            journal.snapshotTakes(4_000);
            assertThat(journal.floorBytes()).isEqualTo(floor + 5_000);
        }
    }

    @Test
    void theJournalEndsOnlyWhenRoomIsNeededAndStillNotThere() {
        try (ChronicleJournal journal = openOnADiskThatFillsUp()) {
            TestJournal.await(() -> failures.get() >= 2);

            assertThatThrownBy(() -> append(journal, 1, ROLLS_TWICE))
                    .isInstanceOfSatisfying(
                            JournalException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DISK))
                    .hasMessageContaining("only 4096 bytes are free")
                    .hasMessageContaining(directory.toString())
                    .hasMessageNotContaining("\n");
        }
        disk.isFull = false;
        open().close();
    }

    @Test
    void aDirectoryThatBecameImmutableEndsTheJournalInOneLine() {
        ChronicleJournal journal = open();
        append(journal, 1, ROLLS_TWICE / 4);
        disk.isImmutable = true;

        JournalException end =
                catchThrowableOfType(
                        JournalException.class, () -> append(journal, 6, 4 * ROLLS_TWICE));
        assertThat(end.kind()).isEqualTo(Kind.DISK);
        assertThat(end.getMessage())
                .contains(directory.toString())
                .contains("Operation not permitted")
                .doesNotContain("\n");
        journal.close();
    }

    @Test
    void aStartOnAFullDiskLeavesTheRoomThatItTookAndTheNextOneWorks() throws IOException {
        ChronicleJournal journal = open();
        append(journal, 1, 3);
        journal.abandon();
        disk.isFull = true;
        for (int i = 0; i < 3; i++) {
            ChronicleJournal full =
                    ChronicleJournal.open(
                            TestJournal.config(directory), Surroundings.of(disk), listener);
            JournalException refusal =
                    catchThrowableOfType(
                            JournalException.class, () -> full.recover(new RecordedText()));
            assertThat(refusal.kind()).isEqualTo(Kind.DISK);
            assertThat(refusal.getMessage()).contains("free").doesNotContain("\n");
            full.close();
        }
        disk.isFull = false;
        RecordedText heard = new RecordedText();
        try (ChronicleJournal again =
                ChronicleJournal.open(
                        TestJournal.config(directory), Surroundings.of(disk), listener)) {
            again.recover(heard);
        }
        assertThat(heard.lines()).hasSize(3);
    }

    @Test
    void whatIsWrittenThroughMappingsHasItsBlocksFirst() throws IOException {
        Path at = Files.createDirectory(directory.resolve("file"));
        RecordFile file = ChronicleFile.create(FileDisk.REAL, at, "title", 1 << 20);
        try {
            for (Path made : List.of(at.resolve("metadata.cq4t"), at.resolve("19700101F.cq4"))) {
                // Before the rest is reserved, nothing lies beyond what was reserved for it.
                assertThat(blockBytes(made)).isGreaterThanOrEqualTo(128 << 10);
            }
            file.reserve(false, part -> {});
            assertThat(blockBytes(at.resolve("19700101F.cq4"))).isGreaterThan(1 << 20);
        } finally {
            file.close();
        }
    }

    private static long blockBytes(Path file) throws IOException {
        Process process = new ProcessBuilder("du", "-k", file.toString()).start();
        String said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                        .strip();
        return Long.parseLong(said.replaceAll("\\s.*", "")) << 10;
    }

    /** Full from the moment on at which the first file of a run is made. */
    private static final class FileDiskThatFillsUp extends FileDisk {
        private final SmallDisk disk;

        FileDiskThatFillsUp(SmallDisk disk) {
            this.disk = disk;
        }

        @Override
        public long usableBytes(Path path) throws IOException {
            return disk.usableBytes(path);
        }

        @Override
        public RecordFile createRecords(Path path, String title, int recordBytes)
                throws IOException {
            RecordFile file = super.createRecords(path, title, recordBytes);
            if (path.endsWith("00000001")) {
                disk.isFull = true;
            }
            return file;
        }
    }
}
