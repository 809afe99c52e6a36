package io.paxoslog.log;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.paxoslog.codecs.JournalFormat;
import io.paxoslog.codecs.journal.RecordType;
import io.paxoslog.core.JournalRecords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;

/**
 * Records whose checksums are right and whose content is anything, and bytes that are changed
 * behind the checksums' back: a journal is read, or refused with a line. Files are read once and
 * changed in memory.
 */
@Tag("fuzz")
class JournalRecordFuzzTest {
    private static final int ROOM = 16 << 10;
    private static final Original ORIGINAL = Original.make();

    private final UnsafeBuffer file = new UnsafeBuffer(ByteBuffer.allocateDirect(ROOM));
    private final Disk disk = new ChangedDisk(file);

    @FuzzTest(maxDuration = "10m")
    void whateverAJournalHoldsItIsReadOrRefused(FuzzedDataProvider data) throws IOException {
        file.putBytes(0, ORIGINAL.bytes, 0, ROOM);
        Chain chain = new Chain(file, ORIGINAL);
        while (data.remainingBytes() > 0 && chain.hasRoom()) {
            if (data.consumeBoolean()) {
                chain.append(data);
            } else {
                int at = data.consumeInt(0, ROOM - 1);
                file.putByte(at, data.consumeByte());
            }
        }
        try {
            read();
        } catch (JournalException e) {
            if (e.getMessage().lines().count() != 1) {
                throw new AssertionError("not one line: " + e.getMessage(), e);
            }
        }
    }

    private void read() throws IOException {
        SegmentFiles files = new SegmentFiles(disk, ORIGINAL.directory.resolve("journal"));
        Survey survey = Survey.of(files, ORIGINAL.identity, 0, null);
        JournalRecords heard = new RecordedText();
        RecordReplay replay = new RecordReplay();
        try (MappedSegment segment = MappedSegment.open(disk, 1, ORIGINAL.file)) {
            RecordCursor cursor = new RecordCursor(segment, ORIGINAL.identity.incarnation());
            while (cursor.next() && cursor.fields().position() < survey.end()) {
                replay.replay(cursor, heard);
            }
        }
    }

    /** Records that follow one another as the journal's own do. */
    private static final class Chain {
        private final RecordHeader header = new RecordHeader();
        private final Checksum checksum = new Checksum();
        private final UnsafeBuffer file;
        private int offset;
        private long position;
        private int previous;

        Chain(UnsafeBuffer file, Original original) {
            this.file = file;
            this.offset = original.end;
            this.position = original.position;
            this.previous = original.checksum;
        }

        boolean hasRoom() {
            return offset < ROOM - 1024;
        }

        void append(FuzzedDataProvider data) {
            RecordType type = data.pickValue(RecordType.values());
            byte[] payload = data.consumeBytes(data.consumeInt(0, 256));
            int at = offset + Integer.BYTES;
            file.putBytes(at + RecordHeader.BYTES, payload);
            int sum = checksum.of(file, at + RecordHeader.BYTES, payload.length);
            header.encode(JournalFormat.LOWEST)
                    .recordType(type)
                    .kind(data.consumeByte())
                    .position(data.consumeProbabilityDouble() < 0.1 ? data.consumeLong() : position)
                    .forcedPosition(data.consumeBoolean() ? 0 : data.consumeLong())
                    .previousChecksum(Integer.toUnsignedLong(previous))
                    .payloadBytes(payload.length)
                    .payloadChecksum(Integer.toUnsignedLong(sum))
                    .firstSlot(data.consumeBoolean() ? 3 : data.consumeLong())
                    .count(data.consumeBoolean() ? 1 : data.consumeInt())
                    .ballot(data.consumeBoolean() ? 65_537 : data.consumeLong())
                    .originBallot(data.consumeBoolean() ? 65_537 : data.consumeLong())
                    .timestamp(data.consumeLong());
            previous = header.writeTo(file, ORIGINAL.identity.incarnation(), 1, at);
            int bytes = RecordHeader.aligned(RecordHeader.BYTES + payload.length);
            position += bytes;
            offset = at + bytes;
        }
    }

    /** A journal of a few records, and where its last one ends. */
    private record Original(
            Path directory,
            Path file,
            Identity identity,
            UnsafeBuffer bytes,
            int end,
            long position,
            int checksum) {

        static Original make() {
            try {
                Path directory = Files.createTempDirectory("journal-fuzz");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(directory)));
                return write(directory);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private static Original write(Path directory) throws IOException {
            try (TestJournal journal = TestJournal.open(directory)) {
                journal.get().recover(new RecordedText());
                journal.get().promised(65_537);
                journal.get().accepted(Batches.commands(65_537, 1, "pear", "fig"));
                journal.sync();
                journal.kill();
            }
            Identity identity = Identity.read(FileDisk.REAL, directory);
            Path file = new SegmentFiles(FileDisk.REAL, directory.resolve("journal")).file(1);
            try (MappedSegment segment = MappedSegment.open(FileDisk.REAL, 1, file)) {
                RecordCursor cursor = new RecordCursor(segment, identity.incarnation());
                int end = 0;
                long position = 0;
                int checksum = 0;
                while (cursor.next()) {
                    end = cursor.offset() + cursor.header().recordBytes();
                    position = cursor.endPosition();
                    checksum = cursor.header().checksum();
                }
                byte[] bytes = new byte[ROOM];
                segment.bytes().getBytes(0, bytes);
                return new Original(
                        directory,
                        file,
                        identity,
                        new UnsafeBuffer(bytes),
                        end,
                        position,
                        checksum);
            }
        }

        private static void remove(Path directory) {
            try {
                Trees.delete(directory);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** The files of the original, the one with records as it is in memory. */
    private static final class ChangedDisk extends FileDisk {
        private final UnsafeBuffer changed;

        ChangedDisk(UnsafeBuffer changed) {
            this.changed = changed;
        }

        @Override
        public UnsafeBuffer map(Path file) {
            return changed;
        }

        @Override
        public void unmap(UnsafeBuffer bytes) {}
    }
}
