package io.paxoslog.metrics;

import org.agrona.concurrent.status.AtomicCounter;

/** How applying goes, for operators. Written by the replica thread, read by anybody. */
public final class ApplyCounters {
    /** Type of the first counter; the others follow. */
    public static final int FIRST_TYPE_ID = ReplicaCounters.FIRST_TYPE_ID + 50;

    private final AtomicCounter lagSlots;
    private final AtomicCounter slotInWork;
    private final AtomicCounter inWorkMs;
    private volatile long slotNow;
    private volatile long sinceMs;

    /** Makes the counters of a node. */
    public ApplyCounters(CounterSource source, int node) {
        String suffix = " of node " + node;
        int type = FIRST_TYPE_ID;
        lagSlots = source.counter(type++, "slots chosen and not yet applied" + suffix);
        slotInWork = source.counter(type++, "slot the state machine has for long" + suffix);
        inWorkMs = source.counter(type, "time it has had that slot, ms" + suffix);
    }

    /**
     * How it goes now.
     *
     * @param lag slots that are chosen and not yet applied
     * @param slot which the state machine has had for so long; 0 for none
     */
    public void applying(long lag, long slot, long ms) {
        lagSlots.setRelease(lag);
        if (slot != slotNow || ms != sinceMs) {
            slotNow = slot;
            sinceMs = ms;
            slotInWork.setRelease(slot);
            inWorkMs.setRelease(ms);
        }
    }

    /** The slot that the state machine has had for a second or longer; 0 for none. Any thread. */
    public long slotInWork() {
        return slotNow;
    }

    /** For how long it has had it, in milliseconds; 0 when it has none. Any thread. */
    public long inWorkMs() {
        return sinceMs;
    }
}
