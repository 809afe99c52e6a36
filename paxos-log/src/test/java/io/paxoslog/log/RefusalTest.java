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

/** What is refused at start: one clear line, the right kind, and nothing changed on disk. */
class RefusalTest {
    private static final long B1 = Ballot.of(1, 1);

    @TempDir private Path temp;
    private Path directory;

    @BeforeEach
    void makeAJournal() {
        directory = temp.resolve("node");
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(new RecordedText());
            journal.get().promised(B1);
        }
    }

    @Test
    void refusesTheDirectoryOfAnotherNodeAndNamesBoth() throws IOException {
        JournalConfig other =
                new JournalConfig(directory, 4, Durability.SYNC, 1 << 20, 5, TestJournal.BOOT);

        assertThat(refusal(other, Kind.OTHER_NODE)).contains("node 3").contains("node 4");
    }

    @Test
    void refusesADirectoryThatIsOpen() throws IOException {
        try (TestJournal journal = TestJournal.open(directory)) {
            List<String> before = Trees.describe(directory);
            JournalException refusal = refusal(TestJournal.config(directory));

            assertThat(refusal.kind()).isEqualTo(Kind.LOCKED);
            assertThat(journal.get().hasFailed()).isFalse();
            assertThat(Trees.describe(directory)).isEqualTo(before);
        }
    }

    @Test
    void takesTheDirectoryOnceItIsClosed() {
        TestJournal.open(directory).close();
        TestJournal.open(directory).close();
    }

    @Test
    void refusesAFileInPlaceOfADirectory() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "precious");

        assertThat(refusal(TestJournal.config(file), Kind.NOT_WRITABLE)).contains(file.toString());
        assertThat(Files.readString(file)).isEqualTo("precious");
    }

    @Test
    void refusesADirectoryThatCannotBeCreated() throws IOException {
        Path path = Path.of("/proc/paxoslog/node");

        assertThat(refusal(TestJournal.config(path), Kind.NOT_WRITABLE)).contains("/proc/paxoslog");
    }

    private void spoilIdentity() throws IOException {
        Path identity = directory.resolve(Identity.FILE);
        byte[] bytes = Files.readAllBytes(identity);
        bytes[bytes.length - 1] ^= 1;
        Files.write(identity, bytes);
    }

    @Test
    void makesADamagedIdentityAgainFromTheJournal() throws IOException {
        Identity before = Identity.read(FileDisk.REAL, directory);
        spoilIdentity();

        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(new RecordedText());
            assertThat(journal.get().rebuilt()).contains("identity was missing or damaged");
        }

        assertThat(Identity.read(FileDisk.REAL, directory)).isEqualTo(before);
        Files.delete(directory.resolve(Identity.FILE));
        assertThat(reopened(TestJournal.config(directory))).containsExactly("promised 1.1");
        assertThat(Identity.read(FileDisk.REAL, directory)).isEqualTo(before);
    }

    @Test
    void refusesADamagedIdentityOfAnotherNode() throws IOException {
        spoilIdentity();
        JournalConfig other =
                new JournalConfig(directory, 4, Durability.SYNC, 1 << 20, 5, TestJournal.BOOT);

        assertThat(refusal(other, Kind.OTHER_NODE)).contains("node 3").contains("node 4");
    }

    @Test
    void refusesADamagedIdentityThatNoJournalProves() throws IOException {
        spoilIdentity();
        for (SegmentFiles.Name name :
                new SegmentFiles(FileDisk.REAL, directory.resolve("journal")).list()) {
            Files.write(name.directory().resolve("19700101F.cq4"), new byte[1 << 17]);
        }

        assertThat(refusal(TestJournal.config(directory), Kind.DAMAGED)).contains("identity");
    }

    @Test
    void refusesAnIdentityWithoutJournal() throws IOException {
        Trees.delete(directory.resolve("journal"));

        assertThat(refusal(TestJournal.config(directory), Kind.DAMAGED)).contains("journal");
    }

    @Test
    void refusesANewerFormat() throws IOException {
        Identity identity = Identity.read(FileDisk.REAL, directory);
        Files.write(directory.resolve(Identity.FILE), identity.encode(Identity.FORMAT_VERSION + 1));

        assertThat(refusal(TestJournal.config(directory), Kind.NEWER_FORMAT))
                .contains("version " + (Identity.FORMAT_VERSION + 1));
    }

    @Test
    void takesASyncJournalBackAfterTheMachineWasRestarted() {
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(new RecordedText());
            journal.sync();
            journal.kill();
        }

        assertThat(reopened(TestJournal.config(directory).withBootId("boot-2")))
                .contains("promised 1.1");
    }

    private static List<String> reopened(JournalConfig config) {
        RecordedText heard = new RecordedText();
        try (TestJournal journal = TestJournal.open(config, TestJournal.CACHE)) {
            journal.get().recover(heard);
        }
        return heard.lines();
    }

    private String refusal(JournalConfig config, Kind kind) throws IOException {
        List<String> before = Trees.describe(temp);
        JournalException refusal = refusal(config);
        assertThat(refusal.kind()).isEqualTo(kind);
        assertThat(refusal.getMessage()).doesNotContain("\n");
        assertThat(Trees.describe(temp)).isEqualTo(before);
        return refusal.getMessage();
    }

    private static JournalException refusal(JournalConfig config) {
        return catchThrowableOfType(
                JournalException.class, () -> ChronicleJournal.open(config).close());
    }

    @Test
    void leavesNothingBehindWhenDiscardedUnused() throws IOException {
        List<String> before = Trees.describe(temp);
        TestJournal journal = TestJournal.open(temp.resolve("a").resolve("b"));
        journal.get().recover(new RecordedText());

        assertThat(journal.get().discardIfUnused()).isTrue();
        assertThat(Trees.describe(temp)).isEqualTo(before);
    }

    @Test
    void leavesNothingBehindWhenDiscardedBeforeRecovery() throws IOException {
        List<String> before = Trees.describe(temp);

        assertThat(TestJournal.open(temp.resolve("c")).get().discardIfUnused()).isTrue();
        assertThat(Trees.describe(temp)).isEqualTo(before);
    }

    @Test
    void keepsAUsedJournalWhenAskedToDiscardIt() throws IOException {
        TestJournal journal = TestJournal.open(temp.resolve("d"));
        journal.get().recover(new RecordedText());
        journal.get().promised(B1);

        assertThat(journal.get().discardIfUnused()).isFalse();
        assertThat(reopened(TestJournal.config(temp.resolve("d")))).containsExactly("promised 1.1");
    }

    @Test
    void keepsAnOlderJournalWhenAskedToDiscardIt() {
        TestJournal journal = TestJournal.open(directory);
        journal.get().recover(new RecordedText());

        assertThat(journal.get().discardIfUnused()).isFalse();
        assertThat(reopened(TestJournal.config(directory))).containsExactly("promised 1.1");
    }

    @Test
    void startsOverWhereAProcessDiedBeforeTheJournalWasMade() throws IOException {
        Path unfinished = temp.resolve("e");
        try (TestJournal journal = TestJournal.open(unfinished)) {
            journal.get().recover(new RecordedText());
        }
        Files.move(unfinished.resolve(Identity.FILE), unfinished.resolve(Identity.ASIDE));

        assertThat(reopened(TestJournal.config(unfinished))).isEmpty();
    }
}
