package io.paxoslog.log;

import io.paxoslog.core.Batch;
import io.paxoslog.log.JournalException.Kind;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The chosen slots in the files of a node, read without its lock: of a stopped node, or of one that
 * runs and may append meanwhile. Used by one thread.
 */
public final class ChosenSlots implements AutoCloseable {
    private final JournalReader reader;
    private final long first;
    private final long last;

    ChosenSlots(JournalReader reader, long first, long last) {
        this.reader = reader;
        this.first = first;
        this.last = last;
    }

    /**
     * Reads what the journal holds so far.
     *
     * @param directory the node's directory
     * @throws JournalException when there is no journal, or it cannot be read
     */
    public static ChosenSlots open(Path directory) {
        return JournalInspector.chosen(directory);
    }

    /** The first slot that is there. */
    public long first() {
        return first;
    }

    /** The commit index when this was opened; below {@link #first} when no slot is there. */
    public long last() {
        return last;
    }

    /**
     * Hands over some of the slots, in order.
     *
     * @param from from {@link #first} on
     * @param to up to {@link #last}
     * @param handler hears batches that are valid during the call
     * @throws JournalException when a slot is missing or cannot be read back
     */
    public void read(long from, long to, Consumer<Batch> handler) {
        long next = reader.readAll(from, to, handler);
        if (next <= to) {
            throw missing(next, reader.damage());
        }
    }

    private JournalException missing(long slot, DamagedRecord damage) {
        if (damage != null && !FileDisk.REAL.exists(damage.file())) {
            return new JournalException(
                    Kind.NOT_WRITABLE,
                    damage.file() + " is gone, as its node may have dropped it: look again");
        }
        return new JournalException(
                Kind.DAMAGED,
                (damage == null ? "slot " + slot + " is missing" : damage)
                        + ", though the commit index is "
                        + last);
    }

    /** Gives the files back. */
    @Override
    public void close() {
        reader.close();
    }
}
