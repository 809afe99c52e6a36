package io.paxoslog.service;

/**
 * How many events are kept for a session whose client has not taken them. These decide when a
 * session ends, so they are equal on all nodes, whatever is decided about other limits; another
 * build has others only for a higher system version. Immutable.
 *
 * @param keptBytes most bytes of events, with 16 for each
 * @param keptSlots the oldest lies at most so many slots behind the one that is sent
 */
public record EventLimits(int keptBytes, int keptSlots) {
    /** 1 MiB, and 16,777,216 slots: some minutes of a busy log. */
    public static final EventLimits DEFAULT = new EventLimits(1024 * 1024, 16 * 1024 * 1024);

    /**
     * Checks both.
     *
     * @throws IllegalArgumentException when one of them leaves room for nothing
     */
    public EventLimits {
        if (keptBytes < EventQueue.HEADER_BYTES || keptSlots < 0) {
            throw new IllegalArgumentException(
                    "no limits of events: %d bytes, %d slots".formatted(keptBytes, keptSlots));
        }
    }
}
