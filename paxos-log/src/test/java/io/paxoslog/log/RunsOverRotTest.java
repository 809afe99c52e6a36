package io.paxoslog.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.journal.RecordType;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Runs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rot takes nothing of what a node told others of its journal, as long as it is proven; and it
 * never lets an old copy hold more than it did. Two runs wrote the journal, of 8 and of 6 records
 * that count.
 */
class RunsOverRotTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final long B2 = Ballot.of(2, 2);
    private static final long OTHER = MemberId.of(2, 5);
    private static final String FIRST = "journal/00000001/19700101F.cq4";
    private static final String SECOND = "journal/00000002/19700101F.cq4";
    private static final String THIRD = "journal/00000003/19700101F.cq4";
    private static final int IN_FIRST = 8;
    private static final int IN_ALL = 14;

    private record Found(int offset, int end, RecordType type) {
        boolean isCounted() {
            return RecordReplay.isCounted(type);
        }
    }

    @TempDir private Path temp;
    private Path directory;
    private Path olderCopy;
    private long firstRun;
    private long secondRun;
    private long thirdRun;
    private final RecordedText heard = new RecordedText();

    @BeforeEach
    void leaveTwoRuns() throws IOException {
        directory = temp.resolve("node");
        olderCopy = temp.resolve("copy");
        firstRun =
                run(
                        it -> {
                            it.promised(B1);
                            it.accepted(Batches.entries(Batch.MEMBERSHIP, B1, 1, "members"));
                            it.membership(1, new UnsafeBuffer("members".getBytes(US_ASCII)), 0, 7);
                            it.committed(B1, 1);
                            it.accepted(Batches.commands(B1, 2, "two"));
                            it.accepted(Batches.commands(B1, 3, "three"));
                            it.remembered(OTHER, 3L << 32, 9);
                            it.committed(B1, 3);
                            it.promised(B2);
                        });
        secondRun =
                run(
                        it -> {
                            it.accepted(Batches.commands(B2, 4, "four"));
                            it.accepted(Batches.commands(B2, 5, "five"));
                            it.committed(B2, 5);
                            it.remembered(OTHER, 4L << 32, 10);
                            it.accepted(Batches.commands(B2, 6, "six"));
                            copy(it);
                            it.accepted(Batches.commands(B2, 7, "seven"));
                            it.accepted(Batches.commands(B2, 8, "eight"));
                        });
    }

    private void copy(ChronicleJournal journal) {
        journal.endTurn();
        TestJournal.await(() -> journal.syncedPosition() >= journal.appendedPosition());
        try {
            Trees.copy(directory, olderCopy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long run(Consumer<ChronicleJournal> work) {
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(new RecordedText());
            work.accept(journal.get());
            return journal.get().runs().current();
        }
    }

    private static List<Found> records(Path directory, String file) throws IOException {
        List<Found> found = new ArrayList<>();
        TestJournal.forEachRecord(
                directory,
                file,
                cursor -> {
                    int end = cursor.offset() + cursor.header().recordBytes();
                    found.add(new Found(cursor.offset(), end, cursor.fields().recordType()));
                });
        return found;
    }

    private static void wipe(Path directory, String file, int from, int to) throws IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve(file));
        Arrays.fill(bytes, from, to, (byte) 0);
        Files.write(directory.resolve(file), bytes);
    }

    /** Wipes some records of a file, looks what a start makes of it, and puts all back. */
    private void withHoles(Path of, String file, Looker looker) throws IOException {
        Path newest = directory;
        directory = of;
        List<Found> records = records(of, file);
        int end = records.size() - 1;
        for (int from = 0; from <= end; from++) {
            for (int last : new TreeSet<>(List.of(from, Math.min(from + 3, end), end))) {
                Path whole = temp.resolve("whole");
                Trees.copy(of, whole);
                wipe(of, file, records.get(from).offset, records.get(last).end);
                looker.look(records, from, last);
                Trees.delete(of);
                Files.move(whole, of);
            }
        }
        directory = newest;
    }

    @FunctionalInterface
    private interface Looker {
        void look(List<Found> records, int from, int last) throws IOException;
    }

    private TestJournal recover() {
        TestJournal journal = TestJournal.open(directory);
        heard.lines().clear();
        journal.get().recover(heard);
        return journal;
    }

    @Test
    void whateverIsLostInTheFirstFileAllThatWasToldIsHeld() throws IOException {
        withHoles(
                directory,
                FIRST,
                (records, from, last) -> {
                    for (int start = from == last ? 0 : 1; start < 2; start++) {
                        requireHeld("records %d to %d".formatted(from, last), IN_ALL);
                    }
                });
    }

    /** Up to its end it looks as if it had not been written: then it is not held. */
    @Test
    void whatIsLostInTheLastFileIsHeldAsLongAsARecordBehindItTells() throws IOException {
        withHoles(
                directory,
                SECOND,
                (records, from, last) -> {
                    String what = "records %d to %d".formatted(from, last);
                    boolean isProven = last < records.size() - 1;
                    long left = records.subList(0, from).stream().filter(Found::isCounted).count();
                    for (int start = from == last ? 0 : 1; start < 2; start++) {
                        requireHeld(what, isProven ? IN_ALL : IN_FIRST + left);
                    }
                });
    }

    private void requireHeld(String what, long records) {
        try (TestJournal journal = recover()) {
            Runs runs = journal.get().runs();
            assertThat(runs.heldUpTo(firstRun, 0)).as(what).isEqualTo(IN_FIRST);
            assertThat(runs.heldUpTo(secondRun, 0)).as(what).isEqualTo(records);
            assertThat(journal.get().records()).as(what).isEqualTo(records);
        }
    }

    @Test
    void aDamagedOldCopyHoldsNoMoreThanAWholeOne() throws IOException {
        for (String file : List.of(FIRST, SECOND)) {
            withHoles(
                    olderCopy,
                    file,
                    (records, from, last) -> {
                        try (TestJournal journal = recover()) {
                            assertThat(journal.get().runs().heldUpTo(secondRun, 0))
                                    .as("%s, records %d to %d", file, from, last)
                                    .isLessThanOrEqualTo(IN_ALL - 2);
                        }
                    });
        }
    }

    /**
     * The second copy was written with the promise, which is lost as if it had not been written.
     */
    @Test
    void whereVotesAreLostTheSecondCopyCountsToo() throws IOException {
        List<Found> records = recordsOfAThirdRun();
        wipe(directory, THIRD, records.get(1).offset, records.get(1).end);
        wipe(directory, THIRD, records.get(4).offset, records.get(4).end);

        try (TestJournal journal = recover()) {
            assertThat(heard.lines()).anyMatch(line -> line.startsWith("returning"));
            assertThat(journal.get().runs().heldUpTo(firstRun, 0)).isEqualTo(IN_FIRST);
            assertThat(journal.get().runs().heldUpTo(thirdRun, 0)).isEqualTo(IN_ALL + 4);
        }
    }

    /** Slots 9 to 11 are accepted, then a ballot is promised; each is forced before the next. */
    private List<Found> recordsOfAThirdRun() throws IOException {
        try (TestJournal journal = recover()) {
            for (int slot = 9; slot <= 11; slot++) {
                journal.get().accepted(Batches.commands(B2, slot, "more"));
                journal.sync();
            }
            journal.get().promised(Ballot.of(3, 1));
            journal.sync();
            thirdRun = journal.get().runs().current();
            journal.kill();
        }
        return records(directory, THIRD);
    }

    /** Whoever puts back the journal alone puts back an old copy. */
    @Test
    void anOldJournalBesideANewerSecondCopyHoldsNoMoreForThat() throws IOException {
        Path newest = temp.resolve("newest");
        recordsOfAThirdRun();
        Files.move(directory, newest);
        Files.move(olderCopy, directory);
        Files.copy(
                newest.resolve(StandingCopy.FILE),
                directory.resolve(StandingCopy.FILE),
                REPLACE_EXISTING);

        try (TestJournal journal = recover()) {
            assertThat(journal.get().runs().heldUpTo(thirdRun, 0)).isEqualTo(IN_ALL - 2);
        }
    }

    /** What a start writes of itself is no record that anybody was told of. */
    @Test
    void anOldCopyThatMayHaveForgottenHoldsNoMoreForThat() {
        directory = temp.resolve("async");
        try (TestJournal journal = TestJournal.open(async("one"), TestJournal.CACHE)) {
            journal.get().recover(new RecordedText());
            journal.get().membership(1, new UnsafeBuffer(new byte[] {1}), 0, 1);
            journal.sync();
            firstRun = journal.get().runs().current();
            journal.kill();
        }
        try (TestJournal journal = TestJournal.open(async("two"), TestJournal.CACHE)) {
            journal.get().recover(heard);

            assertThat(heard.lines()).anyMatch(line -> line.startsWith("returning"));
            assertThat(journal.get().runs().heldUpTo(firstRun, 9)).isEqualTo(1);
            assertThat(journal.get().records()).isEqualTo(1);
        }
    }

    private JournalConfig async(String bootId) {
        return new JournalConfig(
                directory,
                TestJournal.NODE,
                Durability.ASYNC,
                JournalConfig.MIN_SEGMENT_BYTES,
                1,
                bootId);
    }

    /** The second copy is as old as the last ballot: what came behind is not taken back. */
    @Test
    void whatIsRememberedOfMembersIsNotTakenBackBehindAGap() throws IOException {
        run(it -> it.remembered(OTHER, 4L << 32, 11));
        List<Found> records = records(directory, "journal/00000003/19700101F.cq4");
        run(it -> it.remembered(OTHER, 4L << 32, 12));
        assertThat(records).isNotEmpty();
        List<Found> first = records(directory, FIRST);
        wipe(directory, FIRST, first.get(3).offset, first.get(3).end);

        recover().close();

        List<String> said =
                heard.lines().stream().filter(line -> line.startsWith("remembered")).toList();
        assertThat(said).last().asString().endsWith("with 12");
    }
}
