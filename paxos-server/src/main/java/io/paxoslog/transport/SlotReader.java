package io.paxoslog.transport;

import io.paxoslog.core.Batch;
import java.util.function.Consumer;

/** Reads slots back from the journal. */
@FunctionalInterface
public interface SlotReader {
    /**
     * Hands over consecutive slots, the newest record of each, until the last slot wanted, the
     * budget, or the first slot that is not held or cannot be read back: that one is unknown here.
     *
     * @param maxBytes where to stop; at least one record is handed over all the same
     * @return the slot after the last one handed over
     */
    long read(long firstSlot, long lastSlot, int maxBytes, Consumer<Batch> handler);
}
