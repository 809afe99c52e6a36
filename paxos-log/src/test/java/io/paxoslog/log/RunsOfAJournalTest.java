package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Runs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a journal says of its runs, and keeps of those of other members. */
class RunsOfAJournalTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final long OTHER = MemberId.of(2, 5);

    @TempDir private Path place;
    private Path directory;
    private Runs runs;

    @BeforeEach
    void takeADirectory() {
        directory = place.resolve("node");
    }

    @Test
    void eachStartIsARunThatBeginsBehindWhatIsFound() {
        run(Durability.SYNC, true, journal -> accept(journal, 1, 3));
        long first = runs.current();
        run(Durability.SYNC, false, journal -> accept(journal, 4, 5));
        long second = runs.current();
        run(Durability.SYNC, true, journal -> {});

        assertThat(Runs.number(first)).isEqualTo(1);
        assertThat(Runs.number(second)).isEqualTo(2);
        assertThat(Runs.number(runs.current())).isEqualTo(3);
        assertThat(runs.heldUpTo(first, 9)).isEqualTo(3);
        assertThat(runs.heldUpTo(second, 9)).isEqualTo(5);
        assertThat(runs.heldUpTo(runs.current(), 9)).isEqualTo(9);
    }

    @Test
    void twoStartsFromCopiesOfOneDirectoryAreTwoRuns() throws IOException {
        run(Durability.SYNC, true, journal -> accept(journal, 1, 3));
        Path copy = place.resolve("copy");
        Trees.copy(directory, copy);
        run(Durability.SYNC, true, journal -> {});
        long one = runs.current();
        directory = copy;
        run(Durability.SYNC, true, journal -> {});

        assertThat(Runs.number(runs.current())).isEqualTo(Runs.number(one));
        assertThat(runs.current()).isNotEqualTo(one);
        assertThat(runs.heldUpTo(one, 9)).isEqualTo(Runs.NOT_HELD);
    }

    @Test
    void countsOnOverFilesThatAreGone() {
        run(Durability.SYNC, false, journal -> accept(journal, 1, 2));
        long first = runs.current();
        run(
                Durability.SYNC,
                true,
                journal -> {
                    fill(journal, 3, 60);
                    keepSnapshot();
                    assertThat(journal.compact(40)).isGreaterThan(3);
                });
        try (TestJournal journal = TestJournal.open(config(Durability.SYNC), TestJournal.CACHE)) {
            journal.get().recover(new RecordedText(), 60);

            assertThat(journal.get().records()).isEqualTo(60);
            assertThat(journal.get().forcedRecords()).isEqualTo(60);
            assertThat(journal.get().runs().heldUpTo(first, 60)).isEqualTo(2);
        }
    }

    @Test
    void whatIsAppendedCountsAsForcedOnlyOnceItIs() {
        try (TestJournal journal =
                TestJournal.open(config(Durability.PAGE_CACHE), TestJournal.CACHE)) {
            ChronicleJournal it = journal.get();
            it.recover(new RecordedText());
            it.promised(B1);
            journal.sync();
            it.forcedRecords();
            assertThat(it.forcedRecords()).isEqualTo(1);

            accept(it, 1, 5);
            it.endTurn();
            it.forcedRecords();
            assertThat(it.forcedRecords()).isEqualTo(1);
            assertThat(it.records()).isEqualTo(6);

            it.promised(Ballot.of(2, 1));
            journal.sync();
            it.forcedRecords();
            assertThat(it.forcedRecords()).isEqualTo(7);
        }
    }

    @Test
    void whatIsRememberedOfMembersIsSaidAgainAlsoFromTheHeadsOfFiles() {
        String known = "remembered " + MemberId.text(OTHER) + " run 7 with 100";
        run(Durability.SYNC, false, journal -> journal.remembered(OTHER, 7, 100));
        assertThat(run(Durability.SYNC, false, journal -> {})).containsExactly(known);
        run(
                Durability.SYNC,
                true,
                journal -> {
                    fill(journal, 1, 60);
                    keepSnapshot();
                    journal.compact(40);
                });

        RecordedText heard = new RecordedText();
        try (TestJournal journal = TestJournal.open(config(Durability.SYNC), TestJournal.CACHE)) {
            journal.get().recover(heard, 60);
        }
        assertThat(heard.lines()).contains(known);
    }

    @Test
    void anotherRunIsForcedLikeABallotAndOneThatGoesOnIsNot() {
        run(
                Durability.ASYNC,
                true,
                journal -> {
                    journal.remembered(OTHER, 7, 100);
                    assertThat(journal.ballotPosition()).isEqualTo(journal.appendedPosition());
                    journal.remembered(OTHER, 7, 101);
                    assertThat(journal.ballotPosition()).isLessThan(journal.appendedPosition());
                    journal.remembered(OTHER, 8, 101);
                    assertThat(journal.ballotPosition()).isEqualTo(journal.appendedPosition());
                });
    }

    private void keepSnapshot() {
        try (Draft draft = SnapshotStore.open(directory, 3).begin(SnapshotStoreTest.head(60))) {
            draft.write(new byte[] {1});
            draft.complete(new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void accept(ChronicleJournal journal, int first, int last) {
        for (int slot = first; slot <= last; slot++) {
            journal.accepted(Batches.commands(B1, slot, "x"));
        }
    }

    /** Over several files. */
    private static void fill(ChronicleJournal journal, int first, int last) {
        String large = "x".repeat(JournalConfig.MIN_SEGMENT_BYTES / 10);
        for (int slot = first; slot <= last; slot++) {
            journal.accepted(Batches.commands(B1, slot, large));
            journal.endTurn();
            TestJournal.await(() -> journal.syncedPosition() >= journal.appendedPosition());
        }
    }

    private JournalConfig config(Durability durability) {
        return new JournalConfig(
                directory,
                TestJournal.NODE,
                durability,
                JournalConfig.MIN_SEGMENT_BYTES,
                1,
                TestJournal.BOOT);
    }

    private List<String> run(
            Durability durability, boolean clean, Consumer<ChronicleJournal> work) {
        RecordedText heard = new RecordedText();
        try (TestJournal journal = TestJournal.open(config(durability), TestJournal.CACHE)) {
            journal.get().recover(heard);
            runs = journal.get().runs();
            work.accept(journal.get());
            journal.get().endTurn();
            if (!clean) {
                journal.kill();
            }
        }
        return heard.lines();
    }
}
