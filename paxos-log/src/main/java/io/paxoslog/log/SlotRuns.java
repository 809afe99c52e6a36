package io.paxoslog.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A set of slots, as runs that do not touch one another: few where few are missing. */
final class SlotRuns {
    /** Slots from one to another, both included. */
    record Run(long first, long last) {}

    private final NavigableMap<Long, Long> runs = new TreeMap<>();

    void add(long first, long last) {
        long from = first;
        long to = last;
        Map.Entry<Long, Long> near = runs.floorEntry(to + 1);
        while (near != null && near.getValue() >= from - 1) {
            from = Math.min(from, near.getKey());
            to = Math.max(to, near.getValue());
            runs.remove(near.getKey());
            near = runs.floorEntry(to + 1);
        }
        runs.put(from, to);
    }

    /** The last slot that follows {@code slot} without a gap; {@code slot} itself if none does. */
    long unbrokenAbove(long slot) {
        long upTo = slot;
        Map.Entry<Long, Long> run = runs.floorEntry(upTo + 1);
        while (run != null && run.getValue() > upTo) {
            upTo = run.getValue();
            run = runs.floorEntry(upTo + 1);
        }
        return upTo;
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    /** Whether one of {@code from..to} is among them. */
    boolean hasAny(long from, long to) {
        Map.Entry<Long, Long> run = runs.floorEntry(to);
        return run != null && run.getValue() >= from;
    }

    /** What of {@code from..to} is not among them. */
    List<Run> gaps(long from, long to) {
        List<Run> gaps = new ArrayList<>();
        long slot = unbrokenAbove(from - 1) + 1;
        while (slot <= to) {
            Long next = runs.higherKey(slot);
            long last = next == null ? to : Math.min(next - 1, to);
            gaps.add(new Run(slot, last));
            slot = unbrokenAbove(last) + 1;
        }
        return gaps;
    }
}
