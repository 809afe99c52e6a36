package io.paxoslog.testkit.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The rules of timers as a model: a list, looked through from end to end. */
final class ModelTimers {
    private record Timer(long id, boolean isByStopwatch, long due) {}

    private final List<Timer> inOrderSet = new ArrayList<>();
    private final int stepMs;
    private long timeNs;
    private long stopwatchMs;

    /**
     * @param stepMs what the stopwatch shows may be so old
     */
    ModelTimers(int stepMs) {
        this.stepMs = stepMs;
    }

    /** What agreed time and stopwatch show from here on. */
    void at(long newTimeNs, long newStopwatchMs) {
        timeNs = newTimeNs;
        stopwatchMs = newStopwatchMs;
    }

    void timerAt(long timer, long due) {
        cancelTimer(timer);
        inOrderSet.add(new Timer(timer, false, due));
    }

    void timerAfter(long timer, long ms) {
        cancelTimer(timer);
        inOrderSet.add(new Timer(timer, true, stopwatchMs + stepMs + ms));
    }

    boolean cancelTimer(long timer) {
        return inOrderSet.removeIf(each -> each.id == timer);
    }

    /** Takes the one that fires next, if any is due. */
    Optional<Long> takeDue() {
        Optional<Timer> first =
                inOrderSet.stream()
                        .filter(each -> each.due <= (each.isByStopwatch ? stopwatchMs : timeNs))
                        .min(
                                Comparator.comparing(Timer::isByStopwatch)
                                        .thenComparingLong(Timer::due));
        first.ifPresent(inOrderSet::remove);
        return first.map(Timer::id);
    }

    /**
     * Timers that a leader must have fired before long: agreed time may stand, where clocks were
     * set back, and the stopwatch goes on.
     */
    int owed() {
        return (int)
                inOrderSet.stream()
                        .filter(each -> each.isByStopwatch || each.due <= timeNs)
                        .count();
    }
}
