package io.paxoslog.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rot among what was forced: its slots are unknown, whatever older records say, nothing is
 * truncated, and once they are written down as chosen all is well again. Two runs wrote the
 * journal; slots 1 to 9 are chosen, 10 and 11 accepted under 2.2.
 */
class RepairedRotTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final long B2 = Ballot.of(2, 2);
    private static final String FIRST = "journal/00000001/19700101F.cq4";
    private static final String SECOND = "journal/00000002/19700101F.cq4";
    private static final String THIRD = "journal/00000003/19700101F.cq4";

    @TempDir private Path temp;
    private Path directory;
    private final SortedMap<Long, String> values = new TreeMap<>();
    private final RecordedText heard = new RecordedText();
    private List<String> unknown = new ArrayList<>();

    @BeforeEach
    void leaveTwoRuns() {
        directory = temp.resolve("node");
        try (TestJournal journal = TestJournal.open(directory)) {
            ChronicleJournal records = journal.get();
            records.recover(new RecordedText());
            records.promised(B1);
            records.accepted(Batches.entries(Batch.MEMBERSHIP, B1, 1, "members"));
            records.membership(1, new UnsafeBuffer("members".getBytes(US_ASCII)), 0, 7);
            records.committed(B1, 1);
            records.accepted(Batches.commands(B1, 2, "stale", "three"));
            records.promised(B2);
            records.accepted(Batches.commands(B2, 2, "two"));
            records.accepted(Batches.commands(B2, 3, "three", "four"));
            records.committed(B2, 4);
            records.chosen(Batches.chosen(Batches.commands(B2, 5, "five", "six")));
            records.accepted(Batches.commands(B2, 7, "seven"));
            records.held(4, 0);
        }
        try (TestJournal journal = TestJournal.open(directory)) {
            ChronicleJournal records = journal.get();
            records.recover(new RecordedText());
            records.accepted(Batches.commands(B2, 8, "eight"));
            records.accepted(Batches.commands(B2, 9, "nine"));
            records.committed(B2, 9);
            records.accepted(Batches.commands(B2, 10, "ten", "eleven"));
        }
        String[] words = {"members", "two", "three", "four", "five", "six", "seven", "eight"};
        for (int i = 0; i < words.length; i++) {
            values.put(i + 1L, words[i]);
        }
        values.put(9L, "nine");
    }

    /** Offsets of all records of a file, and where the last one ends. */
    private List<Integer> offsets(String file) throws IOException {
        List<Integer> offsets = new ArrayList<>();
        int[] end = new int[1];
        TestJournal.forEachRecord(
                directory,
                file,
                cursor -> {
                    offsets.add(cursor.offset());
                    end[0] = cursor.offset() + cursor.header().headBytes();
                    end[0] += cursor.fields().payloadBytes();
                });
        offsets.add(end[0]);
        return offsets;
    }

    private void flip(String file, int at, int bit) throws IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve(file));
        bytes[at] ^= (byte) (1 << bit);
        Files.write(directory.resolve(file), bytes);
    }

    private void wipe(String file, int from, int to) throws IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve(file));
        Arrays.fill(bytes, from, to, (byte) 0);
        Files.write(directory.resolve(file), bytes);
    }

    private TestJournal recover() {
        TestJournal journal = TestJournal.open(directory);
        heard.lines().clear();
        journal.get().recover(heard);
        unknown = new ArrayList<>();
        journal.get().forEachUnknown((first, last) -> unknown.add(first + ".." + last));
        return journal;
    }

    private String valueOf(ChronicleJournal journal, long slot) {
        List<String> found = new ArrayList<>();
        try (JournalReader reader = journal.newReader(damaged -> {})) {
            reader.readAll(
                    slot,
                    slot,
                    batch ->
                            found.add(
                                    batch.buffer()
                                            .getStringWithoutLengthAscii(
                                                    Batch.ENTRY_PREFIX_BYTES,
                                                    batch.length() - Batch.ENTRY_PREFIX_BYTES)));
        }
        return found.isEmpty() ? null : found.get(0);
    }

    private boolean isUnknown(long slot) {
        return unknown.stream()
                .map(range -> range.split("\\.\\."))
                .anyMatch(
                        ends -> Long.parseLong(ends[0]) <= slot && slot <= Long.parseLong(ends[1]));
    }

    private void requireRightOrUnknown(ChronicleJournal journal, String what) {
        for (long slot = 1; slot <= 9; slot++) {
            String found = valueOf(journal, slot);
            assertThat(found == null ? "lost" : found)
                    .as("%s, slot %d of %s, unknown %s", what, slot, heard.lines(), unknown)
                    .isEqualTo(isUnknown(slot) ? "lost" : values.get(slot));
        }
        assertThat(heard.lines())
                .as(what)
                .contains("promised 2.2")
                .contains("membership 1 members");
        assertThat(heard.lines()).as(what).contains("held 4 against 0");
    }

    private void repair(ChronicleJournal journal) {
        for (long slot = 1; slot <= 9; slot++) {
            if (isUnknown(slot)) {
                byte kind = slot == 1 ? Batch.MEMBERSHIP : Batch.COMMANDS;
                Batch batch = Batches.entries(kind, B2, slot, values.get(slot));
                journal.chosen(Batches.chosen(batch));
            }
        }
    }

    /** The last file: nothing but the second copy says what the node promised. */
    @Test
    void everyHoleInTheLastRunLeavesTheRestRightAndCanBeMadeGood() throws IOException {
        List<Integer> offsets = offsets(SECOND);
        for (int from = 0; from < offsets.size() - 1; from++) {
            for (int to = from + 1; to < offsets.size(); to++) {
                Path whole = temp.resolve("whole");
                Trees.copy(directory, whole);
                wipe(SECOND, offsets.get(from), offsets.get(to));
                String what = "records " + from + " to " + to;
                for (int start = 0; start < 2; start++) {
                    try (TestJournal journal = recover()) {
                        requireNothingWrong(journal.get(), what);
                    }
                }
                Trees.delete(directory);
                Files.move(whole, directory);
            }
        }
    }

    private void requireNothingWrong(ChronicleJournal journal, String what) {
        for (long slot = 1; slot <= 9; slot++) {
            String found = valueOf(journal, slot);
            assertThat(found == null ? values.get(slot) : found)
                    .as("%s, slot %d", what, slot)
                    .isEqualTo(values.get(slot));
        }
        assertThat(heard.lines()).as(what).contains("promised 2.2", "membership 1 members");
        assertThat(heard.lines()).as(what).contains("held 4 against 0");
    }

    /** A record behind them proves that they were forced; what they said, the second copy says. */
    @Test
    void aLostPromiseAndALostHoldStandInTheSecondCopy() throws IOException {
        List<Integer> offsets = offsetsAfter(Ballot.of(9, 3), 6, 7);
        wipe(THIRD, offsets.get(offsets.size() - 4), offsets.get(offsets.size() - 2));

        recover().close();

        assertThat(heard.lines()).contains("promised 9.3", "held 6 against 0");
    }

    /** It looks as if it had never been written. */
    @Test
    void aPromiseThatIsLostAtTheVeryEndStandsInTheSecondCopy() throws IOException {
        List<Integer> offsets = offsetsAfter(Ballot.of(9, 3));
        wipe(THIRD, offsets.get(offsets.size() - 2), offsets.get(offsets.size() - 1));

        recover().close();
        assertThat(heard.lines()).contains("promised 9.3");
        recover().close();
        assertThat(heard.lines()).contains("promised 9.3");
    }

    private List<Integer> offsetsAfter(long promise, long... holds) throws IOException {
        try (TestJournal journal = recover()) {
            journal.get().promised(promise);
            journal.sync();
            for (long slot : holds) {
                journal.get().held(slot, 0);
                journal.sync();
            }
            journal.kill();
        }
        return offsets(THIRD);
    }

    @Test
    void returnsWhenHeadsOfTheLastFileAreLost() throws IOException {
        List<Integer> offsets = offsets(SECOND);
        wipe(SECOND, offsets.get(1), offsets.get(2));

        recover().close();
        assertThat(heard.lines()).contains("promised 2.2", "returning 2.2");
        recover().close();
        assertThat(heard.lines()).contains("promised 2.2", "returning 2.2");
    }

    @Test
    void aFlippedBitAnywhereInTheFirstRunLeavesTheRestRightAndCanBeMadeGood() throws IOException {
        List<Integer> offsets = offsets(FIRST);
        for (int at = offsets.get(0); at < offsets.get(offsets.size() - 1); at += 5) {
            Path whole = temp.resolve("whole");
            Trees.copy(directory, whole);
            flip(FIRST, at, at % 8);
            String what = "byte " + at;
            try (TestJournal journal = recover()) {
                requireRightOrUnknown(journal.get(), what);
                repair(journal.get());
            }
            try (TestJournal journal = recover()) {
                assertThat(unknown).as(what).isEmpty();
                requireRightOrUnknown(journal.get(), what);
            }
            assertThat(JournalVerifier.verify(directory).findings()).as(what).isEmpty();
            Trees.delete(directory);
            Files.move(whole, directory);
        }
    }

    @Test
    void everyHoleInTheFirstRunLeavesTheRestRightAndCanBeMadeGood() throws IOException {
        List<Integer> offsets = offsets(FIRST);
        for (int from = 0; from < offsets.size() - 1; from++) {
            for (int to = from + 1; to < offsets.size(); to += 2) {
                Path whole = temp.resolve("whole");
                Trees.copy(directory, whole);
                wipe(FIRST, offsets.get(from), offsets.get(to));
                String what = "records " + from + " to " + to;
                try (TestJournal journal = recover()) {
                    requireRightOrUnknown(journal.get(), what);
                    repair(journal.get());
                }
                try (TestJournal journal = recover()) {
                    assertThat(unknown).as(what).isEmpty();
                    requireRightOrUnknown(journal.get(), what);
                }
                Trees.delete(directory);
                Files.move(whole, directory);
            }
        }
    }

    @Test
    void anOlderRecordNeverTakesThePlaceOfALostOne() throws IOException {
        List<Integer> offsets = offsets(FIRST);
        int two = 7;
        flip(FIRST, offsets.get(two) + RecordHeader.BYTES + 5, 1);

        try (TestJournal journal = recover()) {
            assertThat(unknown).containsExactly("2..2");
            assertThat(valueOf(journal.get(), 2)).isNull();
            assertThat(heard.lines()).contains("unknown 2.2 2..2").doesNotContain("returning 2.2");
        }
    }

    /** An accepted value: nobody else may supply it, and the promise still tells of it. */
    @Test
    void anAcceptedValueThatIsLostIsToldAsUnknownUnderItsBallot() throws IOException {
        List<Integer> offsets = offsets(SECOND);
        flip(SECOND, offsets.get(4) + RecordHeader.BYTES + 5, 1);

        try (TestJournal journal = recover()) {
            assertThat(heard.lines()).contains("unknown 2.2 10..11").contains("committed 2.2 9");
            assertThat(unknown).containsExactly("10..11");
            journal.get().accepted(Batches.commands(B2, 10, "ten", "eleven"));
        }
        try (TestJournal journal = recover()) {
            assertThat(unknown).isEmpty();
            assertThat(valueOf(journal.get(), 11)).isEqualTo("eleven");
        }
    }

    /** What the gap held may have been votes for slots that are not chosen. */
    @Test
    void returnsWhenVotesMayBeLost() throws IOException {
        try (TestJournal journal = recover()) {
            journal.get().promised(Ballot.of(3, 3));
        }
        List<Integer> offsets = offsets(SECOND);
        wipe(SECOND, offsets.get(4), offsets.get(5));

        recover().close();

        assertThat(heard.lines()).contains("returning 3.3").contains("promised 3.3");
    }

    @Test
    void doesNotReturnWhenAllThatMayBeLostIsChosen() throws IOException {
        List<Integer> offsets = offsets(FIRST);
        wipe(FIRST, offsets.get(7), offsets.get(8));

        recover().close();

        assertThat(unknown).containsExactly("2..2");
        assertThat(heard.lines()).noneMatch(line -> line.startsWith("returning"));
    }

    @Test
    void refusesAGapInTheLastFileThatNothingMakesUpFor() throws IOException {
        List<Integer> offsets = offsets(SECOND);
        wipe(SECOND, offsets.get(1), offsets.get(2));
        Files.delete(directory.resolve(StandingCopy.FILE));
        List<String> before = Trees.describe(directory);

        JournalException refused =
                catchThrowableOfType(JournalException.class, () -> recover().close());

        assertThat(refused.kind()).isEqualTo(JournalException.Kind.DAMAGED);
        assertThat(refused).hasMessageContaining("replace the node");
        assertThat(Trees.describe(directory)).isEqualTo(before);
    }

    @Test
    void goesOnWhereAFileInTheMiddleIsGone() throws IOException {
        recover().close();
        Trees.delete(directory.resolve("journal/00000002"));

        try (TestJournal journal = recover()) {
            requireRightOrUnknown(journal.get(), "without file 2");
            // Whether 7 was chosen as it is here was said there.
            assertThat(unknown).containsExactly("7..9");
        }
    }

    @Test
    void goesOnWhereTheFirstFileIsGone() throws IOException {
        Trees.delete(directory.resolve("journal/00000001"));

        try (TestJournal journal = recover()) {
            assertThat(journal.get().firstKept()).isEqualTo(8);
            assertThat(valueOf(journal.get(), 9)).isEqualTo("nine");
            assertThat(heard.lines()).contains("promised 2.2", "membership 1 members");
        }
    }

    @Test
    void rotIsNeverRemoved() throws IOException {
        byte[] none = new byte[0];
        Files.write(directory.resolve(FIRST), none);

        recover().close();
        recover().close();

        assertThat(directory.resolve(FIRST)).exists();
        assertThat(unknown).containsExactly("1..7");
    }
}
