package io.paxoslog.service;

import io.paxoslog.core.Decision;

/**
 * How much sessions may hold. These decide what takes effect, so they are equal on all nodes of a
 * cluster: {@link #DEFAULT} until an entry of the log says otherwise, from its slot on. These and
 * the bounds below belong to the system versions 1 and 2: another build has others only for a
 * higher one. Immutable.
 *
 * @param maxSessions most sessions open at once; opening another is refused
 * @param maxInFlight most commands of a session without a reply the client has
 * @param maxReplyBytes most bytes of one reply
 * @param maxCachedBytes most bytes of replies kept for a session, with 12 bytes for each
 * @param times how long those live of which nothing is heard; no decision changes that
 * @param events how many events are kept; no decision changes that
 */
public record SessionLimits(
        int maxSessions,
        int maxInFlight,
        int maxReplyBytes,
        int maxCachedBytes,
        SessionTimes times,
        EventLimits events) {

    /** 16,384 sessions, 16,384 commands in flight each, replies of 160 KiB and 4 MiB together. */
    public static final SessionLimits DEFAULT =
            new SessionLimits(16 * 1024, 16 * 1024, 160 * 1024, 4 * 1024 * 1024);

    /** Most sessions that a decision may allow. */
    public static final int MOST_SESSIONS = 1024 * 1024;

    /** Most commands in flight that a decision may allow for a session. */
    public static final int MOST_IN_FLIGHT = 1024 * 1024;

    /**
     * Most bytes of a reply that a decision may allow: rings between threads and streams to clients
     * are made for it, on every node and with every setting.
     */
    public static final int MOST_REPLY_BYTES = 480 * 1024;

    /** Most bytes of kept replies that a decision may allow for a session. */
    public static final int MOST_CACHED_BYTES = 64 * 1024 * 1024;

    /** As above, with {@link SessionTimes#DEFAULT} and {@link EventLimits#DEFAULT}. */
    public SessionLimits(int maxSessions, int maxInFlight, int maxReplyBytes, int maxCachedBytes) {
        this(maxSessions, maxInFlight, maxReplyBytes, maxCachedBytes, SessionTimes.DEFAULT);
    }

    /** As above, with {@link EventLimits#DEFAULT}. */
    public SessionLimits(
            int maxSessions,
            int maxInFlight,
            int maxReplyBytes,
            int maxCachedBytes,
            SessionTimes times) {
        this(maxSessions, maxInFlight, maxReplyBytes, maxCachedBytes, times, EventLimits.DEFAULT);
    }

    /** The same with sessions that live for another time. */
    public SessionLimits with(SessionTimes newTimes) {
        return new SessionLimits(
                maxSessions, maxInFlight, maxReplyBytes, maxCachedBytes, newTimes, events);
    }

    /** The same with other limits of events. */
    public SessionLimits with(EventLimits newEvents) {
        return new SessionLimits(
                maxSessions, maxInFlight, maxReplyBytes, maxCachedBytes, times, newEvents);
    }

    /**
     * What a decision in the log says.
     *
     * @throws IllegalArgumentException naming the limit that is not to be had; on all nodes alike
     */
    public static SessionLimits of(Decision.Limits decided) {
        requireUpTo("sessions", decided.sessions(), 1, MOST_SESSIONS);
        requireUpTo("in-flight", decided.inFlight(), 1, MOST_IN_FLIGHT);
        requireUpTo("reply-bytes", decided.replyBytes(), 0, MOST_REPLY_BYTES);
        int least = decided.replyBytes() + ReplyCache.HEADER_BYTES;
        requireUpTo("cached-bytes", decided.cachedBytes(), least, MOST_CACHED_BYTES);
        return new SessionLimits(
                decided.sessions(),
                decided.inFlight(),
                decided.replyBytes(),
                decided.cachedBytes());
    }

    private static void requireUpTo(String name, int value, int least, int most) {
        require(
                value >= least && value <= most,
                "%s: %d to %d, not %d".formatted(name, least, most, value));
    }

    /**
     * What holds once something was decided. What no node may allow is proposed by none; should it
     * stand in the log, nothing changes.
     */
    SessionLimits replacedBy(Decision.Limits decided) {
        try {
            return of(decided).with(times).with(events);
        } catch (IllegalArgumentException e) {
            return this;
        }
    }

    /** As they stand in a decision. */
    public Decision.Limits toDecide() {
        return new Decision.Limits(maxSessions, maxInFlight, maxReplyBytes, maxCachedBytes);
    }

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
