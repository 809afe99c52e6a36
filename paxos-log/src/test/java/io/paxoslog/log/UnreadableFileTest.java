package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.paxoslog.core.Ballot;
import io.paxoslog.log.JournalException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part of a file that the disk does not give back refuses the start, and is named. */
class UnreadableFileTest {
    private static final long B1 = Ballot.of(1, 1);

    @TempDir private Path directory;

    /** A disk with a bad place in the file of records. */
    private static final class BadDisk extends FileDisk {
        private final long badByte;

        BadDisk(long badByte) {
            this.badByte = badByte;
        }

        @Override
        public void load(Path file, long from, long to) throws IOException {
            if (from <= badByte && badByte < to) {
                throw new UnreadableException(file, badByte, new IOException("Input/output error"));
            }
            super.load(file, from, to);
        }
    }

    @BeforeEach
    void leaveAJournal() {
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(new RecordedText());
            journal.get().promised(B1);
        }
    }

    private JournalException refusal(Disk disk) {
        return catchThrowableOfType(
                JournalException.class,
                () -> TestJournal.open(TestJournal.config(directory), disk).close());
    }

    /** Nothing else says what this node promised. */
    @Test
    void namesFileAndByteWhereverItIs() throws IOException {
        Files.delete(directory.resolve(StandingCopy.FILE));
        List<String> before = Trees.describe(directory);
        Path file = new SegmentFiles(FileDisk.REAL, directory.resolve("journal")).file(1);
        for (long badByte : new long[] {0, 140_000, 190_000}) {
            JournalException refusal = refusal(new BadDisk(badByte));

            assertThat(refusal.kind()).isEqualTo(Kind.DAMAGED);
            assertThat(refusal.getMessage())
                    .contains(file.toString())
                    .contains("byte " + badByte)
                    .contains("Input/output error")
                    .doesNotContain("\n");
        }
        assertThat(Trees.describe(directory)).isEqualTo(before);
    }

    @Test
    void namesTheFileWhenAMappingFails() {
        Disk disk =
                new FileDisk() {
                    @Override
                    public void load(Path file, long from, long to) {
                        throw new InternalError("a fault occurred in an unsafe memory access");
                    }
                };

        JournalException refusal = refusal(disk);
        assertThat(refusal.kind()).isEqualTo(Kind.DAMAGED);
        assertThat(refusal.getMessage()).contains(".cq4").doesNotContain("\n");
    }
}
