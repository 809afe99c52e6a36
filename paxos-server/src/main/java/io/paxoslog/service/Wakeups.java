package io.paxoslog.service;

import io.paxoslog.service.AppliedHash.Outcome;

/**
 * What the state machine does with its timers while it is called. All of it goes into the hash:
 * nodes that set different ones have parted, long before these fire.
 */
final class Wakeups {
    private final AppliedHash hash;
    private Timers timers = new Timers();
    private Stopwatch stopwatch = new Stopwatch();
    private int stepMs;
    private long toldTimeNs = Timers.NEVER;
    private long toldStopwatchMs = Timers.NEVER;
    private boolean isNews;
    private long taken;

    Wakeups(AppliedHash hash) {
        this.hash = hash;
    }

    /** From now on these are set, and this is what durations are measured by. */
    void beginWith(Timers newTimers, Stopwatch newStopwatch, int newStepMs) {
        timers = newTimers;
        stopwatch = newStopwatch;
        stepMs = newStepMs;
        isNews = true;
    }

    /** As {@link Cluster#timerAt}. */
    void timerAt(long timer, long timeNs) {
        set(timer, false, timeNs);
    }

    /** What the stopwatch shows may be one step old, and nothing fires early for it. */
    void timerAfter(long timer, long ms) {
        long from = stopwatch.readingMs() + stepMs;
        set(timer, true, from + Math.min(Math.max(0, ms), Timers.NEVER - from));
    }

    private void set(long timer, boolean isByStopwatch, long due) {
        timers.set(timer, isByStopwatch, due);
        hash.add(Outcome.TIMER_SET, timer);
        hash.add(isByStopwatch ? Outcome.BY_STOPWATCH : Outcome.BY_TIME, due);
    }

    /** As {@link Cluster#cancelTimer}. */
    boolean cancelTimer(long timer) {
        boolean wasSet = timers.cancel(timer);
        hash.add(wasSet ? Outcome.TIMER_CANCELLED : Outcome.NOTHING, timer);
        return wasSet;
    }

    /** Takes the next timer that is due; false when none is. */
    boolean takeDue(long timeNs) {
        PendingTimer due = timers.firstDue(timeNs, stopwatch.readingMs());
        if (due == null) {
            return false;
        }
        taken = due.id();
        timers.cancel(taken);
        hash.add(Outcome.TIMER_FIRED, taken);
        return true;
    }

    /** The number of the timer that was taken last. */
    long taken() {
        return taken;
    }

    /** Whoever leads asked for what is due, or the stopwatch went on: it is to hear again. */
    void isAsked() {
        isNews = true;
    }

    /** Says when the next ones are due, if that was not said yet. */
    void tell(ReplySink to) {
        long timeNs = timers.nextTimeNs();
        long stopwatchMs = timers.nextStopwatchMs();
        if (isNews || timeNs != toldTimeNs || stopwatchMs != toldStopwatchMs) {
            isNews = false;
            toldTimeNs = timeNs;
            toldStopwatchMs = stopwatchMs;
            to.timers(timeNs, stopwatchMs, stopwatch.readingMs());
        }
    }

    Timers timers() {
        return timers;
    }
}
