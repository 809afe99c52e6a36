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
import org.agrona.concurrent.UnsafeBuffer;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scenarios 8, 9 and 11: what was forced and is not there any more is found, named, and never
 * truncated away.
 */
class RotTest {
    private static final long B1 = Ballot.of(1, 1);

    @TempDir private Path directory;

    /** File offsets of the records of segment 1, and the end of the last. */
    private final List<Integer> offsets = new ArrayList<>();

    private final List<Integer> lengths = new ArrayList<>();

    @BeforeEach
    void leaveAJournalWithEveryKindOfRecord() throws IOException {
        try (TestJournal journal = TestJournal.open(directory)) {
            ChronicleJournal records = journal.get();
            records.recover(new RecordedText());
            records.promised(B1);
            records.campaigned(B1);
            records.accepted(Batches.entries(Batch.MEMBERSHIP, B1, 1, "members"));
            records.membership(1, new UnsafeBuffer(new byte[8]), 0, 8);
            records.accepted(Batches.commands(B1, 2, "apple", "pear"));
            records.chosen(Batches.chosen(Batches.commands(B1, 4, "plum!")));
            records.committed(B1, 4);
            journal.sync();
            records.accepted(Batches.commands(B1, 5, "proves that all before was forced"));
            journal.sync();
            journal.kill();
        }
        try (MappedSegment segment = MappedSegment.open(FileDisk.REAL, 1, file())) {
            RecordCursor cursor =
                    new RecordCursor(
                            segment, Identity.read(FileDisk.REAL, directory).incarnation());
            while (cursor.next()) {
                offsets.add(cursor.offset());
                lengths.add(cursor.header().headBytes() + cursor.fields().payloadBytes());
            }
        }
    }

    private Path file() throws IOException {
        return new SegmentFiles(FileDisk.REAL, directory.resolve("journal")).file(1);
    }

    @Test
    void findsAFlippedBitInAnyForcedByte() throws IOException {
        try (FileChannel channel =
                FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (int record = 0; record < offsets.size() - 1; record++) {
                for (int i = 0; i < lengths.get(record); i++) {
                    int at = offsets.get(record) + i;
                    flip(channel, at, i % 8);
                    assertThat(survey()).as("byte %d of record %d", i, record).contains("damaged");
                    flip(channel, at, i % 8);
                }
            }
        }
        assertThat(survey()).isEmpty();
    }

    /** What a start would find damaged. */
    private String survey() throws IOException {
        try {
            Survey survey =
                    Survey.of(
                            new SegmentFiles(FileDisk.REAL, directory.resolve("journal")),
                            Identity.read(FileDisk.REAL, directory),
                            0,
                            null);
            return survey.rot().places().isEmpty() ? "" : "damaged: " + survey.rot().places();
        } catch (JournalException e) {
            assertThat(e.kind()).isEqualTo(JournalException.Kind.DAMAGED);
            return e.getMessage();
        }
    }

    private static void flip(FileChannel channel, int at, int bit) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, at);
        one.put(0, (byte) (one.get(0) ^ (1 << bit)));
        channel.write(one.flip(), at);
    }

    /** Nobody knows what it promised: as good as emptied. */
    @Test
    void refusesALostHeadThatNoLaterFileMakesUpFor() throws IOException {
        int apple = 5;
        try (FileChannel channel =
                FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            flip(channel, offsets.get(apple) + RecordHeader.BYTES - 5, 0);
        }
        Files.delete(directory.resolve(StandingCopy.FILE));
        List<String> before = Trees.describe(directory);

        Assertions.assertThatThrownBy(() -> TestJournal.open(directory))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("position ")
                .hasMessageContaining("slots 2 to 3 ")
                .hasMessageContaining("replace the node")
                .hasMessageNotContaining("\n");
        assertThat(Trees.describe(directory)).isEqualTo(before);
    }

    @Test
    void findsARecordMovedToAnotherPlace() throws IOException {
        int from = offsets.get(1);
        int to = offsets.get(2);
        try (FileChannel channel =
                FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer record = ByteBuffer.allocate(lengths.get(1));
            channel.read(record, from);
            channel.write(record.flip(), to);
        }

        assertThat(survey()).contains("damaged");
    }

    @Test
    void findsAMissingSegmentInTheMiddle() throws IOException {
        for (int run = 0; run < 2; run++) {
            try (TestJournal journal = TestJournal.open(directory)) {
                journal.get().recover(new RecordedText());
                journal.get().promised(Ballot.of(2 + run, 1));
                journal.sync();
            }
        }
        SegmentFiles files = new SegmentFiles(FileDisk.REAL, directory.resolve("journal"));
        List<SegmentFiles.Name> names = files.list();
        Trees.delete(names.get(names.size() - 2).directory());

        assertThat(survey()).contains("damaged");
    }

    @Test
    void findsDamageInARewrittenTail() throws IOException {
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(new RecordedText());
            journal.kill();
        }
        SegmentFiles files = new SegmentFiles(FileDisk.REAL, directory.resolve("journal"));
        SegmentFiles.Name rewritten =
                files.list().stream()
                        .filter(SegmentFiles.Name::rewritten)
                        .findFirst()
                        .orElseThrow();
        Path file = files.fileIn(rewritten.directory());
        // Nothing but its name says that it was forced.
        for (SegmentFiles.Name name : files.list()) {
            if (name.number() > rewritten.number()) {
                Trees.delete(name.directory());
            }
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }

        assertThat(survey()).contains("damaged").contains(".rewritten");
    }
}
