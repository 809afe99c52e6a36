package io.paxoslog.log;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A journal of small files in a test, that can be left behind as a killed process leaves it. */
final class TestJournal implements AutoCloseable {
    static final int NODE = 3;
    static final String BOOT = "boot-1";

    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);

    private final ChronicleJournal journal;

    private TestJournal(ChronicleJournal journal) {
        this.journal = journal;
    }

    static JournalConfig config(Path directory) {
        return new JournalConfig(
                directory, NODE, Durability.SYNC, JournalConfig.MIN_SEGMENT_BYTES, 5, BOOT);
    }

    static TestJournal open(Path directory) {
        return open(config(directory), Disk.REAL);
    }

    static TestJournal open(JournalConfig config, Disk disk) {
        return new TestJournal(ChronicleJournal.open(config, disk));
    }

    ChronicleJournal get() {
        return journal;
    }

    /** Returns when everything appended so far is forced. */
    void sync() {
        journal.endTurn();
        long deadline = System.nanoTime() + DEADLINE_NS;
        while (journal.syncedPosition() < journal.appendedPosition()) {
            if (journal.hasFailed() || System.nanoTime() > deadline) {
                throw new AssertionError("not synced");
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
