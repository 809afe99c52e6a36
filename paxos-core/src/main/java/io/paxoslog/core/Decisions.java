package io.paxoslog.core;

import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.LongHashSet;

/**
 * The decisions that are chosen and in force, by what they are about. The same decisions in the
 * order of their slots are in force or void in the same way on every node.
 */
public final class Decisions {
    /** Most slots that may ever be decided about: each is written into every journal file. */
    static final int MAX_SLOTS = 256;

    private static final long LIMITS = 0;

    private final Long2LongHashMap latest = new Long2LongHashMap(0);
    private final LongHashSet skipped = new LongHashSet();
    private final LongHashSet inForce = new LongHashSet();

    /**
     * A decision is chosen.
     *
     * @param at its slot
     * @return whether it is in force, and was not known before
     */
    public boolean adopt(long at, Decision decision) {
        if (isVoid(decision) || at <= latest.get(decision.slot())) {
            return false;
        }
        recover(at, decision);
        return true;
    }

    /**
     * A journal or a snapshot says that a decision is in force; what it followed need not be there
     * any more.
     */
    public void recover(long at, Decision decision) {
        inForce.add(at);
        latest.put(decision.slot(), Math.max(at, latest.get(decision.slot())));
        if (decision.kind() == Decision.Kind.SKIP) {
            skipped.add(decision.slot());
        }
    }

    /** A skip is the last word about a slot, as some may have passed it since. */
    private boolean isVoid(Decision decision) {
        return latest.get(decision.slot()) != decision.previous() || isSkipped(decision.slot());
    }

    /** Slot of the latest decision about a slot; 0 when there is none. */
    long latestAbout(long slot) {
        return latest.get(slot);
    }

    /** Slot of the latest decision about limits; 0 when there is none. */
    public long latestLimits() {
        return latest.get(LIMITS);
    }

    /** Whether the command at a slot takes no effect. */
    boolean isSkipped(long slot) {
        return skipped.contains(slot);
    }

    /** Whether a decision chosen at a slot came into force. */
    boolean isInForce(long at) {
        return inForce.contains(at);
    }

    /** Whether one more slot can be decided about. */
    boolean hasRoomFor(long slot) {
        return latest.containsKey(slot) || latest.size() < MAX_SLOTS;
    }
}
