package io.paxoslog.log;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A journal of small files in a test, that can be left behind as a killed process leaves it. */
final class TestJournal implements AutoCloseable {
    static final int NODE = 3;
    static final String BOOT = "boot-1";

    /** Forces nothing. */
    static final Disk CACHE =
            new FileDisk() {
                @Override
                void force(FileChannel channel, Path file) {}

                @Override
                void force(MappedByteBuffer map, int from, int to, Path file) {}

                @Override
                public void forceNames(Path directory) {}
            };

    private static final long DEADLINE_NS =
            TimeUnit.SECONDS.toNanos(Integer.getInteger("journal.test.deadline.s", 60));

    private final ChronicleJournal journal;

    private TestJournal(ChronicleJournal journal) {
        this.journal = journal;
    }

    static JournalConfig config(Path directory) {
        return new JournalConfig(
                directory, NODE, Durability.SYNC, JournalConfig.MIN_SEGMENT_BYTES, 5, BOOT);
    }

    /** Forces nothing really, for speed: where no power is lost, the page cache will do. */
    static TestJournal open(Path directory) {
        return open(config(directory), CACHE);
    }

    static TestJournal open(JournalConfig config, Disk disk) {
        return open(config, disk, JournalListener.NONE);
    }

    static TestJournal open(JournalConfig config, Disk disk, JournalListener listener) {
        return new TestJournal(ChronicleJournal.open(config, Surroundings.of(disk), listener));
    }

    ChronicleJournal get() {
        return journal;
    }

    /** Returns when everything appended so far is forced. */
    void sync() {
        if (!trySync()) {
            throw new AssertionError("the disk failed");
        }
    }

    /** Returns when everything appended so far is forced, or false when the disk failed. */
    boolean trySync() {
        journal.endTurn();
        long position = journal.appendedPosition();
        await(() -> journal.hasFailed() || journal.syncedPosition() >= position);
        return journal.syncedPosition() >= position;
    }

    /** Goes through the records of one file of a directory, first to last. */
    static void forEachRecord(Path directory, String file, Consumer<RecordCursor> look)
            throws IOException {
        int number = Integer.parseInt(file.substring(8, 16));
        try (MappedSegment segment =
                MappedSegment.open(FileDisk.REAL, number, directory.resolve(file))) {
            long incarnation = Identity.read(FileDisk.REAL, directory).incarnation();
            RecordCursor cursor = new RecordCursor(segment, incarnation);
            while (cursor.next()) {
                look.accept(cursor);
            }
        }
    }

    /** Returns when the condition holds; fails when that takes far too long. */
    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain");
            }
            LockSupport.parkNanos(50_000);
        }
    }

    @Override
    public void close() {
        journal.close();
    }

    /** Leaves the files as they are: no mark, prepared files in place. */
    void kill() {
        journal.abandon();
    }
}
