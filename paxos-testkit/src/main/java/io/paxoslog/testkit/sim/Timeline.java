package io.paxoslog.testkit.sim;

import java.util.PriorityQueue;

/** Virtual time: what is to happen, in the order in which it happens. */
final class Timeline {
    private record Entry(long atMs, long order, Runnable action) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(atMs, other.atMs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long nowMs;
    private long order;

    long nowMs() {
        return nowMs;
    }

    /** Lets something happen {@code delayMs} from now. */
    void after(long delayMs, Runnable action) {
        entries.add(new Entry(nowMs + delayMs, order++, action));
    }

    /** Goes to the next thing that happens and does it; false when nothing ever happens again. */
    boolean step() {
        Entry entry = entries.poll();
        if (entry == null) {
            return false;
        }
        nowMs = Math.max(nowMs, entry.atMs);
        entry.action.run();
        return true;
    }
}
