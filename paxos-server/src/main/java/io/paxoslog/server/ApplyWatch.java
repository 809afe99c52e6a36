package io.paxoslog.server;

import io.paxoslog.metrics.ApplyCounters;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Notices a state machine that does not return, and one that has fallen behind its ring, and says
 * so in log and counters. Belongs to the replica thread.
 */
final class ApplyWatch {
    private final Consumer<String> log;
    private final ApplyCounters counters;
    private final LongFunction<String> reads;
    private final Growing stuck = new Growing();
    private final Growing behind = new Growing();
    private long slot;
    private String read = "";

    /** As below, where nobody reads. */
    ApplyWatch(Consumer<String> log, ApplyCounters counters) {
        this(log, counters, ticket -> "a read");
    }

    /**
     * @param reads which read has a ticket
     */
    ApplyWatch(Consumer<String> log, ApplyCounters counters, LongFunction<String> reads) {
        this.log = log;
        this.counters = counters;
        this.reads = reads;
    }

    /**
     * Looks, once in each tick.
     *
     * @param slotInWork the slot whose command the application has; 0 for none; the ticket of a
     *     query, as a negative number, while it answers one
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
        // A query is of the state at the slot that was applied last.
        long place = slot < 0 ? Math.max(1, applied) : slot;
        counters.applying(
                committed - applied, isStuck ? place : 0, isStuck ? stuck.lastedMs(nowNs) : 0);
    }

    private void watchSlot(long nowNs, long slotInWork) {
        if (slotInWork != slot) {
            long lasted = stuck.lastedMs(nowNs);
            if (stuck.end()) {
                log.accept(
                        slot < 0
                                ? "the state machine took %d ms for %s".formatted(lasted, read)
                                : "the state machine took %d ms at slot %d"
                                        .formatted(lasted, slot));
            }
            slot = slotInWork;
            if (slot != 0) {
                stuck.begin(nowNs);
            }
        } else if (slot < 0 && stuck.isDue(nowNs)) {
            read = reads.apply(-slot);
            log.accept(
                    "the state machine has been answering %s for %d ms; nothing is applied here meanwhile, the node goes on without it"
                            .formatted(read, stuck.lastedMs(nowNs)));
        } else if (slot > 0 && stuck.isDue(nowNs)) {
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
