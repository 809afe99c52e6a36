package io.paxoslog.service;

/**
 * How long sessions live of which nothing is heard, in milliseconds of the agreed stopwatch. These
 * decide what takes effect, so they are equal on all nodes: {@link #DEFAULT} belongs to system
 * version 3. Immutable.
 *
 * @param timeoutMs a session silent for so long expires
 * @param evictableMs only one silent for so long may have to go before, when the table is full
 * @param graceMs no session ends that way before a new leader was in touch for so long
 * @param stepMs the log hears of the stopwatch at least so often; no session ends earlier for it
 */
public record SessionTimes(int timeoutMs, int evictableMs, int graceMs, int stepMs) {
    /** 30 s, 10 s, 5 s after a change of leader, in steps of 1 s. */
    public static final SessionTimes DEFAULT = new SessionTimes(30_000, 10_000, 5_000, 1_000);

    /** A client that may lose its words has so many chances before its session may be evicted. */
    private static final int CHANCES = 4;

    /**
     * Checks what belongs together.
     *
     * @throws IllegalArgumentException when one of them is too short for another
     */
    public SessionTimes {
        if (stepMs < 1 || graceMs < 0 || evictableMs < CHANCES || timeoutMs < evictableMs) {
            throw new IllegalArgumentException(
                    "no times of sessions: %d, %d, %d, %d"
                            .formatted(timeoutMs, evictableMs, graceMs, stepMs));
        }
    }

    /** Who has nothing else to say for so long says that it lives. */
    public int keepAliveMs() {
        return evictableMs / CHANCES;
    }
}
