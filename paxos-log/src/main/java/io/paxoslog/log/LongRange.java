package io.paxoslog.log;

/** Hears ranges of slots. */
@FunctionalInterface
public interface LongRange {
    /** Slots from one to another, both included. */
    void accept(long firstSlot, long lastSlot);
}
