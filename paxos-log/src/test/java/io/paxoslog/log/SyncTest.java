package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Ballot;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * When the journal says that something is synced, and what becomes of a force that fails (scenario
 * 12).
 */
class SyncTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final long B2 = Ballot.of(2, 1);
    private static final long ONE_HOUR_MS = TimeUnit.HOURS.toMillis(1);

    @TempDir private Path directory;

    /** Forces of the syncer, each of which waits for a permit, and fails when told. */
    private static final class GatedDisk extends FileDisk {
        private final Semaphore permits = new Semaphore(0);
        private final List<Path> begun = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger failsAt = new AtomicInteger(Integer.MAX_VALUE);

        @Override
        void force(FileChannel channel, Path file) throws IOException {
            passGate(file);
            super.force(channel, file);
        }

        @Override
        void force(MappedByteBuffer map, int from, int to, Path file) throws IOException {
            passGate(file);
            super.force(map, from, to, file);
        }

        private volatile boolean makesNothing;
        private volatile boolean marksNothing;

        @Override
        public void createFile(Path file) throws IOException {
            if (makesNothing) {
                throw new IOException("Read-only file system");
            }
            super.createFile(file);
        }

        @Override
        public Mark openMark(Path file) throws IOException {
            Mark mark = super.openMark(file);
            return new Mark() {
                @Override
                public void put(boolean isSet) throws IOException {
                    if (marksNothing) {
                        throw new IOException("Read-only file system");
                    }
                    mark.put(isSet);
                }

                @Override
                public void force() throws IOException {
                    if (makesNothing) {
                        throw new IOException("Read-only file system");
                    }
                    mark.force();
                }

                @Override
                public void close() throws IOException {
                    mark.close();
                }
            };
        }

        private void passGate(Path file) throws IOException {
            boolean isRecords = file.toString().endsWith(".cq4");
            if (!isRecords || !Thread.currentThread().getName().startsWith("journal-syncer")) {
                return;
            }
            begun.add(file);
            permits.acquireUninterruptibly();
            if (begun.size() == failsAt.get()) {
                throw new IOException("injected");
            }
        }
    }

    private final GatedDisk disk = new GatedDisk();

    private TestJournal journal;
    private volatile long toldUpTo;

    private final JournalListener listener =
            new JournalListener() {
                @Override
                public void forced() {
                    toldUpTo = journal.get().syncedPosition();
                }
            };

    @AfterEach
    void openTheGateAndStop() {
        disk.permits.release(1 << 20);
        journal.kill();
    }

    private TestJournal open(Durability durability, long intervalMs) {
        journal =
                TestJournal.open(
                        new JournalConfig(
                                directory,
                                TestJournal.NODE,
                                durability,
                                1 << 16,
                                intervalMs,
                                TestJournal.BOOT),
                        disk,
                        listener);
        journal.get().recover(new RecordedText());
        return journal;
    }

    private static void found(TestJournal journal) {
        journal.get().membership(1, new UnsafeBuffer(new byte[] {1}), 0, 1);
    }

    private static void accept(TestJournal journal, int slot) {
        journal.get().accepted(Batches.commands(B1, slot, "slot " + slot));
        journal.get().endTurn();
    }

    @Test
    void saysSyncedOnlyAfterTheForce() {
        open(Durability.SYNC, 5);
        long before = journal.get().syncedPosition();
        accept(journal, 1);
        TestJournal.await(() -> disk.begun.size() == 1);
        assertThat(journal.get().syncedPosition()).isEqualTo(before);

        disk.permits.release(100);
        journal.sync();
        assertThat(journal.get().syncedPosition()).isEqualTo(journal.get().appendedPosition());
    }

    @Test
    void tellsOnceMoreIsSynced() {
        disk.permits.release(100);
        open(Durability.SYNC, 5);
        accept(journal, 1);
        long appended = journal.get().appendedPosition();
        TestJournal.await(() -> toldUpTo >= appended);
    }

    @Test
    void whatCameDuringAForceSharesTheNextOne() {
        open(Durability.SYNC, 5);
        accept(journal, 1);
        long first = journal.get().appendedPosition();
        TestJournal.await(() -> disk.begun.size() == 1);
        for (int slot = 2; slot <= 50; slot++) {
            accept(journal, slot);
        }
        disk.permits.release(1);
        TestJournal.await(() -> disk.begun.size() == 2);
        assertThat(journal.get().syncedPosition()).isEqualTo(first);

        disk.permits.release(1);
        journal.sync();
        assertThat(disk.begun).hasSize(2);
    }

    @Test
    void aFailedForceIsTheLast() {
        disk.permits.release(100);
        open(Durability.SYNC, 5);
        accept(journal, 1);
        journal.sync();
        long synced = journal.get().syncedPosition();
        disk.failsAt.set(disk.begun.size() + 1);
        accept(journal, 2);
        TestJournal.await(() -> journal.get().hasFailed());
        int forces = disk.begun.size();
        accept(journal, 3);
        journal.close();

        assertThat(journal.get().syncedPosition()).isEqualTo(synced);
        assertThat(disk.begun).hasSize(forces);
    }

    @Test
    void anAsyncNodeMayHaveForgottenVotesAfterAFailedForce() {
        disk.permits.release(100);
        open(Durability.ASYNC, 1);
        disk.failsAt.set(disk.begun.size() + 1);
        found(journal);
        accept(journal, 1);
        TestJournal.await(() -> journal.get().hasFailed());
        journal.close();

        assertThat(heardAgain()).endsWith("returning 1.1");
    }

    private List<String> heardAgain() {
        RecordedText heard = new RecordedText();
        try (TestJournal again = TestJournal.open(directory)) {
            again.get().recover(heard);
        }
        return heard.lines();
    }

    @Test
    void aFailedForceIsMarkedThoughTheDiskMakesNoFileAnyMore() {
        disk.permits.release(100);
        open(Durability.ASYNC, 1);
        disk.makesNothing = true;
        disk.failsAt.set(disk.begun.size() + 1);
        found(journal);
        accept(journal, 1);
        TestJournal.await(() -> journal.get().hasFailed());
        assertThat(journal.get().failure()).contains("injected").doesNotContain("mark");
        disk.makesNothing = false;
        journal.kill();

        assertThat(heardAgain()).endsWith("returning 1.1");
    }

    @Test
    void saysSoWhenNotEvenTheMarkOfAFailedForceCanBeWritten() {
        disk.permits.release(100);
        open(Durability.ASYNC, 1);
        disk.makesNothing = true;
        disk.marksNothing = true;
        disk.failsAt.set(disk.begun.size() + 1);
        accept(journal, 1);
        TestJournal.await(() -> journal.get().hasFailed());

        assertThat(journal.get().failure())
                .contains("injected")
                .contains("restart the machine")
                .doesNotContain("\n");
    }

    @Test
    void honoursTheMarkOfEarlierVersions() throws IOException {
        disk.permits.release(100);
        open(Durability.ASYNC, 1);
        found(journal);
        accept(journal, 1);
        journal.kill();
        Files.delete(directory.resolve("force-mark"));
        Files.createFile(directory.resolve("force-failed"));

        assertThat(heardAgain()).endsWith("returning 1.1");
    }

    @Test
    void aDirectoryWithoutAMarkGetsOneBeforeAnythingIsAppended() throws IOException {
        disk.permits.release(100);
        open(Durability.ASYNC, 1);
        journal.close();
        Files.delete(directory.resolve("force-mark"));
        open(Durability.ASYNC, 1);

        assertThat(Files.readAllBytes(directory.resolve("force-mark"))).containsExactly(0);
    }

    @Test
    void aSyncNodeForgetsTheMarkOnceWhatItHoldsIsForcedAgain() throws IOException {
        disk.permits.release(100);
        open(Durability.SYNC, 5);
        disk.failsAt.set(disk.begun.size() + 1);
        accept(journal, 1);
        TestJournal.await(() -> journal.get().hasFailed());
        journal.close();
        assertThat(Files.readAllBytes(directory.resolve("force-mark"))).containsExactly(1);

        open(Durability.SYNC, 5);
        assertThat(Files.readAllBytes(directory.resolve("force-mark"))).containsExactly(0);
    }

    @Test
    void aSyncNodeComesBackAfterAFailedForceWithWhatItSynced() {
        disk.permits.release(100);
        open(Durability.SYNC, 5);
        accept(journal, 1);
        journal.sync();
        disk.failsAt.set(disk.begun.size() + 1);
        accept(journal, 2);
        TestJournal.await(() -> journal.get().hasFailed());
        journal.close();

        RecordedText heard = new RecordedText();
        try (TestJournal again = TestJournal.open(directory)) {
            again.get().recover(heard);
        }
        assertThat(heard.lines().get(0))
                .isEqualTo("accepted " + RecordedText.text(Batches.commands(B1, 1, "slot 1")));
    }

    @Test
    void forcesTheOldFileBeforeAnythingOfTheNewOneCounts() {
        open(Durability.SYNC, 5);
        String filler = "x".repeat(7_000);
        long before = journal.get().syncedPosition();
        for (int slot = 1; slot <= 20; slot++) {
            journal.get().accepted(Batches.commands(B1, slot, filler));
        }
        journal.get().endTurn();
        TestJournal.await(() -> disk.begun.size() == 1);
        assertThat(journal.get().syncedPosition()).isEqualTo(before);
        disk.permits.release(1);
        TestJournal.await(() -> disk.begun.size() == 2);
        long oldEnd = journal.get().syncedPosition();
        assertThat(oldEnd).isGreaterThan(before);
        assertThat(oldEnd).isLessThan(journal.get().appendedPosition());
        assertThat(disk.begun.get(0)).isNotEqualTo(disk.begun.get(1));
        disk.permits.release(1000);
        journal.sync();
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void forcesABallotAtOnceWhateverTheMode(Durability durability) {
        disk.permits.release(100);
        open(durability, ONE_HOUR_MS);
        // The first one may be forced as the syncer begins, at once in any case.
        for (long ballot : new long[] {B1, B2}) {
            journal.get().promised(ballot);
            journal.get().endTurn();
            TestJournal.await(
                    () -> journal.get().syncedPosition() >= journal.get().ballotPosition());
        }
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void forcesAHoldAtOnceWhateverTheMode(Durability durability) {
        disk.permits.release(100);
        open(durability, ONE_HOUR_MS);
        journal.get().held(7, 0);
        assertThat(journal.get().ballotPosition()).isEqualTo(journal.get().appendedPosition());
        journal.get().endTurn();
        TestJournal.await(() -> journal.get().syncedPosition() >= journal.get().ballotPosition());
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void forcesABallotFirstMetInAnAcceptAtOnceWhateverTheMode(Durability durability) {
        disk.permits.release(100);
        open(durability, ONE_HOUR_MS);
        accept(journal, 1);
        assertThat(journal.get().ballotPosition()).isEqualTo(journal.get().appendedPosition());
        TestJournal.await(() -> journal.get().syncedPosition() >= journal.get().ballotPosition());
    }

    @Test
    void asyncForcesValuesInTheBackgroundAlsoAfterALongRest() {
        disk.permits.release(1_000_000);
        open(Durability.ASYNC, 1);
        accept(journal, 1);
        journal.sync();
        // It rests deeply after many intervals in which nothing came.
        TestJournal.await(() -> syncer().getState() == Thread.State.WAITING);
        accept(journal, 2);
        journal.sync();
    }

    @Test
    void inPageCacheNobodyAsksForValues() {
        disk.permits.release(1_000_000);
        open(Durability.PAGE_CACHE, 1);
        accept(journal, 1);
        journal.sync();
        long synced = journal.get().syncedPosition();
        int forces = disk.begun.size();
        for (int slot = 2; slot <= 50; slot++) {
            accept(journal, slot);
        }
        TestJournal.await(() -> syncer().getState() == Thread.State.WAITING);

        assertThat(disk.begun).hasSize(forces);
        assertThat(journal.get().syncedPosition()).isEqualTo(synced);
        journal.get().promised(Ballot.of(2, 1));
        journal.sync();
        assertThat(disk.begun).as("one force for all").hasSize(forces + 1);
    }

    @Test
    void inPageCacheAFullFileIsForcedAndNoMore() {
        disk.permits.release(1_000_000);
        open(Durability.PAGE_CACHE, 1);
        // Its ballot is forced, with all that has come by then: what comes after is left alone.
        accept(journal, 1);
        journal.sync();
        long begin = journal.get().fullFilesPosition();
        int slot = 2;
        while (journal.get().fullFilesPosition() == begin) {
            accept(journal, slot++);
        }
        accept(journal, slot);
        TestJournal.await(
                () -> journal.get().syncedPosition() >= journal.get().fullFilesPosition());
        TestJournal.await(() -> syncer().getState() == Thread.State.WAITING);

        assertThat(journal.get().syncedPosition()).isEqualTo(journal.get().fullFilesPosition());
    }

    @Test
    void inPageCacheACleanStopForcesAll() {
        disk.permits.release(1_000_000);
        open(Durability.PAGE_CACHE, 1);
        accept(journal, 1);
        journal.sync();
        accept(journal, 2);
        int forces = disk.begun.size();
        journal.close();

        assertThat(disk.begun.size()).isGreaterThan(forces);
        assertThat(journal.get().syncedPosition()).isEqualTo(journal.get().appendedPosition());
    }

    private static Thread syncer() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("journal-syncer"))
                .findFirst()
                .orElseThrow();
    }
}
