package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.journal.RecordDecoder;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading by slot: budget, parts of records, many files. */
class JournalReaderTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final long B2 = Ballot.of(2, 2);
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final int ENTRY_BYTES = Batch.ENTRY_PREFIX_BYTES + 1_000;

    @TempDir private Path directory;
    private TestJournal journal;
    private JournalReader reader;
    private final List<DamagedRecord> damaged = new ArrayList<>();

    @BeforeEach
    void open() {
        journal = TestJournal.open(directory);
        journal.get().recover(new RecordedText());
        reader = journal.get().newReader(damaged::add);
    }

    @AfterEach
    void close() {
        reader.close();
        journal.close();
    }

    private void append(long firstSlot, int count) {
        String[] commands = new String[count];
        for (int i = 0; i < count; i++) {
            commands[i] = command(firstSlot + i);
        }
        journal.get().accepted(Batches.commands(B1, firstSlot, commands));
    }

    private static String command(long slot) {
        return String.format("%1000d", slot);
    }

    private List<String> slots(long firstSlot, long lastSlot, int maxBytes) {
        List<String> slots = new ArrayList<>();
        long next =
                reader.read(
                        firstSlot,
                        lastSlot,
                        maxBytes,
                        batch -> {
                            assertThat(batch.isWellFormed()).isTrue();
                            assertThat(RecordedText.text(batch))
                                    .contains(command(batch.lastSlot()));
                            slots.add(batch.firstSlot() + ".." + batch.lastSlot());
                        });
        slots.add("next " + next);
        return slots;
    }

    @Test
    void handsOverPartsOfRecords() {
        append(1, 5);
        append(6, 5);

        assertThat(slots(3, 7, 1 << 20)).containsExactly("3..5", "6..7", "next 8");
    }

    @Test
    void stopsAtTheBudgetBetweenBatches() {
        append(1, 2);
        append(3, 2);
        append(5, 2);

        assertThat(slots(1, 6, 4 * ENTRY_BYTES)).containsExactly("1..2", "3..4", "next 5");
        assertThat(slots(1, 6, 4 * ENTRY_BYTES - 1)).containsExactly("1..2", "next 3");
    }

    @Test
    void handsOverOneBatchHoweverSmallTheBudget() {
        append(1, 2);

        assertThat(slots(1, 6, 1)).containsExactly("1..2", "next 3");
    }

    @Test
    void findsEachOfManySmallRecordsInAnyOrder() {
        int records = 500;
        for (int slot = 1; slot <= records; slot++) {
            journal.get().accepted(Batches.commands(B1, slot, "of " + slot));
        }
        long seed = 7;
        for (int i = 0; i < records; i++) {
            seed = seed * 6_364_136_223_846_793_005L + 1;
            long slot = 1 + Long.remainderUnsigned(seed >>> 16, records);
            reader.read(
                    slot,
                    slot,
                    1 << 20,
                    batch -> assertThat(RecordedText.text(batch)).contains("of " + slot));
        }
    }

    @Test
    void findsTheNewestOfRecordsThatWereWrittenBetweenOthers() {
        for (int slot = 1; slot <= 30; slot++) {
            journal.get().accepted(Batches.commands(B1, slot, "old " + slot));
            if (slot == 20) {
                journal.get().accepted(Batches.commands(B2, 11, "new 11", "new 12"));
            }
        }
        List<String> texts = new ArrayList<>();
        reader.read(10, 14, 1 << 20, batch -> texts.add(RecordedText.text(batch)));

        assertThat(texts.get(0)).contains("old 10");
        assertThat(texts.get(1)).contains("new 11");
        assertThat(texts.get(2)).contains("old 13");
        assertThat(texts).hasSize(4);
    }

    @Test
    void handsOverWhatIsLeftOfARecordThatAnotherReplacedInPart() {
        append(1, 5);
        journal.get().accepted(Batches.commands(B2, 3, command(3)));

        assertThat(slots(1, 5, 1 << 20)).containsExactly("1..2", "3..3", "4..5", "next 6");
    }

    @Test
    void findsAChosenSlotBeforeWhatWasWrittenLater() {
        journal.get().chosen(Batches.commands(B1, 11, "chosen 11"));
        journal.get().accepted(Batches.commands(B1, 10, "first 10"));
        journal.get().accepted(Batches.commands(B2, 11, "late 11"));
        List<String> texts = new ArrayList<>();
        reader.read(10, 11, 1 << 20, batch -> texts.add(RecordedText.text(batch)));

        assertThat(texts.get(0)).contains("first 10");
        assertThat(texts.get(1)).contains("chosen 11");
    }

    @Test
    void findsARecordBehindOneThatIsDamaged() throws IOException {
        for (int slot = 1; slot <= 3; slot++) {
            append(slot, 1);
        }
        damageFirstRecordAt(0);

        assertThat(slots(2, 3, 1 << 20)).containsExactly("2..2", "3..3", "next 4");
        assertThat(reader.damage()).isNull();
        assertThat(slots(1, 1, 1 << 20)).containsExactly("next 1");
        assertThat(reader.damage().firstSlot()).isEqualTo(1);
        assertThat(reader.damage().lastSlot()).isEqualTo(1);
    }

    @Test
    void stopsAtTheFirstSlotItDoesNotHold() {
        append(1, 1);
        append(3, 1);

        assertThat(slots(1, 6, 1 << 20)).containsExactly("1..1", "next 2");
        assertThat(slots(2, 6, 1 << 20)).containsExactly("next 2");
        assertThat(slots(7, 6, 1 << 20)).containsExactly("next 7");
    }

    @Test
    void readsOverMoreFilesThanItMaps() throws IOException {
        int records = 300;
        for (int i = 0; i < records; i++) {
            append(1 + 5L * i, 5);
        }
        assertThat(new SegmentFiles(FileDisk.REAL, directory.resolve("journal")).list())
                .hasSizeGreaterThan(10);

        for (int round = 0; round < 2; round++) {
            assertThat(slots(1, 1_500, 1 << 30)).hasSize(records + 1).endsWith("next 1501");
        }
    }

    @Test
    void readsBackFilesThatLeftMemoryAndKeepsFewInMemory() throws IOException {
        int records = 300;
        for (int i = 0; i < records; i++) {
            append(1 + 5L * i, 5);
        }
        journal.sync();
        assertThat(new SegmentFiles(FileDisk.REAL, directory.resolve("journal")).list())
                .hasSizeGreaterThan(10);
        if (Files.exists(MAPS)) {
            // Those kept, the one that is written and the one made ahead.
            TestJournal.await(() -> mappedFiles() <= 4);
        }

        assertThat(slots(1, 1_500, 1 << 30)).hasSize(records + 1).endsWith("next 1501");
    }

    private long mappedFiles() {
        try (Stream<String> maps = Files.lines(MAPS)) {
            return maps.filter(line -> line.contains(directory + "/") && line.endsWith(".cq4"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .distinct()
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void handsOverNothingOfARecordThatCannotBeReadBackAndNamesIt() throws IOException {
        append(1, 5);
        append(6, 2);
        damageFirstRecordAt(500);

        assertThat(slots(2, 9, 1 << 20)).containsExactly("next 2");
        DamagedRecord record = reader.damage();
        assertThat(damaged).containsExactly(record);
        Path file = fileOfFirst();
        assertThat(record.file()).isEqualTo(file);
        assertThat(record.offset()).isEqualTo(offsetOfFirstRecord(file));
        assertThat(record.firstSlot()).isEqualTo(2);
        assertThat(record.lastSlot()).isEqualTo(5);
        assertThat(record.toString()).contains("slots 2 to 5 in " + file).contains("checksum");
    }

    @Test
    void stopsBeforeARecordThatCannotBeReadBackThoughOthersFollow() throws IOException {
        journal.get().accepted(Batches.commands(B2, 5, command(5)));
        append(1, 4);
        append(6, 1);
        overwrite(fileOfFirst(), offsetOf(fileOfFirst(), 5, B2) + 500);

        assertThat(slots(1, 6, 1 << 20)).containsExactly("1..4", "next 5");
        assertThat(slots(5, 6, 1 << 20)).containsExactly("next 5");
        assertThat(slots(6, 6, 1 << 20)).containsExactly("6..6", "next 7");
    }

    @Test
    void neverTakesAnOlderRecordForOneThatCannotBeReadBack() throws IOException {
        append(1, 1);
        journal.get().accepted(Batches.commands(B2, 1, "newer"));
        Path file = fileOfFirst();
        overwrite(file, offsetOf(file, 1, B2));

        assertThat(slots(1, 1, 1 << 20)).containsExactly("next 1");
    }

    @Test
    void readsOnWhenTheDiskGivesTheFileBackAgain() throws IOException {
        append(1, 1);
        Path file = fileOfFirst();
        byte[] whole = Files.readAllBytes(file);
        damageFirstRecordAt(500);
        assertThat(slots(1, 1, 1 << 20)).containsExactly("next 1");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(whole), 0);
        }

        assertThat(slots(1, 1, 1 << 20)).containsExactly("1..1", "next 2");
    }

    @Test
    void takesWhatTheDiskDoesNotGiveBackForUnknown() throws IOException {
        int records = 40;
        for (int i = 0; i < records; i++) {
            append(1 + 5L * i, 5);
        }
        Path first = fileOfFirst();
        Files.move(first, first.resolveSibling("elsewhere"));

        assertThat(slots(1, 5L * records, 1 << 20)).containsExactly("next 1");
        assertThat(reader.damage().toString()).contains("slots 1 to ").contains("cq4");
        long next = reader.damage().lastSlot() + 1;
        assertThat(slots(next, 5L * records, 1 << 20)).endsWith("next " + (5 * records + 1));
    }

    @Test
    void takesAFileThatWasCutOffForUnknown() throws IOException {
        int records = 40;
        for (int i = 0; i < records; i++) {
            append(1 + 5L * i, 5);
        }
        Path file = fileOfFirst();
        slots(1, 5, 1 << 20);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        reader.close();

        assertThat(slots(1, 5, 1 << 20)).containsExactly("next 1");
        assertThat(reader.damage().toString()).contains(file.toString());
    }

    private void damageFirstRecordAt(int byteOfRecord) throws IOException {
        damage(1, byteOfRecord);
    }

    private void damage(long slot, int byteOfRecord) throws IOException {
        Path file = fileOfFirst();
        overwrite(file, offsetOf(file, slot) + byteOfRecord);
    }

    private static void overwrite(Path file, long from) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(64), from);
        }
    }

    private Path fileOfFirst() throws IOException {
        return new SegmentFiles(FileDisk.REAL, directory.resolve("journal")).file(1);
    }

    private long offsetOfFirstRecord(Path file) throws IOException {
        return offsetOf(file, 1);
    }

    private long offsetOf(Path file, long slot) throws IOException {
        return offsetOf(file, slot, B1);
    }

    private long offsetOf(Path file, long slot, long ballot) throws IOException {
        try (MappedSegment segment = MappedSegment.open(FileDisk.REAL, 1, file)) {
            RecordCursor cursor = new RecordCursor(segment, journal.get().incarnation());
            while (cursor.next()) {
                RecordDecoder fields = cursor.fields();
                if (fields.firstSlot() == slot && fields.ballot() == ballot) {
                    return cursor.offset();
                }
            }
        }
        throw new AssertionError("no record of slot " + slot);
    }
}
