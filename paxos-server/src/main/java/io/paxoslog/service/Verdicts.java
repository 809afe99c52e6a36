package io.paxoslog.service;

import io.paxoslog.core.Decision;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.LongHashSet;

/**
 * Which slots a state machine is not given: those that the log skips, and those that its node has
 * promised to hold below until the log decides.
 */
final class Verdicts {
    private static final long NONE = Long.MAX_VALUE;

    private final LongHashSet skipped = new LongHashSet();
    private final Long2LongHashMap decidedAt = new Long2LongHashMap(0);
    private final Long2LongHashMap heldAgainst = new Long2LongHashMap(-1);
    private long firstHeld = NONE;
    private long passedUpTo;

    /** The node has said that it holds below a slot until something is decided above a slot. */
    void held(long slot, long decision) {
        heldAgainst.put(slot, Math.max(decision, heldAgainst.get(slot)));
        findFirstHeld();
    }

    /** A decision about a slot is in force. */
    void decided(long at, Decision.Kind kind, long slot) {
        decidedAt.put(slot, Math.max(at, decidedAt.get(slot)));
        if (kind == Decision.Kind.SKIP) {
            skipped.add(slot);
        }
        findFirstHeld();
    }

    private void findFirstHeld() {
        heldAgainst
                .keySet()
                .removeIf(slot -> decidedAt.get((long) slot) > heldAgainst.get((long) slot));
        heldAgainst.keySet().removeIf(slot -> slot <= passedUpTo);
        firstHeld = NONE;
        Long2LongHashMap.KeyIterator slots = heldAgainst.keySet().iterator();
        while (slots.hasNext()) {
            firstHeld = Math.min(firstHeld, slots.nextValue());
        }
    }

    /** The lowest slot that must not be tried; a slot that is never reached when there is none. */
    long firstHeld() {
        return firstHeld;
    }

    /**
     * It begins behind a slot: holds on slots up to it are over, and it is known which of these
     * were skipped. Returns the lowest that the log skips and that was not; 0 when there is none.
     */
    long passed(long upTo, long[] skippedThere) {
        passedUpTo = upTo;
        findFirstHeld();
        LongHashSet there = new LongHashSet();
        for (long slot : skippedThere) {
            there.add(slot);
        }
        long wrong = 0;
        for (long slot : skippedUpTo(upTo)) {
            wrong = wrong == 0 && !there.contains(slot) ? slot : wrong;
        }
        skipped.addAll(there);
        return wrong;
    }

    /** The slots up to one that the log skips, in their order. */
    long[] skippedUpTo(long slot) {
        return skipped.stream()
                .mapToLong(Long::longValue)
                .filter(s -> s <= slot)
                .sorted()
                .toArray();
    }

    boolean isSkipped(long slot) {
        return skipped.contains(slot);
    }

    /** Slot of the latest decision about a slot; 0 for none. */
    long latestAbout(long slot) {
        return decidedAt.get(slot);
    }
}
