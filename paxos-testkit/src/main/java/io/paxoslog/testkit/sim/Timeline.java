package io.paxoslog.testkit.sim;

import java.util.PriorityQueue;

/**
 * Virtual time: what is to happen, in the order in which it happens; what is to happen in the same
 * millisecond happens in the order in which it was planned.
 *
 * <p>The near future is a ring of one list a millisecond, because almost all that is ever planned
 * lies there; a heap keeps the rest until it comes near.
 */
final class Timeline {
    private static final int NEAR_MS = 1024;
    private static final int MASK = NEAR_MS - 1;

    private static final class Entry implements Comparable<Entry> {
        private final long atMs;
        private final long order;
        private final Runnable action;
        private Entry next;

        Entry(long atMs, long order, Runnable action) {
            this.atMs = atMs;
            this.order = order;
            this.action = action;
        }

        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(atMs, other.atMs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final Entry[] first = new Entry[NEAR_MS];
    private final Entry[] last = new Entry[NEAR_MS];
    private final long[] filled = new long[NEAR_MS / Long.SIZE];
    private final PriorityQueue<Entry> far = new PriorityQueue<>();
    private int near;
    private long nowMs;
    private long order;

    long nowMs() {
        return nowMs;
    }

    /** Lets something happen {@code delayMs} from now. */
    void after(long delayMs, Runnable action) {
        Entry entry = new Entry(nowMs + delayMs, order++, action);
        if (delayMs < NEAR_MS) {
            append(entry);
        } else {
            far.add(entry);
        }
    }

    private void append(Entry entry) {
        int at = (int) entry.atMs & MASK;
        if (first[at] == null) {
            first[at] = entry;
            filled[at / Long.SIZE] |= 1L << at;
        } else {
            last[at].next = entry;
        }
        last[at] = entry;
        near++;
    }

    /** Goes to the next thing that happens and does it; false when nothing ever happens again. */
    boolean step() {
        if (near == 0) {
            if (far.isEmpty()) {
                return false;
            }
            moveTo(far.peek().atMs);
        }
        int at = (int) nowMs & MASK;
        if (first[at] == null) {
            moveTo(nowMs + distanceToNext(at));
            at = (int) nowMs & MASK;
        }
        take(at).action.run();
        return true;
    }

    /** What comes near joins the ring before anything else can be planned for its moment. */
    private void moveTo(long atMs) {
        nowMs = atMs;
        while (!far.isEmpty() && far.peek().atMs < atMs + NEAR_MS) {
            append(far.poll());
        }
    }

    private int distanceToNext(int from) {
        int word = from / Long.SIZE;
        long bits = filled[word] >>> from;
        if (bits != 0) {
            return Long.numberOfTrailingZeros(bits);
        }
        int distance = Long.SIZE - from % Long.SIZE;
        while (true) {
            word = (word + 1) % filled.length;
            if (filled[word] != 0) {
                return distance + Long.numberOfTrailingZeros(filled[word]);
            }
            distance += Long.SIZE;
        }
    }

    private Entry take(int at) {
        Entry entry = first[at];
        first[at] = entry.next;
        if (entry.next == null) {
            filled[at / Long.SIZE] &= ~(1L << at);
        }
        near--;
        return entry;
    }
}
