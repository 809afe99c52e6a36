package io.paxoslog.service;

import java.util.Comparator;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The timers that are set: replicated state, equal on all nodes. Of those of a kind the earliest
 * fires first, and of equal ones that which was set first.
 */
final class Timers {
    /** In place of when something is due: nothing is. */
    static final long NEVER = Long.MAX_VALUE;

    private final Long2ObjectHashMap<PendingTimer> byId = new Long2ObjectHashMap<>();
    private SharedTree<PendingTimer, Boolean> byTime = SharedTree.empty(Comparator.naturalOrder());
    private SharedTree<PendingTimer, Boolean> byStopwatch = byTime;
    private long lastOrder;

    /** Sets a timer, in the place of what is set under its number. */
    void set(long id, boolean isByStopwatch, long due) {
        cancel(id);
        long before = Math.min(due, NEVER - 1);
        PendingTimer timer = new PendingTimer(id, isByStopwatch, before, ++lastOrder);
        byId.put(id, timer);
        if (isByStopwatch) {
            byStopwatch = byStopwatch.with(timer, true);
        } else {
            byTime = byTime.with(timer, true);
        }
    }

    /** Takes one back; false: it was not set. */
    boolean cancel(long id) {
        PendingTimer timer = byId.remove(id);
        if (timer == null) {
            return false;
        }
        if (timer.isByStopwatch()) {
            byStopwatch = byStopwatch.without(timer);
        } else {
            byTime = byTime.without(timer);
        }
        return true;
    }

    boolean isSet(long id) {
        return byId.containsKey(id);
    }

    /** The first that is due by either; null when none is. */
    PendingTimer firstDue(long timeNs, long stopwatchMs) {
        if (nextTimeNs() <= timeNs) {
            return byTime.first();
        }
        return nextStopwatchMs() <= stopwatchMs ? byStopwatch.first() : null;
    }

    /** When the next one by agreed time is due, in nanoseconds, or {@link #NEVER}. */
    long nextTimeNs() {
        return dueOf(byTime.first());
    }

    /** When the next one by the stopwatch is due, in milliseconds, or {@link #NEVER}. */
    long nextStopwatchMs() {
        return dueOf(byStopwatch.first());
    }

    private static long dueOf(PendingTimer timer) {
        return timer == null ? NEVER : timer.due();
    }

    /** Those by agreed time, as they are now whatever comes. */
    SharedTree<PendingTimer, Boolean> byTime() {
        return byTime;
    }

    /** Those by the stopwatch, as they are now whatever comes. */
    SharedTree<PendingTimer, Boolean> byStopwatch() {
        return byStopwatch;
    }

    int size() {
        return byId.size();
    }
}
