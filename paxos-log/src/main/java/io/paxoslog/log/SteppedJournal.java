package io.paxoslog.log;

import java.util.function.LongSupplier;

/**
 * A {@link ChronicleJournal} without threads, clock and chance, on a disk of the caller's: for test
 * kits that play it under a simulated one. Whoever holds it does the work of its threads, step by
 * step. Not thread-safe.
 */
public final class SteppedJournal {
    private final ChronicleJournal journal;

    private SteppedJournal(ChronicleJournal journal) {
        this.journal = journal;
    }

    /**
     * As {@link ChronicleJournal#open}, on another disk.
     *
     * @param timestamps nanoseconds since 1970; none is given twice
     * @param incarnations asked when the directory is new
     * @throws JournalException saying what is wrong and what to do
     */
    public static SteppedJournal open(
            JournalConfig config, Disk disk, LongSupplier timestamps, LongSupplier incarnations) {
        Surroundings surroundings = new Surroundings(disk, timestamps, incarnations, false);
        return new SteppedJournal(ChronicleJournal.open(config, surroundings));
    }

    /** The journal itself. */
    public ChronicleJournal journal() {
        return journal;
    }

    /**
     * What the syncer does between two waits: forces what was appended up to a position. Does
     * nothing once a force has failed.
     */
    public void syncTo(long position) {
        if (!journal.hasFailed()) {
            journal.syncTo(position);
        }
    }

    /** What the preparer does between two waits: makes the next segment, when it is asked for. */
    public void prepare() {
        journal.prepare();
    }

    /**
     * What is done while time passes: a segment that could not be made is tried again, and one look
     * is taken at the room that there is.
     */
    public void lookForRoom() {
        journal.retry();
        journal.lookForRoom();
    }

    /** Leaves the files as a killed process does. */
    public void abandon() {
        journal.abandon();
    }
}
