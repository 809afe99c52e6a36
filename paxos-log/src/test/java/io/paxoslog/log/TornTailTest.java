package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Scenario 7: whatever becomes of the bytes that were not forced, those that were are there, and
 * work goes on.
 */
class TornTailTest {
    private static final long B1 = Ballot.of(1, 1);

    /** What a machine may find behind the last byte it wrote. */
    enum Tail {
        CUT {
            @Override
            void spoil(FileChannel file, int from, int to) throws IOException {
                file.truncate(from);
            }
        },
        ZEROS {
            @Override
            void spoil(FileChannel file, int from, int to) throws IOException {
                file.write(ByteBuffer.allocate(to - from), from);
            }
        },
        OLD_BYTES {
            @Override
            void spoil(FileChannel file, int from, int to) throws IOException {
                ByteBuffer old = ByteBuffer.allocate(to - from);
                file.read(old, from - (to - from));
                file.write(old.flip(), from);
            }
        };

        abstract void spoil(FileChannel file, int from, int to) throws IOException;
    }

    @TempDir private Path original;
    @TempDir private Path copies;
    private final List<String> forced = new ArrayList<>();
    private final List<String> all = new ArrayList<>();
    private int firstUnforced;
    private int end;

    @BeforeEach
    void leaveAJournalWithAnUnforcedTail() throws IOException {
        try (TestJournal journal = TestJournal.open(original)) {
            journal.get().recover(new RecordedText());
            journal.get().promised(B1);
            all.add("promised 1.1");
            for (int slot = 1; slot <= 6; slot++) {
                append(journal, slot);
            }
            journal.sync();
            forced.addAll(all);
            append(journal, 7);
            append(journal, 8);
            journal.kill();
        }
        try (MappedSegment segment = MappedSegment.open(FileDisk.REAL, 1, file(original))) {
            RecordCursor cursor =
                    new RecordCursor(segment, Identity.read(FileDisk.REAL, original).incarnation());
            while (cursor.next()) {
                if (cursor.fields().firstSlot() == 7) {
                    firstUnforced = cursor.offset();
                }
                end = cursor.offset() + cursor.header().recordBytes();
            }
        }
    }

    private void append(TestJournal journal, int slot) {
        Batch batch = Batches.commands(B1, slot, "slot " + slot);
        journal.get().accepted(batch);
        all.add("accepted " + RecordedText.text(batch));
    }

    @ParameterizedTest
    @EnumSource(Tail.class)
    void keepsAllThatWasForcedWhateverTheTail(Tail tail) throws IOException {
        for (int from = firstUnforced; from < end; from++) {
            Path copy = spoiledCopy(tail, from);
            // Recovering in full costs files; the first pass finds the same.
            Survey survey =
                    Survey.of(
                            new SegmentFiles(FileDisk.REAL, copy.resolve("journal")),
                            Identity.read(FileDisk.REAL, copy),
                            0,
                            null);
            assertThat(survey.forced()).as("from byte %d", from).isPositive();
            if (from % 23 == 0) {
                goesOn(copy, from);
            }
            Trees.delete(copy);
        }
    }

    private void goesOn(Path directory, int from) {
        List<String> kept = heard(directory, true);
        assertThat(kept).as("from byte %d", from).startsWith(forced.toArray(String[]::new));
        assertThat(all).as("from byte %d", from).startsWith(kept.toArray(String[]::new));
        kept.add("accepted " + RecordedText.text(more()));
        assertThat(heard(directory, false)).as("from byte %d, later", from).isEqualTo(kept);
    }

    private static List<String> heard(Path directory, boolean appends) {
        RecordedText heard = new RecordedText();
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(heard);
            if (appends) {
                journal.get().accepted(more());
                journal.sync();
            }
            journal.kill();
        }
        return heard.lines();
    }

    private static Batch more() {
        return Batches.commands(B1, 100, "appended after");
    }

    private Path spoiledCopy(Tail tail, int from) throws IOException {
        Path copy = copies.resolve(tail + "-" + from);
        Trees.copy(original, copy);
        try (FileChannel channel =
                FileChannel.open(file(copy), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            tail.spoil(channel, from, end);
        }
        return copy;
    }

    private static Path file(Path directory) throws IOException {
        return new SegmentFiles(FileDisk.REAL, directory.resolve("journal")).file(1);
    }

    @Test
    void dropsARecordBehindATornOneThoughItIsWhole() throws IOException {
        Path copy = copies.resolve("hole");
        Trees.copy(original, copy);
        try (FileChannel channel = FileChannel.open(file(copy), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(16), firstUnforced + 20);
        }

        assertThat(heard(copy, true)).isEqualTo(forced);
    }

    @Test
    void dropsARecordWhosePayloadIsTornAndAllBehindIt() throws IOException {
        Path copy = copies.resolve("payload");
        Trees.copy(original, copy);
        try (FileChannel channel = FileChannel.open(file(copy), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(4), firstUnforced + RecordHeader.BYTES + 4);
        }

        assertThat(heard(copy, true)).isEqualTo(forced);
    }

    @Test
    void ignoresATailThatWasNotRewrittenToItsEnd() throws IOException {
        Identity identity = Identity.read(FileDisk.REAL, original);
        SegmentFiles files = new SegmentFiles(FileDisk.REAL, original.resolve("journal"));
        Survey survey = Survey.of(files, identity, 0, null);
        Path aside = Files.createDirectory(files.unfinished(7));
        Segment segment = Segment.create(FileDisk.REAL, 7, identity.incarnation(), aside, 1 << 16);
        JournalConfig config = TestJournal.config(original);
        RecordAppender rewriter = new RecordAppender(config, identity, survey.forced(), 0, 0);
        rewriter.open(segment, new Standing(), survey.forced(), 1);
        segment.close();

        assertThat(heard(original, false)).isEqualTo(all);
    }

    @Test
    void ignoresAPreparedFileThatWasNeverUsed() throws IOException {
        Path unused = Files.createDirectory(original.resolve("journal").resolve("00000007"));
        Segment.create(
                        FileDisk.REAL,
                        7,
                        Identity.read(FileDisk.REAL, original).incarnation(),
                        unused,
                        1 << 16)
                .close();

        assertThat(heard(original, false)).isEqualTo(all);
    }
}
