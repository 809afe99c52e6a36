package io.paxoslog.service;

/**
 * A timer that is set.
 *
 * @param due when it fires, in nanoseconds of agreed time or milliseconds of the stopwatch
 * @param order of those that fire at the same time the lower comes first
 */
record PendingTimer(long id, boolean isByStopwatch, long due, long order)
        implements Comparable<PendingTimer> {

    @Override
    public int compareTo(PendingTimer other) {
        return due == other.due ? Long.compare(order, other.order) : Long.compare(due, other.due);
    }
}
