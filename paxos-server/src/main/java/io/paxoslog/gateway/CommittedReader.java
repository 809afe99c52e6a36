package io.paxoslog.gateway;

import io.paxoslog.core.Batch;
import java.util.function.Consumer;

/** Reads slots from the journal for those who tail the log; the journal's reader fits as it is. */
public interface CommittedReader {
    /**
     * Hands over consecutive slots from {@code firstSlot} until {@code lastSlot}, the budget, or
     * the first slot that is not held or cannot be read back.
     *
     * @return the next slot; {@code firstSlot} itself when that one cannot be had here
     */
    long read(long firstSlot, long lastSlot, int maxBytes, Consumer<Batch> handler);

    /** The first slot that the journal still holds; those below are in a snapshot only. */
    default long firstKept() {
        return 1;
    }
}
