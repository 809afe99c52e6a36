package io.paxoslog.core;

import org.agrona.collections.LongArrayList;

/**
 * The runs of a node, as its journal tells them: each start of the node on its directory is one.
 * For each it says how many records the journal held when it began, of all there ever were; records
 * that are on stable storage keep their number for good, whatever becomes of their files.
 *
 * <p>A run is a {@code long}: 31 bits that rise by one with each start, then 32 bits that no other
 * start has, so that two starts from copies of one directory are not taken for one. Not
 * thread-safe.
 */
public final class Runs {
    /** No run: of a node that does not say. */
    public static final long NONE = 0;

    /** As many are kept, the latest. */
    public static final int MOST = 512;

    /** Up to where a journal holds a run that it does not know. */
    public static final long NOT_HELD = -1;

    private static final int TAG_BITS = 32;

    private final LongArrayList runs = new LongArrayList();
    private final LongArrayList firstRecords = new LongArrayList();

    /** Forgets all of it. */
    public void clear() {
        runs.clear();
        firstRecords.clear();
    }

    /**
     * A new run begins.
     *
     * @param tag what no other start has; its lowest 32 bits count
     * @param records how many records the journal holds
     */
    public void begin(long tag, long records) {
        long number = (current() >>> TAG_BITS) + 1;
        add((number << TAG_BITS) | (tag & 0xFFFF_FFFFL), records);
    }

    /** The journal says that this run began when it held so many records. */
    public void add(long run, long records) {
        if (runs.size() == MOST) {
            runs.removeAt(0);
            firstRecords.removeAt(0);
        }
        runs.addLong(run);
        firstRecords.addLong(records);
    }

    /** Another place of the same directory says these; whichever is later holds the other. */
    public void take(Runs others) {
        if (number(others.current()) <= number(current())) {
            return;
        }
        clear();
        for (int i = 0; i < others.size(); i++) {
            add(others.run(i), others.firstRecord(i));
        }
    }

    /** The latest; {@link #NONE} when there is none. */
    public long current() {
        return runs.isEmpty() ? NONE : runs.getLong(runs.size() - 1);
    }

    /** How many are kept. */
    public int size() {
        return runs.size();
    }

    /** One of those kept, from the oldest on. */
    public long run(int index) {
        return runs.getLong(index);
    }

    /** How many records there were when it began. */
    public long firstRecord(int index) {
        return firstRecords.getLong(index);
    }

    /**
     * How many records the journal holds up to the end of a run.
     *
     * @param now how many it holds now
     * @return {@link #NOT_HELD} for a run that is not of this journal, or older than those that are
     *     kept
     */
    public long heldUpTo(long run, long now) {
        for (int i = 0; i < runs.size(); i++) {
            boolean isLatest = i == runs.size() - 1;
            if (runs.getLong(i) == run) {
                return isLatest ? now : firstRecords.getLong(i + 1);
            }
        }
        return NOT_HELD;
    }

    /**
     * Whether of two words about one member the first says more: of a later run, or of more records
     * in the same.
     */
    public static boolean isLater(long run, long records, long thanRun, long thanRecords) {
        return run == thanRun ? records > thanRecords : number(run) > number(thanRun);
    }

    /** How often the node had started, this time included. */
    public static long number(long run) {
        return run >>> TAG_BITS;
    }
}
