package io.paxoslog.service;

import io.paxoslog.codecs.SecretHash;
import org.agrona.DirectBuffer;

/**
 * Hears what applying decided and the session table does not show. Called on every node, whether
 * the client is connected here or not; replies themselves are read from the {@link Session}.
 */
public interface ReplySink {
    /** Why a command took no effect and has no reply. */
    enum Refusal {
        /** A lower sequence is missing: send again from the expected one on. */
        GAP,
        /** The session holds as many replies as it may: collect some, then send again. */
        FULL,
        /**
         * There is no such session any more: a command found none, or it ended without having been
         * asked, as nothing was heard of its client.
         */
        EXPIRED,
        /** The session ends, as the table was full and it was silent for longest. */
        EVICTED,
        /** The session ends, as its client did not take the events that it was sent. */
        SLOW,
        /** The session ends, as a new cluster was founded on the log. */
        REFOUNDED;

        /** Whether there is no session any more. */
        public boolean isEnd() {
            return this != GAP && this != FULL;
        }
    }

    /** Hears nothing. */
    ReplySink NONE =
            new ReplySink() {
                @Override
                public void opened(long nonce, SecretHash secret, long session) {}

                @Override
                public void notOpened(long nonce, SecretHash secret) {}

                @Override
                public void closed(long session) {}

                @Override
                public void refused(long session, long slot, long expected, Refusal why) {}

                @Override
                public void withoutEffect(long slot) {}

                @Override
                public void outcome(
                        long question,
                        CommandFate fate,
                        long slot,
                        DirectBuffer reply,
                        int offset,
                        int length) {}

                @Override
                public void limited(long decidedAt, SessionLimits limits) {}

                @Override
                public void timers(long timeNs, long stopwatchMs, long readingMs) {}

                @Override
                public void overdue(long session, long lastWord) {}
            };

    /** A session was opened for a nonce and the hash of a secret, or was open already. */
    void opened(long nonce, SecretHash secret, long session);

    /** No session was opened: the table is full, or a client with another secret has the nonce. */
    void notOpened(long nonce, SecretHash secret);

    /** A session was closed, or was not open. */
    void closed(long session);

    /**
     * A command took no effect, or a session ends without having been asked.
     *
     * @param slot where that stands in the log
     * @param expected the sequence that would take effect; 0 where there is no session any more
     */
    void refused(long session, long slot, long expected, Refusal why);

    /** The entry of a slot has no effect: refused, repeated, or not to be understood. */
    void withoutEffect(long slot);

    /**
     * What became of a command that was asked about.
     *
     * @param question tells it from others
     * @param slot where the command stands; 0 when that is not kept
     * @param reply holds the reply of {@link CommandFate#APPLIED}; valid during the call only
     */
    void outcome(
            long question, CommandFate fate, long slot, DirectBuffer reply, int offset, int length);

    /**
     * A query stands at a slot, and all below is applied. Said on every node; only the one that
     * proposed it has anything to do.
     *
     * @param asker which start of which node proposed it
     * @param ticket which of its queries it is
     * @param query holds the query; valid during the call only
     */
    default void queried(
            long asker, long ticket, long slot, DirectBuffer query, int offset, int length) {}

    /**
     * What sessions may hold has changed, for everything that is said from here on.
     *
     * @param decidedAt slot of the decision; 0: a state machine starts again, with what held at
     *     first
     */
    void limited(long decidedAt, SessionLimits limits);

    /**
     * When the next timers are due: whoever leads is to have them fired. Said when it changes, and
     * when timers were fired or the stopwatch went on.
     *
     * @param timeNs by agreed time; {@link Long#MAX_VALUE}: none is set
     * @param stopwatchMs by the stopwatch; {@link Long#MAX_VALUE}: none is set
     * @param readingMs what the stopwatch shows
     */
    void timers(long timeNs, long stopwatchMs, long readingMs);

    /**
     * The state machine says that there is news on a topic, which queries may wait for.
     *
     * @param detail what they are to be told of it
     */
    default void news(long topic, long detail) {}

    /**
     * Nothing was heard of a session for its time-out: whoever leads may have it expire. Said again
     * as long as that is so.
     *
     * @param lastWord slot where something of it stands last
     */
    void overdue(long session, long lastWord);
}
