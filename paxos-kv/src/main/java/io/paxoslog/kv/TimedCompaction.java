package io.paxoslog.kv;

import io.paxoslog.service.Cluster;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * Compacts by agreed time: ten times within what is to be kept it notes which revision is the
 * present one, and compacts to the one that was present so long ago.
 */
final class TimedCompaction {
    /** The number of its timer; leases have numbers above. */
    static final long TIMER = 0;

    private static final int PARTS = 10;
    private static final int MOST_MARKS = 2 * PARTS;
    private static final long LEAST_STEP_NS = TimeUnit.SECONDS.toNanos(1);

    /** What revision was the present one at a time. */
    record Mark(long timeNs, long revision) {}

    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private long retainedNs;

    long retainedSeconds() {
        return TimeUnit.NANOSECONDS.toSeconds(retainedNs);
    }

    boolean isOn() {
        return retainedNs > 0;
    }

    /** From now on so much is kept; 0: there is no such bound. */
    void retain(long seconds, long nowNs, KvStore store, Cluster cluster) {
        retainedNs = TimeUnit.SECONDS.toNanos(seconds);
        marks.clear();
        if (isOn()) {
            mark(nowNs, store, cluster);
        } else {
            cluster.cancelTimer(TIMER);
        }
    }

    private void mark(long nowNs, KvStore store, Cluster cluster) {
        if (marks.size() == MOST_MARKS) {
            marks.remove();
        }
        marks.add(new Mark(nowNs, store.revision()));
        cluster.timerAt(TIMER, nowNs + Math.max(LEAST_STEP_NS, retainedNs / PARTS));
    }

    /** Its timer is due. */
    void timer(long nowNs, KvStore store, Cluster cluster) {
        if (!isOn()) {
            return;
        }
        long to = -1;
        while (!marks.isEmpty() && marks.peek().timeNs <= nowNs - retainedNs) {
            to = marks.remove().revision;
        }
        if (to > store.compacted()) {
            store.compact(to);
        }
        mark(nowNs, store, cluster);
    }

    ArrayDeque<Mark> marks() {
        return marks;
    }

    /** As it was written; {@link #marks} come besides. */
    void restore(long seconds) {
        retainedNs = TimeUnit.SECONDS.toNanos(seconds);
    }

    long hash() {
        long hash = ByteHash.mix(retainedNs);
        for (Mark mark : marks) {
            hash = ByteHash.mix(hash + mark.timeNs);
            hash = ByteHash.mix(hash + mark.revision);
        }
        return hash;
    }
}
