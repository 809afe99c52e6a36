package io.paxoslog.server;

import io.paxoslog.metrics.ApplyCounters;
import java.util.function.Consumer;

/**
 * Notices a state machine that does not return, and one that has fallen behind its ring, and says
 * so in log and counters. Belongs to the replica thread.
 */
final class ApplyWatch {
    private final Consumer<String> log;
    private final ApplyCounters counters;
    private final Growing stuck = new Growing();
    private final Growing behind = new Growing();
    private long slot;

    ApplyWatch(Consumer<String> log, ApplyCounters counters) {
        this.log = log;
        this.counters = counters;
    }

    /**
     * Looks, once in each tick.
     *
     * @param slotInWork the slot whose command the application has; 0 for none
     * @param isBehind whether what was chosen did not fit the ring, and is read again
     * @param unreadableAt the slot that the journal does not give back for it; 0 for none
     */
    void onTick(
            long nowNs,
            long committed,
            long applied,
            long slotInWork,
            boolean isBehind,
            long unreadableAt) {
        watchSlot(nowNs, slotInWork);
        watchLag(nowNs, committed, applied, isBehind, unreadableAt);
        boolean isStuck = stuck.isLong(nowNs);
        counters.applying(
                committed - applied, isStuck ? slot : 0, isStuck ? stuck.lastedMs(nowNs) : 0);
    }

    private void watchSlot(long nowNs, long slotInWork) {
        if (slotInWork != slot) {
            long lasted = stuck.lastedMs(nowNs);
            if (stuck.end()) {
                log.accept("the state machine took %d ms at slot %d".formatted(lasted, slot));
            }
            slot = slotInWork;
            if (slot != 0) {
                stuck.begin(nowNs);
            }
        } else if (stuck.isDue(nowNs)) {
            log.accept(
                    "the state machine has been at slot %d for %d ms; the node goes on without it"
                            .formatted(slot, stuck.lastedMs(nowNs)));
        }
    }

    private void watchLag(
            long nowNs, long committed, long applied, boolean isBehind, long unreadableAt) {
        if (isBehind && !behind.isOn()) {
            behind.begin(nowNs);
        } else if (behind.isDue(nowNs)) {
            log.accept(
                    "the state machine is behind: slot %d of %d is applied%s"
                            .formatted(applied, committed, reason(unreadableAt)));
        }
        if (!isBehind && behind.end()) {
            log.accept("the state machine has what is chosen at hand again, at slot " + applied);
        }
    }

    private static String reason(long unreadableAt) {
        return unreadableAt == 0
                ? ""
                : "; the journal does not give slot %d back, other nodes are asked for it"
                        .formatted(unreadableAt);
    }

    /** The application has kept the replica thread itself for so long. */
    void heldUp(long ms, long upToSlot) {
        log.accept(
                "the state machine held the replica thread up for %d ms, up to slot %d"
                        .formatted(ms, upToSlot));
    }
}
