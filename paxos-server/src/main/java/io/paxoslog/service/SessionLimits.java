package io.paxoslog.service;

/**
 * How much sessions may hold. These decide what takes effect, so they must be equal on all nodes of
 * a cluster and never change: {@link #DEFAULT} is what nodes use.
 *
 * @param maxSessions most sessions open at once; opening another is refused
 * @param maxInFlight most commands of a session without a reply the client has
 * @param maxReplyBytes most bytes of one reply
 * @param maxCachedBytes most bytes of replies kept for a session, with 12 bytes for each
 */
public record SessionLimits(
        int maxSessions, int maxInFlight, int maxReplyBytes, int maxCachedBytes) {

    /** 16,384 sessions, 16,384 commands in flight each, replies of 160 KiB and 4 MiB together. */
    public static final SessionLimits DEFAULT =
            new SessionLimits(16 * 1024, 16 * 1024, 160 * 1024, 4 * 1024 * 1024);

    /**
     * Checks what belongs together.
     *
     * @throws IllegalArgumentException naming the limit that is wrong
     */
    public SessionLimits {
        require(maxSessions >= 1, "maxSessions: at least 1, not " + maxSessions);
        require(maxInFlight >= 1, "maxInFlight: at least 1, not " + maxInFlight);
        require(maxReplyBytes >= 0, "maxReplyBytes: at least 0, not " + maxReplyBytes);
        require(
                maxCachedBytes >= maxReplyBytes + ReplyCache.HEADER_BYTES,
                "maxCachedBytes: room for a reply of maxReplyBytes, not " + maxCachedBytes);
    }

    /**
     * Bytes of commands that a client may keep in flight and still have their echoes cached.
     *
     * @return half of {@code maxCachedBytes}, the other half being for what replies add
     */
    public int maxInFlightBytes() {
        return maxCachedBytes / 2;
    }

    private static void require(boolean isRight, String message) {
        if (!isRight) {
            throw new IllegalArgumentException(message);
        }
    }
}
