package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.paxoslog.log.JournalException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory belongs to one node at a time, whatever is tried with it meanwhile. */
class DirectoryLockTest {
    @TempDir private Path temp;

    @Test
    void keepsOtherProcessesOutAfterALaunchInThisOneWasRefused() throws Exception {
        Path directory = temp.resolve("node");
        Path link = Files.createSymbolicLink(temp.resolve("link"), directory);
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(new RecordedText());

            assertThat(refusal(directory).kind()).isEqualTo(Kind.LOCKED);
            assertThat(refusal(link).kind()).isEqualTo(Kind.LOCKED);
            assertThat(refusal(temp.resolve("./node")).kind()).isEqualTo(Kind.LOCKED);

            assertThat(whatAnotherProcessSays(directory)).isEqualTo("LOCKED");
        }
        assertThat(whatAnotherProcessSays(directory)).isEqualTo("opened");
    }

    @Test
    void keepsOtherProcessesOutThoughTheLockHasASecondName() throws Exception {
        Path directory = temp.resolve("node");
        Path other = Files.createDirectory(temp.resolve("other"));
        try (TestJournal journal = TestJournal.open(directory)) {
            Files.createLink(other.resolve("lock"), directory.resolve("lock"));

            assertThat(refusal(other).kind()).isEqualTo(Kind.LOCKED);
            assertThat(journal.get().hasFailed()).isFalse();
            assertThat(whatAnotherProcessSays(directory)).isEqualTo("LOCKED");
        }
    }

    @Test
    void knowsAHeldFileWhateverItIsCalledMeanwhile() throws IOException {
        Path file = temp.resolve("lock");
        Path later = temp.resolve("later");
        try (Closeable held = FileDisk.REAL.lock(file)) {
            Files.move(file, later);
            try (Closeable another = FileDisk.REAL.lock(file)) {
                assertThat(another).isNotNull();
                assertThat(FileDisk.REAL.lock(later)).isNull();
            }
            assertThat(held).isNotNull();
        }
    }

    @Test
    void takesTheFileThatIsThereAndNotOneThatWasGivenUpMeanwhile() throws Exception {
        Path directory = Files.createDirectory(temp.resolve("node"));
        Path file = directory.resolve("lock");
        int[] opened = new int[1];
        DirectoryLock.Opener slow =
                path -> {
                    FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
                    if (opened[0]++ == 0) {
                        // Who holds it gives the directory up, and the next one makes it anew.
                        Files.delete(path);
                        Files.createFile(path);
                    }
                    return channel;
                };
        try (Closeable held = DirectoryLock.take(file, slow)) {
            assertThat(held).isNotNull();
            assertThat(whatAnotherProcessSays(directory)).isEqualTo("LOCKED");
        }
    }

    @Test
    void takesNothingFromOtherCodeOfThisProcessThatHoldsTheFile() throws Exception {
        Path directory = Files.createDirectory(temp.resolve("node"));
        Path file = Files.createFile(directory.resolve("lock"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThat(channel.tryLock()).isNotNull();

            assertThat(FileDisk.REAL.lock(file)).isNull();
            assertThat(whatAnotherProcessSays(directory)).isEqualTo("LOCKED");
        }
    }

    @Test
    void removesNothingOfAnUnusedDirectoryWithoutHoldingIt() throws IOException {
        Path directory = temp.resolve("a").resolve("b");
        List<String> tookAwayUnlocked = new ArrayList<>();
        boolean[] isLocked = new boolean[1];
        FileDisk disk =
                new FileDisk() {
                    @Override
                    public Closeable lock(Path file) throws IOException {
                        Closeable lock = super.lock(file);
                        isLocked[0] = true;
                        return () -> {
                            isLocked[0] = false;
                            lock.close();
                        };
                    }

                    @Override
                    public boolean delete(Path path) throws IOException {
                        boolean isThere = super.delete(path);
                        if (isThere && !isLocked[0]) {
                            tookAwayUnlocked.add(path.toString());
                        }
                        return isThere;
                    }
                };
        TestJournal journal = TestJournal.open(TestJournal.config(directory), disk);
        journal.get().recover(new RecordedText());

        assertThat(journal.get().discardIfUnused()).isTrue();
        assertThat(temp.resolve("a")).doesNotExist();
        assertThat(tookAwayUnlocked).isEmpty();
    }

    @Test
    void leavesADirectoryAloneThatIsClosedAlready() throws IOException {
        Path directory = temp.resolve("node");
        TestJournal journal = TestJournal.open(directory);
        journal.get().recover(new RecordedText());
        journal.close();

        assertThat(journal.get().discardIfUnused()).isFalse();
        assertThat(directory.resolve(Identity.FILE)).exists();
    }

    @Test
    void takesADirectoryThatGoesWhileItIsBeingTaken() throws IOException {
        Path directory = temp.resolve("node");
        int[] tries = new int[1];
        FileDisk disk =
                new FileDisk() {
                    @Override
                    public Closeable lock(Path file) throws IOException {
                        if (tries[0]++ == 0) {
                            // As the process does that made the directory and gives it up.
                            Files.delete(directory);
                        }
                        return super.lock(file);
                    }
                };
        try (TestJournal journal = TestJournal.open(TestJournal.config(directory), disk)) {
            journal.get().recover(new RecordedText());
            assertThat(tries[0]).isEqualTo(2);
            assertThat(directory.resolve(Identity.FILE)).exists();
        }
    }

    private static JournalException refusal(Path directory) {
        return catchThrowableOfType(
                JournalException.class, () -> TestJournal.open(directory).close());
    }

    private static String whatAnotherProcessSays(Path directory) throws Exception {
        Process process = ChildJvm.start(Opening.class, directory.toString());
        String said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said.strip();
    }

    /** The other process. */
    static final class Opening {
        private Opening() {}

        public static void main(String[] args) {
            try {
                TestJournal.open(Path.of(args[0])).close();
                System.out.println("opened");
            } catch (JournalException e) {
                System.out.println(e.kind());
            }
        }
    }
}
