package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Ballot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a journal says that votes may be lost, and for how long. */
class ReturningTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final long B2 = Ballot.of(2, 1);
    private static final String RETURNING = "returning 2.1";

    @TempDir private Path directory;
    private Durability durability = Durability.ASYNC;

    @Test
    void votesMayBeLostWhenTheMachineWasRestartedWithoutACleanStop() {
        run("boot-1", false, ReturningTest::found);

        assertThat(run("boot-2", false, journal -> {})).endsWith(RETURNING);
    }

    @Test
    void noVotesAreLostByAKillOfTheProcess() {
        run("boot-1", false, ReturningTest::found);

        assertThat(run("boot-1", false, journal -> {})).doesNotContain(RETURNING);
    }

    @Test
    void noVotesAreLostAfterACleanStop() {
        run("boot-1", true, ReturningTest::found);

        assertThat(run("boot-2", false, journal -> {})).doesNotContain(RETURNING);
    }

    @Test
    void aNodeThatKnowsOfNoFoundingHasNoVotesToLose() {
        run("boot-1", false, journal -> journal.promised(B2));

        assertThat(run("boot-2", false, journal -> {})).containsExactly("promised 2.1");
    }

    @Test
    void whereTheOperatingSystemForcesVotesMayBeLostInTheSameWay() {
        durability = Durability.PAGE_CACHE;
        run("boot-1", false, ReturningTest::found);
        assertThat(run("boot-1", true, journal -> {})).as("a kill").doesNotContain(RETURNING);
        assertThat(run("boot-2", false, journal -> {})).as("a stop").doesNotContain(RETURNING);

        assertThat(run("boot-3", false, journal -> {})).endsWith(RETURNING);
    }

    @Test
    void votesMayBeLostWhereNothingIsLeftOfTheLastRun() throws IOException {
        run("boot-1", true, ReturningTest::found);
        run("boot-1", false, journal -> {});
        damageTheLastOpening();

        assertThat(run("boot-2", false, journal -> {})).endsWith(RETURNING);
    }

    @Test
    void staysSoOverACleanStopAndAnotherLossOfPower() {
        run("boot-1", false, ReturningTest::found);
        run("boot-2", true, journal -> journal.promised(Ballot.of(3, 1)));

        assertThat(run("boot-3", false, journal -> {}))
                .containsOnlyOnce(RETURNING)
                .endsWith("promised 3.1");
        assertThat(run("boot-4", false, journal -> {})).containsOnlyOnce(RETURNING);
    }

    @Test
    void whoForgetsAgainReturnsAboveWhatItPromisedSince() {
        run("boot-1", false, ReturningTest::found);
        run("boot-2", false, journal -> journal.promised(Ballot.of(3, 1)));

        assertThat(run("boot-3", false, journal -> {})).endsWith("returning 3.1");
        assertThat(run("boot-4", false, journal -> {})).containsOnlyOnce("returning 3.1");
    }

    @Test
    void endsOnceTheNodeHasReturned() {
        run("boot-1", false, ReturningTest::found);
        run("boot-2", false, journal -> journal.returned(Ballot.of(3, 1)));

        assertThat(run("boot-2", false, journal -> {})).endsWith(RETURNING, "returned 3.1");
        assertThat(run("boot-3", false, journal -> {}))
                .as("after the next loss of power")
                .endsWith(RETURNING, "returned 3.1", RETURNING);
    }

    @Test
    void returningIsForcedLikeABallot() {
        run("boot-1", false, ReturningTest::found);
        run(
                "boot-2",
                false,
                journal -> {
                    journal.returned(Ballot.of(3, 1));
                    assertThat(journal.ballotPosition()).isEqualTo(journal.appendedPosition());
                });
    }

    @Test
    void theFoundingIsForcedLikeABallot() {
        run(
                "boot-1",
                false,
                journal -> {
                    found(journal);
                    assertThat(journal.ballotPosition()).isEqualTo(journal.appendedPosition());
                });
    }

    @Test
    void isNotForgottenByAStartThatForcesEveryValue() {
        run("boot-1", false, ReturningTest::found);
        RecordedText heard = new RecordedText();
        JournalConfig sync = TestJournal.config(directory).withBootId("boot-2");
        try (TestJournal journal = TestJournal.open(sync, TestJournal.CACHE)) {
            journal.get().recover(heard);
        }

        assertThat(heard.lines()).endsWith(RETURNING);
    }

    @Test
    void theMarkOfAFailedForceIsClearedOnlyOnceThatIsWrittenDown() throws IOException {
        run("boot-1", false, ReturningTest::found);
        Path mark = directory.resolve("force-mark");
        Files.write(mark, new byte[] {1});

        assertThat(run("boot-1", false, journal -> {})).endsWith(RETURNING);
        assertThat(Files.readAllBytes(mark)).containsExactly(0);
        assertThat(run("boot-1", false, journal -> {})).containsOnlyOnce(RETURNING);
    }

    private static void found(ChronicleJournal journal) {
        journal.promised(B2);
        journal.accepted(Batches.commands(B1, 2, "two"));
        journal.membership(1, new UnsafeBuffer(new byte[] {1}), 0, 1);
    }

    /** Its head cannot be read then: the file looks as if it had never been written. */
    private void damageTheLastOpening() throws IOException {
        AtomicReference<JournalInspector.Entry> last = new AtomicReference<>();
        JournalInspector.inspect(directory, (entry, batch) -> last.set(entry));
        assertThat(last.get().type()).isEqualTo("opening");
        Path file =
                new SegmentFiles(FileDisk.REAL, directory.resolve("journal"))
                        .file(last.get().segment());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(8), last.get().offset() + 16);
        }
    }

    /** One run in which values are not forced before they are voted for; what it heard first. */
    private List<String> run(String boot, boolean clean, Consumer<ChronicleJournal> work) {
        JournalConfig config =
                new JournalConfig(directory, TestJournal.NODE, durability, 1 << 16, 1, boot);
        RecordedText heard = new RecordedText();
        try (TestJournal journal = TestJournal.open(config, TestJournal.CACHE)) {
            journal.get().recover(heard);
            work.accept(journal.get());
            journal.get().endTurn();
            if (durability != Durability.PAGE_CACHE) {
                journal.sync();
            }
            if (!clean) {
                journal.kill();
            }
        }
        return heard.lines();
    }
}
