package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Ballot;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In async mode pieces that are full are forced first, and the rest when no more fill up. */
class BackgroundForceTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final int ROUNDS = 20;
    private static final int RECORDS_A_ROUND = 80;

    @TempDir private Path directory;

    /** A part of a file that the syncer forces. */
    private record Range(int from, int to, Path file) {}

    /** Lets one force of the syncer go with each permit. */
    private static final class RangeDisk extends FileDisk {
        private final Semaphore permits = new Semaphore(0);
        private final List<Range> begun = new CopyOnWriteArrayList<>();

        @Override
        void force(MappedByteBuffer map, int from, int to, Path file) throws IOException {
            if (Thread.currentThread().getName().startsWith("journal-syncer")) {
                begun.add(new Range(from, to, file));
                permits.acquireUninterruptibly();
            }
            super.force(map, from, to, file);
        }
    }

    private final RangeDisk disk = new RangeDisk();
    private TestJournal journal;
    private int slot;

    @BeforeEach
    void openAndForceTheBallot() {
        JournalConfig config =
                new JournalConfig(
                        directory,
                        TestJournal.NODE,
                        Durability.ASYNC,
                        4 << 20,
                        1,
                        TestJournal.BOOT);
        journal = TestJournal.open(config, disk);
        journal.get().recover(new RecordedText());
        accept("first");
        disk.permits.release();
        journal.sync();
        disk.begun.clear();
    }

    @AfterEach
    void openTheGateAndStop() {
        disk.permits.release(1 << 20);
        journal.kill();
    }

    private void accept(String text) {
        slot++;
        journal.get().accepted(Batches.commands(B1, slot, text));
    }

    /**
     * More than a piece of records in one turn, so that the syncer never finds that none filled up.
     */
    private void fillPieces(int round) {
        for (int i = 0; i < RECORDS_A_ROUND; i++) {
            accept("x".repeat(900 + 37 * ((round * RECORDS_A_ROUND + i) % 16)));
        }
        journal.get().endTurn();
    }

    @Test
    void whilePiecesFillUpOnlyWholeOnesAreForcedAndCount() throws IOException {
        long[] synced = new long[ROUNDS + 1];
        fillPieces(0);
        for (int round = 1; round <= ROUNDS; round++) {
            int forces = round;
            TestJournal.await(() -> disk.begun.size() == forces);
            synced[round - 1] = journal.get().syncedPosition();
            fillPieces(round);
            disk.permits.release();
        }
        TestJournal.await(() -> disk.begun.size() == ROUNDS + 1);
        synced[ROUNDS] = journal.get().syncedPosition();

        NavigableMap<Long, Range> records = records(disk.begun.get(0).file());
        for (int round = 0; round < ROUNDS; round++) {
            int to = disk.begun.get(round).to();
            long counted = synced[round + 1];
            assertThat(to % RecordFile.PIECE_BYTES).isZero();
            assertThat(counted).isGreaterThan(synced[round]);
            // What counts lies below the end of the range, and the range below the last record.
            assertThat(records.lowerEntry(counted).getValue().to()).isLessThanOrEqualTo(to);
            assertThat(records.get(counted).to()).isGreaterThanOrEqualTo(to);
        }
    }

    @Test
    void noByteIsLeftOutBetweenTwoForces() {
        fillPieces(0);
        for (int round = 1; round <= ROUNDS; round++) {
            int forces = round;
            TestJournal.await(() -> disk.begun.size() == forces);
            fillPieces(round);
            disk.permits.release();
        }
        TestJournal.await(() -> disk.begun.size() == ROUNDS + 1);

        for (int i = 1; i < disk.begun.size(); i++) {
            assertThat(disk.begun.get(i).from()).isEqualTo(disk.begun.get(i - 1).to());
        }
    }

    @Test
    void aRecordInAPieceThatDoesNotFillUpIsForcedWhenNoOtherDoes() throws IOException {
        fillPieces(0);
        TestJournal.await(() -> disk.begun.size() == 1);
        disk.permits.release();
        // A whole interval later: nothing came, and what is left is forced all the same.
        TestJournal.await(() -> disk.begun.size() == 2);
        Range rest = disk.begun.get(1);
        assertThat(journal.get().syncedPosition()).isLessThan(journal.get().appendedPosition());
        assertThat(rest.from()).isEqualTo(disk.begun.get(0).to());
        assertThat(rest.to()).isEqualTo(records(rest.file()).lastEntry().getValue().to());

        disk.permits.release();
        long all = journal.get().appendedPosition();
        TestJournal.await(() -> journal.get().syncedPosition() == all);
    }

    /** Where the record lies that begins at a position. */
    private NavigableMap<Long, Range> records(Path file) throws IOException {
        NavigableMap<Long, Range> records = new TreeMap<>();
        try (MappedSegment segment = MappedSegment.open(FileDisk.REAL, 1, file)) {
            RecordCursor cursor = new RecordCursor(segment, journal.get().incarnation());
            while (cursor.next()) {
                int from = cursor.offset();
                int bytes =
                        RecordHeader.aligned(RecordHeader.BYTES + cursor.fields().payloadBytes());
                records.put(cursor.fields().position(), new Range(from, from + bytes, file));
            }
        }
        return records;
    }
}
