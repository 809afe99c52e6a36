package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scenarios 14 and 16: power goes before each single call to the disk in turn, and everything
 * forced is there.
 */
class PowerLossTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final int MOST_CALLS = 200;

    @TempDir private Path directories;

    @Test
    void losesNothingForcedWhateverTheCall() throws IOException {
        boolean reachedTheEnd = false;
        for (int calls = 0; !reachedTheEnd; calls++) {
            assertThat(calls).isLessThan(MOST_CALLS);
            Path directory = directories.resolve("calls-" + calls);
            Files.createDirectory(directory);
            PowerLossDisk disk = new PowerLossDisk(directory, calls);
            List<String> forced = new ArrayList<>();
            List<String> told = new ArrayList<>();
            run(directory, disk, forced, told);
            run(directory, disk, forced, told);
            reachedTheEnd = !disk.isLost();
            disk.takeAway(true);

            requireForced(directory, forced, told, calls);
            Trees.delete(directory);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void losesNothingThatRecoveryFoundInTheCacheAndForced(boolean namesToo) throws IOException {
        Path original = directories.resolve("original");
        List<String> told = new ArrayList<>();
        leaveAnUnforcedTail(original, told);
        boolean reachedTheEnd = false;
        for (int calls = 0; !reachedTheEnd; calls++) {
            assertThat(calls).isLessThan(MOST_CALLS);
            Path directory = directories.resolve("calls-" + calls);
            Trees.copy(original, directory);
            // The cache still holds the tail, and for once the disk does, too.
            PowerLossDisk disk = new PowerLossDisk(directory, calls).holdingAllThatIsThere();
            List<String> forced = new ArrayList<>(told);
            List<String> allTold = new ArrayList<>(told);
            run(directory, disk, forced, allTold);
            reachedTheEnd = !disk.isLost();
            disk.takeAway(namesToo);

            requireForced(directory, forced, allTold, calls);
            Trees.delete(directory);
        }
    }

    private static void leaveAnUnforcedTail(Path directory, List<String> told) {
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(new RecordedText());
            for (int slot = 1; slot <= 6; slot++) {
                append(journal, told, slot, "tail");
                if (slot == 3) {
                    journal.sync();
                }
            }
            journal.kill();
        }
    }

    /** Appends over a roll; what {@code forced} holds in the end was acknowledged. */
    private static void run(Path directory, Disk disk, List<String> forced, List<String> told) {
        try (TestJournal journal = TestJournal.open(TestJournal.config(directory), disk)) {
            journal.get().recover(new RecordedText());
            forced.clear();
            forced.addAll(told);
            String filler = "x".repeat(7_000);
            for (int i = 0; i < 22 && !journal.get().hasFailed(); i++) {
                append(journal, told, told.size() + 1, filler);
                if (i % 4 == 0 && journal.trySync()) {
                    forced.clear();
                    forced.addAll(told);
                }
            }
            journal.kill();
        } catch (JournalException e) {
            assertThat(e.kind())
                    .isIn(JournalException.Kind.DISK, JournalException.Kind.NOT_WRITABLE);
        }
    }

    private static void append(TestJournal journal, List<String> told, int slot, String text) {
        Batch batch = Batches.commands(B1, slot, "slot " + slot + text);
        journal.get().accepted(batch);
        told.add(shortened("accepted " + RecordedText.text(batch)));
    }

    private static String shortened(String line) {
        return line.replace("x", "");
    }

    private static void requireForced(
            Path directory, List<String> forced, List<String> told, int calls) {
        RecordedText heard = new RecordedText();
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(heard);
        }
        List<String> lines = heard.lines().stream().map(PowerLossTest::shortened).toList();
        assertThat(isPrefix(forced, lines)).as("after %d calls: %s", calls, lines).isTrue();
        assertThat(isPrefix(lines, told)).as("after %d calls: %s", calls, lines).isTrue();
    }

    private static boolean isPrefix(List<String> prefix, List<String> lines) {
        return prefix.size() <= lines.size() && lines.subList(0, prefix.size()).equals(prefix);
    }
}
